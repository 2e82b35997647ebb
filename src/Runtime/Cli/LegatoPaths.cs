namespace Legato.Runtime.Cli;

/// <summary>Where things lie.</summary>
/// <param name="Root">The repository: songs, configurations, runs and policies are its folders.</param>
internal sealed record LegatoPaths(string Root)
{
    /// <summary>Run folders.</summary>
    public string Runs => Path.Combine(Root, "runs");

    /// <summary>Policy bundles.</summary>
    public string Policies => Path.Combine(Root, "policies");

    /// <summary>Songs that go by name.</summary>
    public string Songs => Path.Combine(Root, "songs");

    /// <summary>Robots, limits, parameters, realities.</summary>
    public string Config => Path.Combine(Root, "hardware", "config");

    /// <summary>The launcher's own state, and crash logs.</summary>
    public string State => Path.Combine(Root, ".legato");

    /// <summary>Finds the repository that a program was built in; the working directory where it was moved elsewhere.</summary>
    public static LegatoPaths Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Robot.sln")))
                return new LegatoPaths(folder);
        }
        return new LegatoPaths(Environment.CurrentDirectory);
    }
}
