namespace Legato.SystemId.Reports;

/// <summary>What a calibration found, as its report shows it. Filled by whoever fitted.</summary>
/// <remarks>Plain data; immutable as long as nobody changes its lists.</remarks>
public sealed record CalibrationReport
{
    /// <summary>Name of the calibration.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the robot.</summary>
    public required string Robot { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>One or two sentences: what came out and whether it can be trusted.</summary>
    public required string Summary { get; init; }

    /// <summary>What a reader must know first: findings of the check, bounds that were hit, ...</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Every parameter of the choice, in order; frozen ones too.</summary>
    public required IReadOnlyList<ReportedParameter> Parameters { get; init; }

    /// <summary>Correlations of the estimates of those parameters that are not frozen, in the same order; empty for none.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Correlations { get; init; } = [];

    /// <summary>Joints measured against simulated, before and after.</summary>
    public IReadOnlyList<JointOverlay> Overlays { get; init; } = [];

    /// <summary>How large the errors of each joint are, before and after.</summary>
    public IReadOnlyList<JointError> Errors { get; init; } = [];

    /// <summary>Residuals in standard deviations of the noise, before; may be empty.</summary>
    public IReadOnlyList<double> ResidualsBefore { get; init; } = [];

    /// <summary>The same after.</summary>
    public IReadOnlyList<double> ResidualsAfter { get; init; } = [];

    /// <summary>Recorded key events less simulated ones, before: s. Events that only one side has are left out.</summary>
    public IReadOnlyList<double> KeyTimingBefore { get; init; } = [];

    /// <summary>The same after.</summary>
    public IReadOnlyList<double> KeyTimingAfter { get; init; } = [];
}

/// <summary>A parameter in the report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit; <c>1</c> for a scale.</param>
/// <param name="Prior">What was believed before.</param>
/// <param name="Estimate">What came out; the prior where it is frozen.</param>
/// <param name="HalfWidth95">Half the width of its 95 % interval; 0 where it is frozen.</param>
/// <param name="AtBound">Whether the estimate lies at an end of its range.</param>
/// <param name="Frozen">Why it stayed at its prior; null where it was fitted.</param>
public sealed record ReportedParameter(string Name, string Unit, double Prior, double Estimate, double HalfWidth95, bool AtBound, string? Frozen);

/// <summary>A stretch of one joint's motion. All lists have one entry per time.</summary>
/// <param name="Joint">Name of the joint.</param>
/// <param name="Unit">Unit of the positions.</param>
/// <param name="Times">Seconds, rising.</param>
/// <param name="Measured">Positions measured.</param>
/// <param name="Before">Positions simulated with the prior.</param>
/// <param name="After">Positions simulated with the estimate.</param>
public sealed record JointOverlay(string Joint, string Unit, IReadOnlyList<double> Times, IReadOnlyList<double> Measured, IReadOnlyList<double> Before, IReadOnlyList<double> After);

/// <summary>Root mean square of a joint's errors.</summary>
/// <param name="Joint">Name of the joint.</param>
/// <param name="Before">With the prior, in standard deviations of the noise.</param>
/// <param name="After">With the estimate, in the same.</param>
public sealed record JointError(string Joint, double Before, double After);
