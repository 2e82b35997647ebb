using Legato.Runtime.Statistics;

namespace Legato.Runtime.Experiments;

/// <summary>How a policy plays, from how it played on several rigs.</summary>
/// <param name="F1">RoboPianist's, with its interval over the rigs.</param>
/// <param name="OnsetF1">Onset F1, likewise.</param>
/// <param name="MedianF1">Median F1.</param>
/// <param name="TailF1">F1 below which one rig in ten lies.</param>
/// <param name="WorstF1">Lowest F1.</param>
public sealed record JudgedFigures(Estimate F1, Estimate OnsetF1, double MedianF1, double TailF1, double WorstF1)
{
    private const double Tail = 0.1;

    /// <summary>Computes them.</summary>
    /// <param name="f1">F1 per rig, at least one.</param>
    /// <param name="onsetF1">Onset F1 per rig.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    public static JudgedFigures Of(IReadOnlyList<double> f1, IReadOnlyList<double> onsetF1, int seed) =>
        new(Resampling.Mean(f1, seed), Resampling.Mean(onsetF1, seed), Quantiles.Of(f1, 0.5), Quantiles.Of(f1, Tail), f1.Min());
}

/// <summary>One way to play against another on the same rigs.</summary>
/// <param name="Difference">Of a figure, pair by pair, with its interval over the pairs.</param>
/// <param name="P">Of the paired permutation test.</param>
public sealed record PairedFigures(Estimate Difference, double P)
{
    /// <summary>Computes them.</summary>
    /// <param name="figures">One per rig, at least one.</param>
    /// <param name="others">The other way's, on the same rigs in the same order.</param>
    /// <param name="seed">Seed of bootstrap and test.</param>
    /// <exception cref="ArgumentException">They are not as many.</exception>
    public static PairedFigures Of(IReadOnlyList<double> figures, IReadOnlyList<double> others, int seed)
    {
        if (figures.Count != others.Count)
            throw new ArgumentException($"{figures.Count} figures against {others.Count}.", nameof(others));
        double[] differences = [.. figures.Zip(others, (a, b) => a - b)];
        return new PairedFigures(Resampling.Mean(differences, seed), Resampling.PairedTest(differences, seed));
    }

    /// <summary>The difference with its interval, and p, for people.</summary>
    public override string ToString()
    {
        string p = P < 0.0005 ? "p < 0.001" : FormattableString.Invariant($"p {P:0.000}");
        return FormattableString.Invariant($"{Difference.Mean:+0.000;-0.000;0.000} ({Difference.Low:+0.000;-0.000;0.000}..{Difference.High:+0.000;-0.000;0.000}), {p}");
    }
}
