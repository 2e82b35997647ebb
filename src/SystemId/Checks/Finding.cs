namespace Legato.SystemId.Checks;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Good to know.</summary>
    Note,

    /// <summary>Estimates get worse; the data can be used.</summary>
    Warning,

    /// <summary>The data must not be used.</summary>
    Error,
}

/// <summary>Something that a check found.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Code">What kind of finding it is, for programs: <c>loss</c>, <c>swapped-joints</c>, ...</param>
/// <param name="Message">One line: what was found, where, and what to do.</param>
public sealed record Finding(Severity Severity, string Code, string Message);
