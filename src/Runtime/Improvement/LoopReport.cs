using Legato.Runtime.Statistics;

namespace Legato.Runtime.Improvement;

/// <summary>How an arm played one song.</summary>
/// <param name="Song">The song.</param>
/// <param name="PredictedF1">F1 in the simulator that the policy was made in; null where it was made on the robot.</param>
/// <param name="F1">F1 on the robot, over the repeats.</param>
/// <param name="OnsetF1">Onset F1 on the robot, over the repeats.</param>
public sealed record PieceFigures(string Song, double? PredictedF1, Estimate F1, Estimate OnsetF1);

/// <summary>How an arm played all songs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it stands for.</param>
/// <param name="Pieces">Each song.</param>
/// <param name="PredictedF1">Mean over the songs; null where the policies were made on the robot.</param>
/// <param name="F1">Over all songs and repeats.</param>
/// <param name="PlayedSeconds">Robot time of the performances that judge it, s.</param>
/// <param name="LearningSeconds">Robot time that it has learnt from, s.</param>
public sealed record ArmFigures(string Name, string Meaning, IReadOnlyList<PieceFigures> Pieces, double? PredictedF1, Estimate F1, double PlayedSeconds, double LearningSeconds);

/// <summary>The best round, as it played anew where it did, against another arm, pair by pair.</summary>
/// <param name="Than">Name of the other arm.</param>
/// <param name="Difference">Of F1: the best round's less the other's.</param>
/// <param name="P">Of the paired permutation test.</param>
/// <param name="PHolm">The same, corrected for the number of comparisons.</param>
public sealed record Comparison(string Than, Estimate Difference, double P, double PHolm);

/// <summary>A song that the robot plays worse than the simulator says by more than a twentieth.</summary>
public sealed record Shortfall(string Song, double PredictedF1, double F1);

/// <summary>What a difference between robot and simulator costs.</summary>
/// <param name="Without">The difference that was taken away.</param>
/// <param name="F1">Without it.</param>
/// <param name="Gain">Of F1, pair by pair: without it less with it.</param>
/// <param name="PHolm">Of the paired permutation test, corrected for the number of differences.</param>
public sealed record AblationFigures(string Without, Estimate F1, Estimate Gain, double PHolm);

/// <summary>What a loop found, in figures. A function of its state.</summary>
public sealed record LoopReport
{
    /// <summary>Share of the simulator's F1 that the robot should reach.</summary>
    public const double ExpectedShare = 0.95;

    /// <summary>The loop.</summary>
    public required LoopState State { get; init; }

    /// <summary>Rounds in order, then the other ways.</summary>
    public required IReadOnlyList<ArmFigures> Arms { get; init; }

    /// <summary>Number of the best round.</summary>
    public required int Best { get; init; }

    /// <summary>The best round as it played anew, after it was chosen; null where it did not.</summary>
    public required ArmFigures? Ours { get; init; }

    /// <summary>The best round against every other arm: against those that were played after it was chosen, where it played anew, too.</summary>
    public required IReadOnlyList<Comparison> Comparisons { get; init; }

    /// <summary>Where the best round falls short of its simulator.</summary>
    public required IReadOnlyList<Shortfall> Shortfalls { get; init; }

    /// <summary>What each difference between robot and simulator costs the best round, the dearest first; empty where it was not asked for.</summary>
    public required IReadOnlyList<AblationFigures> Ablations { get; init; }

    /// <summary>The arms of the rounds.</summary>
    public IEnumerable<ArmFigures> Rounds => Arms.Take(State.Rounds.Count);

    /// <summary>The arms of the other ways.</summary>
    public IEnumerable<ArmFigures> Baselines => Arms.Skip(State.Rounds.Count);

    /// <summary>Computes the figures.</summary>
    /// <param name="state">A loop with at least one whole round.</param>
    /// <exception cref="ArgumentException">An arm has no performances.</exception>
    public static LoopReport Of(LoopState state)
    {
        int seed = state.Request.Seed;
        int best = state.Rounds.IndexOf(ImprovementLoop.BestOf(state));
        (string Name, LoopArm Arm)[] arms = [.. state.Rounds.Select((r, i) => (NameOf(i), r.Arm)), .. state.Baselines.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => (b.Key, b.Value))];
        double beforeBaselines = state.Rounds.Sum(r => r.Excitation?.Seconds ?? 0) + state.Rounds.Sum(FittedSeconds);
        ArmFigures[] figures = [.. arms.Select((a, i) => Figures(a.Name, Meaning(a.Name, i, best), a.Arm, Learning(a.Name, a.Arm, i), seed))];
        LoopArm chosen = state.Rounds[best].Arm, ours = state.Baselines.GetValueOrDefault(ImprovementLoop.Ours, chosen);
        ArmFigures? anew = figures.FirstOrDefault(f => f.Name == ImprovementLoop.Ours);
        return new LoopReport
        {
            State = state,
            Arms = figures,
            Best = best,
            Ours = anew,
            Comparisons = Compare(ours, arms.Skip(anew is null ? 0 : state.Rounds.Count).Where(a => a.Arm != ours), seed),
            Shortfalls = [.. (anew ?? figures[best]).Pieces.Where(p => p.F1.Mean < ExpectedShare * p.PredictedF1).Select(p => new Shortfall(p.Song, p.PredictedF1!.Value, p.F1.Mean))],
            Ablations = state.Ablations is { } ablations && ablations.Round == best ? Ablate(chosen, ablations, seed) : [],
        };

        // What the refits before a round have seen; the blind refit has seen what all others together have.
        double Learning(string name, LoopArm arm, int index) =>
            name == ImprovementLoop.Ours ? Learning(NameOf(best), arm, best)
            : index < state.Rounds.Count ? state.Rounds.Take(index).Sum(r => (r.Excitation?.Seconds ?? 0) + FittedSeconds(r))
            : name == ImprovementLoop.NoKeys ? beforeBaselines
            : arm.Policies.Values.Sum(p => p.RobotSeconds);
    }

    /// <summary>What a round is called.</summary>
    public static string NameOf(int round) => FormattableString.Invariant($"round {round}");

    private static double FittedSeconds(LoopRound round) => round.Calibration is null ? 0 : round.Arm.Performances.Where(p => p.Repeat == 0).Sum(p => p.Seconds);

    private static string Meaning(string name, int index, int best) => (name, index) switch
    {
        (ImprovementLoop.Ours, _) => $"{NameOf(best)}, played anew after it was chosen",
        (ImprovementLoop.AsItCame, _) => $"{NameOf(0)}, played anew",
        (ImprovementLoop.RowByRow, _) => $"the plans of {NameOf(0)}, played open loop",
        (ImprovementLoop.Robust, _) => "planned for many rigs at once, no refit",
        (ImprovementLoop.Practice, _) => "learnt on the robot itself, in the time that the rounds took there",
        (ImprovementLoop.NoKeys, _) => "refit to joints alone",
        (_, 0) => "simulator as it came",
        _ => index == best ? "refit to joints and keys: ours" : "refit to joints and keys",
    };

    private static ArmFigures Figures(string name, string meaning, LoopArm arm, double learning, int seed)
    {
        PieceFigures[] pieces = [.. arm.Performances.GroupBy(p => p.Song, StringComparer.Ordinal).Select(song => new PieceFigures(
            song.Key, arm.Policies[song.Key].PredictedF1, Resampling.Mean([.. song.Select(p => p.F1)], seed), Resampling.Mean([.. song.Select(p => p.OnsetF1)], seed)))];
        return new ArmFigures(
            name, meaning, pieces, pieces.All(p => p.PredictedF1 is not null) ? pieces.Average(p => p.PredictedF1) : null,
            Resampling.Mean([.. arm.Performances.Select(p => p.F1)], seed), arm.Performances.Sum(p => p.Seconds), learning);
    }

    private static IReadOnlyList<AblationFigures> Ablate(LoopArm ours, LoopAblations ablations, int seed)
    {
        (string Name, LoopArm Arm)[] arms = [.. ablations.Arms.Where(a => a.Value.Performances.Count > 0).Select(a => (a.Key, a.Value))];
        IReadOnlyList<Comparison> costs = Compare(ours, arms, seed);
        return [.. arms.Zip(costs, (a, c) => new AblationFigures(a.Name, Resampling.Mean([.. a.Arm.Performances.Select(p => p.F1)], seed), Negative(c.Difference), c.PHolm)).OrderByDescending(a => a.Gain.Mean)];
    }

    private static Estimate Negative(Estimate e) => new(-e.Mean, -e.High, -e.Low, e.Count);

    private static IReadOnlyList<Comparison> Compare(LoopArm ours, IEnumerable<(string Name, LoopArm Arm)> others, int seed)
    {
        (string Name, IReadOnlyList<double> Pairs, double P)[] tests = [.. others.Select(o =>
        {
            IReadOnlyList<double> pairs = ImprovementLoop.Pairs(ours, o.Arm);
            return (o.Name, pairs, Resampling.PairedTest(pairs, seed));
        })];
        IReadOnlyList<double> holm = Resampling.Holm([.. tests.Select(t => t.P)]);
        return [.. tests.Select((t, i) => new Comparison(t.Name, Resampling.Mean(t.Pairs, seed), t.P, holm[i]))];
    }
}
