namespace Legato.Runtime.Doctor;

/// <summary>How a check came out.</summary>
public enum CheckStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but worse than it could; or a device that this machine may do without.</summary>
    Warning,

    /// <summary>Nothing plays without it.</summary>
    Failed,
}

/// <summary>Result of one check.</summary>
/// <param name="Status">How it came out.</param>
/// <param name="Value">What was found.</param>
/// <param name="Fix">What to do about it, where something is to be done: a command wherever there is one.</param>
public readonly record struct CheckResult(CheckStatus Status, string Value, string? Fix = null)
{
    /// <summary>As it should be.</summary>
    public static CheckResult Ok(string value) => new(CheckStatus.Ok, value);

    /// <summary>Worse than it could be.</summary>
    public static CheckResult Warning(string value, string fix) => new(CheckStatus.Warning, value, fix);

    /// <summary>Nothing plays without it.</summary>
    public static CheckResult Failed(string value, string fix) => new(CheckStatus.Failed, value, fix);
}

/// <summary>Looks at one thing that a run depends on. What it looks through is handed to its constructor.</summary>
public interface ICheck
{
    /// <summary>Short name of the thing.</summary>
    string Name { get; }

    /// <summary>Looks.</summary>
    CheckResult Run();
}
