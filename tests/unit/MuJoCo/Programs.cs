using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Legato.Tests.MuJoCo;

/// <summary>Other programs: the C compiler, the binding's generator, this test program.</summary>
internal static class Programs
{
    /// <summary>The binding's source folder.</summary>
    public static string BindingFolder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src/Bindings/MuJoCo.NET"));

    /// <summary>This test program.</summary>
    public static string Self => Path.ChangeExtension(typeof(Programs).Assembly.Location, null);

    /// <summary>Runs a program to its end and returns its exit code and all that it printed.</summary>
    public static (int ExitCode, string Output) Run(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    /// <summary>Runs one test of this program in a process of its own.</summary>
    public static (int ExitCode, string Output) RunTest(Type type, string method, params (string Name, string Value)[] environment) =>
        Run(Self, ["-method", $"{type.FullName}.{method}", "-noColor"], environment);
}
