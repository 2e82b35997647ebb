namespace Legato.Runtime.Calibration;

/// <summary>What happened to a set of parameters.</summary>
public enum LedgerAction
{
    /// <summary>It was fitted.</summary>
    Fit,

    /// <summary>It was compared with the current one on motions that it was not fitted to.</summary>
    Validate,

    /// <summary>It became current.</summary>
    Promote,

    /// <summary>It became current again, as the one after it was taken back.</summary>
    Rollback,
}

/// <summary>A file that an entry rests on.</summary>
/// <param name="Path">Where it was.</param>
/// <param name="Sha256">Hash of its content.</param>
public sealed record EvidenceFile(string Path, string Sha256);

/// <summary>One line of the ledger.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Action">What happened.</param>
/// <param name="Robot">Name of the robot, as its YAML file says.</param>
/// <param name="Calibration">Name of the calibration; null where parameters became nominal again.</param>
/// <param name="Parameters">SHA-256 of the parameter file; null for nominal parameters.</param>
/// <param name="HoldOut">Errors on hold-out motions, where there are any.</param>
/// <param name="Evidence">Files that it rests on.</param>
/// <param name="Reason">Why, in a person's words; null if nobody was asked.</param>
public sealed record LedgerEntry(
    DateTimeOffset Time, LedgerAction Action, string Robot, string? Calibration, string? Parameters, HoldOut? HoldOut, IReadOnlyList<EvidenceFile> Evidence, string? Reason);

/// <summary>How well two sets of parameters predict motions that neither was fitted to.</summary>
/// <param name="Before">Error of the set that was current, in standard deviations of the noise (root mean square).</param>
/// <param name="After">Error of the new one.</param>
/// <param name="GainLow">Lower end of the 95 % interval of <paramref name="Before"/> − <paramref name="After"/>.</param>
/// <param name="GainHigh">Its upper end.</param>
/// <param name="Motions">Independent motions compared.</param>
public sealed record HoldOut(double Before, double After, double GainLow, double GainHigh, int Motions)
{
    /// <summary>Whether the new one is better beyond chance.</summary>
    public bool IsBetter => After < Before && GainLow > 0;
}

/// <summary><c>validation.json</c> in the folder of a calibration: the evidence that <c>promote</c> asks for.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Parameters">Hash of the new parameters (<see cref="Sim.Parameters.SimParameters.Hash"/>).</param>
/// <param name="Baseline">Hash of those that were current then.</param>
/// <param name="HoldOut">Their errors.</param>
/// <param name="Runs">The hold-out runs.</param>
public sealed record ValidationEvidence(DateTimeOffset Time, string Parameters, string Baseline, HoldOut HoldOut, IReadOnlyList<EvidenceFile> Runs)
{
    private const string FileName = "validation.json";

    /// <summary>Where it lies in the folder of a calibration.</summary>
    public static string PathIn(string calibration) => Path.Combine(calibration, FileName);

    /// <summary>Writes it, in one step.</summary>
    /// <exception cref="InputException">The disk refuses.</exception>
    public void Save(string calibration) => CalibrationFiles.Write(PathIn(calibration), System.Text.Json.JsonSerializer.Serialize(this, CalibrationFiles.Json) + "\n");

    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">There is none, or it is damaged.</exception>
    public static ValidationEvidence Load(string calibration) => CalibrationFiles.Read<ValidationEvidence>(PathIn(calibration), "run 'calibrate validate' first");
}
