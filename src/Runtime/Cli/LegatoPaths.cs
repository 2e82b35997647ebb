namespace Legato.Runtime.Cli;

/// <summary>Where things lie.</summary>
/// <param name="Root">The repository: songs and configurations are its folders.</param>
internal sealed record LegatoPaths(string Root)
{
    /// <summary>Environment variable that puts the run folders elsewhere.</summary>
    public const string RunsVariable = "LEGATO_RUNS";

    /// <summary>Environment variable that puts the policy bundles elsewhere.</summary>
    public const string PoliciesVariable = "LEGATO_POLICIES";

    /// <summary>Environment variable that puts calibrations and their ledger elsewhere.</summary>
    public const string CalibrationsVariable = "LEGATO_CALIBRATIONS";

    /// <summary>Run folders.</summary>
    public string Runs { get; init; } = Path.Combine(Root, "runs");

    /// <summary>Policy bundles.</summary>
    public string Policies { get; init; } = Path.Combine(Root, "policies");

    /// <summary>Calibrations, and the ledger that says which one is current.</summary>
    public string Calibrations { get; init; } = Path.Combine(Root, "calibrations");

    /// <summary>Improvement loops: state, policies, calibrations, reports.</summary>
    public string Loops { get; init; } = Path.Combine(Root, "loops");

    /// <summary>Songs that go by name.</summary>
    public string Songs { get; init; } = Path.Combine(Root, "songs");

    /// <summary>Robots, limits, parameters, realities.</summary>
    public string Config => Path.Combine(Root, "hardware", "config");

    /// <summary>The launcher's own state, and crash logs.</summary>
    public string State => Path.Combine(Root, ".legato");

    /// <summary>Finds the repository that a program was built in (the working directory where it was moved elsewhere), and asks the environment.</summary>
    public static LegatoPaths Find()
    {
        var paths = new LegatoPaths(FindRoot());
        return paths with
        {
            Runs = FromEnvironment(RunsVariable) ?? paths.Runs,
            Policies = FromEnvironment(PoliciesVariable) ?? paths.Policies,
            Calibrations = FromEnvironment(CalibrationsVariable) ?? paths.Calibrations,
        };
    }

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Robot.sln")))
                return folder;
        }
        return Environment.CurrentDirectory;
    }

    private static string? FromEnvironment(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;
}
