using Legato.Runtime.Safety;

namespace Legato.Runtime.Passport;

/// <summary>What is to be expected of a performance before anything moves.</summary>
public sealed record FlightPassport
{
    /// <summary>Name of the song.</summary>
    public required string Song { get; init; }

    /// <summary>Name of the robot.</summary>
    public required string Robot { get; init; }

    /// <summary>Folder of the policy bundle.</summary>
    public required string Policy { get; init; }

    /// <summary>What the rigs were drawn from, in words.</summary>
    public required string Doubts { get; init; }

    /// <summary>Simulated rigs on which it was played.</summary>
    public required int Rigs { get; init; }

    /// <summary>Median of F1, and the interval that holds it with a probability of 0.9.</summary>
    public required Prediction F1 { get; init; }

    /// <summary>The same of onset F1.</summary>
    public required Prediction OnsetF1 { get; init; }

    /// <summary>The drive that comes nearest to its limit of speed, over all rigs.</summary>
    public required Peak Speed { get; init; }

    /// <summary>The drive that works hardest against its range of force, over all rigs.</summary>
    public required Peak Force { get; init; }

    /// <summary>Smallest distance between the hands over all rigs, mm; below 0 they touch. Beyond 30 mm nobody looks.</summary>
    public required double HandClearanceMm { get; init; }

    /// <summary>Smallest distance of a hand from the piano's frame over all rigs, mm.</summary>
    public required double PianoClearanceMm { get; init; }

    /// <summary>Share of commands that the guard changes, mean over rigs, 0..1.</summary>
    public required double Clamped { get; init; }

    /// <summary>The same by reason.</summary>
    public required IReadOnlyDictionary<string, double> ClampedBy { get; init; }

    /// <summary>Why this should not be played; empty where nothing speaks against it.</summary>
    public required IReadOnlyList<string> Objections { get; init; }

    /// <summary>Prints the passport for people.</summary>
    public void Print(TextWriter writer)
    {
        writer.WriteLine(FormattableString.Invariant($"{Song} on {Robot}, {Rigs} simulated rigs ({Doubts}): F1 {F1}, onset F1 {OnsetF1}"));
        writer.WriteLine(FormattableString.Invariant($"  fastest: {Speed}; hardest at work: {Force}"));
        writer.WriteLine($"  hands {Distance(HandClearanceMm)} apart, {Distance(PianoClearanceMm)} above the piano's frame; guard changes {FormattableString.Invariant($"{100 * Clamped:0.0}")} % of commands{Reasons()}");
        foreach (string objection in Objections)
            writer.WriteLine($"  objection: {objection}");
    }

    private string Reasons() => ClampedBy.Count == 0 ? "" : $" ({string.Join(", ", ClampedBy.Select(c => FormattableString.Invariant($"{c.Key} {100 * c.Value:0.0} %")))})";

    private static string Distance(double mm) => mm >= 1000 * ClearanceProbe.Horizon ? "more than 30 mm" : FormattableString.Invariant($"{mm:0.0} mm");
}

/// <summary>What a figure will be.</summary>
/// <param name="Median">Median over rigs.</param>
/// <param name="Low">Lower end of the interval that holds it with a probability of 0.9.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Prediction(double Median, double Low, double High)
{
    /// <summary>Takes it from figures of rigs that are as likely as the real one.</summary>
    /// <remarks>
    /// With n rigs the real one is as likely to be in any of the n + 1 gaps between their figures: ends are interpolated at 0.05 and 0.95 of these
    /// (Hyndman and Fan 1996, definition 6), and are the smallest and largest where n is too small for that.
    /// </remarks>
    /// <param name="values">At least one.</param>
    public static Prediction Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Prediction(At(0.5), At(0.05), At(0.95));

        double At(double share)
        {
            double place = Math.Clamp((share * (sorted.Length + 1)) - 1, 0, sorted.Length - 1);
            int lower = (int)place;
            return double.Lerp(sorted[lower], sorted[Math.Min(lower + 1, sorted.Length - 1)], place - lower);
        }
    }

    /// <summary>Whether it came true.</summary>
    public bool Holds(double value) => value >= Low - 1e-9 && value <= High + 1e-9;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Median:0.000} ({Low:0.000}..{High:0.000})");
}

/// <summary>The greatest value of something, and whose it is.</summary>
/// <param name="Drive">Name of the drive.</param>
/// <param name="Value">The value.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Share">Of its limit, 1 is at it; 0 where there is none.</param>
public readonly record struct Peak(string Drive, double Value, string Unit, double Share)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Drive} {Value:0.00} {Unit}") + (Share > 0 ? FormattableString.Invariant($" ({100 * Share:0} % of its limit)") : "");
}
