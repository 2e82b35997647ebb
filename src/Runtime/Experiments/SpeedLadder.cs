namespace Legato.Runtime.Experiments;

/// <summary>What a performance at one tempo showed.</summary>
/// <param name="Run">Folder of the run.</param>
/// <param name="F1">RoboPianist's F1.</param>
/// <param name="Completed">Whether it was played to its end.</param>
/// <param name="Following">Share of the guard's following distance that 99 % of the cycles stayed within; 1 is all of it.</param>
/// <param name="Clamped">Share of the commands that the guard changed, 0..1.</param>
/// <param name="Quality">Grade of the run, A to F.</param>
public sealed record RungEvidence(string Run, double F1, bool Completed, double Following, double Clamped, string Quality);

/// <summary>A step on the ladder.</summary>
/// <param name="Tempo">As a fraction of the written one.</param>
/// <param name="Evidence">What the performance showed.</param>
/// <param name="Doubt">Why the next one is not faster; null where nothing speaks against it.</param>
public sealed record LadderStep(double Tempo, RungEvidence Evidence, string? Doubt);

/// <summary>How far the ladder was climbed.</summary>
/// <param name="Steps">Performances in order.</param>
/// <param name="Reached">Fastest tempo that was played without doubt; null if none was.</param>
/// <param name="EndedBecause">Why it ended below the top; null at the top.</param>
public sealed record LadderReport(IReadOnlyList<LadderStep> Steps, double? Reached, string? EndedBecause);

/// <summary>Plays a song faster and faster: up a rung when the hands follow and the guard lets commands pass, down a rung on doubt.</summary>
/// <remarks>
/// A rung that is in doubt for the second time ends the climb, and so does a performance that ends early: what stopped it needs a person. Immutable and thread-safe.
/// </remarks>
public sealed class SpeedLadder
{
    // Beyond these there is no room for more speed: half as fast again takes half as much distance again.
    private const double MostFollowing = 0.8, MostClamped = 0.01;

    private const int Chances = 2;

    /// <summary>The tempos, slowest first, as fractions of the written one.</summary>
    public IReadOnlyList<double> Rungs { get; init; } = [0.25, 0.5, 0.75, 1];

    /// <summary>Climbs.</summary>
    /// <param name="play">Plays at a tempo.</param>
    /// <param name="told">Told after each performance.</param>
    /// <param name="stop">Ends the climb after the performance under way.</param>
    public async Task<LadderReport> ClimbAsync(Func<double, CancellationToken, Task<RungEvidence>> play, Action<LadderStep> told, CancellationToken stop)
    {
        var steps = new List<LadderStep>();
        int[] doubts = new int[Rungs.Count];
        int rung = 0, reached = -1;
        while (true)
        {
            RungEvidence evidence = await play(Rungs[rung], stop);
            string? doubt = DoubtOf(evidence);
            steps.Add(new LadderStep(Rungs[rung], evidence, doubt));
            told(steps[^1]);
            if (doubt is null)
            {
                reached = Math.Max(reached, rung);
                if (rung == Rungs.Count - 1)
                    return Report(null);
                rung++;
            }
            else
            {
                if (!evidence.Completed)
                    return Report(doubt);
                if (++doubts[rung] == Chances)
                    return Report(FormattableString.Invariant($"tempo {Rungs[rung]:0.##} was in doubt twice: {doubt}"));
                rung--;
            }
            if (stop.IsCancellationRequested)
                return Report("stopped");
            if (rung < 0)
                return Report("even the slowest tempo is in doubt");
        }

        LadderReport Report(string? because) => new(steps, reached < 0 ? null : Rungs[reached], because);
    }

    private static string? DoubtOf(RungEvidence evidence)
    {
        if (!evidence.Completed)
            return "the performance ended early";
        if (evidence.Following > MostFollowing)
            return FormattableString.Invariant($"the hands are behind by {100 * evidence.Following:0} % of what the guard allows, at most {100 * MostFollowing:0} % are wanted");
        if (evidence.Clamped > MostClamped)
            return FormattableString.Invariant($"the guard changed {100 * evidence.Clamped:0.0} % of the commands, at most {100 * MostClamped:0.0} % are wanted");
        return evidence.Quality is "D" or "E" or "F" ? $"the run's grade is {evidence.Quality}, C or better is wanted" : null;
    }
}
