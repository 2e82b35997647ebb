using System.Diagnostics;
using System.Text.Json;

namespace Legato.Tests.Runtime;

/// <summary>The program as a process of its own: what a shell, a script or a pipe sees of it.</summary>
public class ProgramTests
{
    [Fact]
    public async Task The_doctor_prints_one_object_and_nothing_else()
    {
        (int code, string output, string error) = await Run("doctor", "--json");
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Single(output.TrimEnd('\n').Split('\n'));
        Assert.Equal(document.RootElement.GetProperty("ok").GetBoolean() ? 0 : 2, code);
        Assert.Empty(error);
    }

    [Fact]
    public async Task A_mistyped_verb_is_one_line_on_standard_error_and_exit_code_2()
    {
        (int code, string output, string error) = await Run("docter");
        Assert.Equal((2, ""), (code, output));
        Assert.Equal("legato: no verb 'docter'; did you mean 'doctor'?", error.Split(" (")[0]);
    }

    [Fact]
    public async Task A_bare_call_shows_the_help()
    {
        (int code, string output, string error) = await Run();
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("doctor", output);
    }

    private static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "legato"), args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
