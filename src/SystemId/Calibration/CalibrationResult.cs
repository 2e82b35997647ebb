using Legato.Sim;
using Legato.Sim.Parameters;

namespace Legato.SystemId.Calibration;

/// <summary>What a calibration found.</summary>
/// <remarks>Immutable as long as nobody changes its lists; thread-safe then.</remarks>
public sealed record CalibrationResult
{
    /// <summary>The start's parameters with everything that was fitted.</summary>
    public required SimParameters Parameters { get; init; }

    /// <summary>Every parameter of the choice, in the order of the stages; frozen ones too.</summary>
    public required IReadOnlyList<ParameterEstimate> Estimates { get; init; }

    /// <summary>Those that were fitted, in the same order: rows and columns of <see cref="Correlation"/>.</summary>
    public required IReadOnlyList<string> Fitted { get; init; }

    /// <summary>Correlations of the fitted parameters, −1..1; 0 between different stages.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Correlation { get; init; }

    /// <summary>Names of parameters of which the data know only a combination, most important first.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> NullDirections { get; init; }

    /// <summary>Pairs of fitted parameters that err together: correlated by 0.9 or more.</summary>
    public required IReadOnlyList<EntangledPair> Entangled { get; init; }

    /// <summary>Errors of the drives, where they move freely, before and after.</summary>
    public required IReadOnlyList<DriveRms> Drives { get; init; }

    /// <summary>Errors of key events before and after; null where keys were left out.</summary>
    public required KeyTimingErrors? Keys { get; init; }

    /// <summary>What was left out and why, bounds that were hit.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How often the chosen data were simulated.</summary>
    public required int RollOuts { get; init; }
}

/// <summary>One parameter after a calibration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit; <c>1</c> for a scale.</param>
/// <param name="PriorMean">What was believed before.</param>
/// <param name="PriorSd">How much was doubted.</param>
/// <param name="Estimate">What came out; what was believed where it is frozen.</param>
/// <param name="HalfWidth95">Half the width of its 95 % interval; 0 where it is frozen.</param>
/// <param name="AtBound">Whether it lies at an end of its range: then the interval means little.</param>
/// <param name="Frozen">Why it was not fitted; null where it was.</param>
public sealed record ParameterEstimate(string Name, string Unit, double PriorMean, double PriorSd, double Estimate, double HalfWidth95, bool AtBound, string? Frozen)
{
    /// <summary>Lower end of the 95 % interval.</summary>
    public double Low95 => Estimate - HalfWidth95;

    /// <summary>Upper end of the 95 % interval.</summary>
    public double High95 => Estimate + HalfWidth95;
}

/// <summary>Two parameters that err together.</summary>
/// <param name="First">One.</param>
/// <param name="Second">The other.</param>
/// <param name="Correlation">−1..1.</param>
public readonly record struct EntangledPair(string First, string Second, double Correlation);

/// <summary>Root mean square of the errors of what a drive's own sensor sees.</summary>
/// <param name="Drive">Name of the drive.</param>
/// <param name="Unit">Unit of the errors.</param>
/// <param name="Noise">What the encoder's noise alone makes.</param>
/// <param name="Before">With the start's parameters.</param>
/// <param name="After">With the estimate.</param>
public readonly record struct DriveRms(string Drive, JointUnit Unit, double Noise, double Before, double After);

/// <summary>How late simulated keys are against those heard.</summary>
/// <param name="Events">Events compared.</param>
/// <param name="UnansweredBefore">How many of them the start's parameters do not bring.</param>
/// <param name="UnansweredAfter">How many the estimate does not bring.</param>
/// <param name="Before">Lateness of the others with the start's parameters, s.</param>
/// <param name="After">The same with the estimate.</param>
public sealed record KeyTimingErrors(int Events, int UnansweredBefore, int UnansweredAfter, IReadOnlyList<double> Before, IReadOnlyList<double> After);
