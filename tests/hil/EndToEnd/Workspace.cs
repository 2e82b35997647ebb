using System.Diagnostics;
using System.Text.Json.Nodes;

using Legato.Tests.Processes;

namespace Legato.Tests.EndToEnd;

/// <summary>A folder that the program works in: its runs and policies are there, and relative paths mean it.</summary>
public sealed class Workspace : IDisposable
{
    /// <summary>Longest wait for the program; far beyond what a loaded machine needs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "legato");

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-e2e-").FullName;

    /// <summary>Folder of the runs; absent until there is one.</summary>
    public string Runs => PathOf("runs");

    /// <summary>Folder of the bundles; absent until there is one.</summary>
    public string Policies => PathOf("policies");

    /// <summary>The path of something in the workspace.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Writes a text file and returns its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>Writes the robot that is simulated in the process, and returns its path.</summary>
    public string WriteSimulation() => Write("sim.yaml", "name: sim\nkind: sim\nlimits: simulation\n");

    /// <summary>Writes a robot behind a stand-in with an ideal reality, and returns its path.</summary>
    public string WriteStandIn(int domain, string more = "") => Write("standin.yaml", $"""
        name: standin
        kind: lab
        limits: simulation
        standin: {"{"}reality: {Repository.PathOf("hardware", "config", "realities", "nominal.yaml")}{"}"}
        ros: {"{"}domain: {domain}{"}"}
        keyboard: {"{"}active_sensing: true{"}"}
        {more}
        """);

    /// <summary>Starts the program and returns at once.</summary>
    public ChildProcess Start(params IEnumerable<string> arguments) => Start("C.UTF-8", arguments);

    /// <summary>Runs the program to its end.</summary>
    public Outcome Run(params IEnumerable<string> arguments) => RunIn("C.UTF-8", arguments);

    /// <summary>Runs the program to its end for a user of another country.</summary>
    public Outcome RunIn(string locale, params IEnumerable<string> arguments)
    {
        using ChildProcess process = Start(locale, arguments);
        return Outcome.Of(process);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A rig in a laboratory is flown in the simulator first, which takes longer than these tests have.
    private static IEnumerable<string> WithoutPassport(IReadOnlyList<string> arguments) =>
        arguments is ["play", ..] && !arguments.Contains("--passport") ? [.. arguments, "--passport", "0"] : arguments;

    private ChildProcess Start(string locale, IEnumerable<string> arguments) => ChildProcess.Start(new ProcessStartInfo(Program, WithoutPassport([.. arguments]))
    {
        WorkingDirectory = _folder,
        Environment =
        {
            ["LEGATO_RUNS"] = Runs,
            ["LEGATO_POLICIES"] = Policies,
            ["LC_ALL"] = locale,
            ["LANG"] = locale,
            ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0",
        },
    });
}

/// <summary>How a call of the program ended.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Output">Lines of standard output.</param>
/// <param name="Errors">Lines of standard error.</param>
public sealed record Outcome(int Code, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    /// <summary>The one object on standard output, and nothing else is there.</summary>
    public JsonObject Json => JsonNode.Parse(Assert.Single(Output))!.AsObject();

    /// <summary>Lines of standard error that speak to the user, without logs and progress.</summary>
    public IEnumerable<string> Messages => Errors.Where(line => line.StartsWith("legato: ", StringComparison.Ordinal));

    /// <summary>Waits for the end of the program.</summary>
    public static Outcome Of(ChildProcess process)
    {
        int code = process.WaitForExit(Workspace.Patience);
        return new Outcome(code, process.Output, process.Errors);
    }

    /// <summary>Fails with everything the program said unless it ended with the code.</summary>
    public Outcome Expect(int code)
    {
        Assert.True(Code == code, $"ended with {Code}: {string.Join('\n', Output)}\n{string.Join('\n', Errors)}");
        return this;
    }
}
