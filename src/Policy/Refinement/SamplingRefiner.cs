using Legato.Music;
using Legato.Policy.Kinematics;
using Legato.Policy.Limits;
using Legato.Sim.Scene;

namespace Legato.Policy.Refinement;

/// <summary>What sampling made of a plan.</summary>
/// <param name="Commands">The best commands: those it began with if nothing was better.</param>
/// <param name="Score">Their score in the first scene.</param>
/// <param name="EnvSteps">Control steps simulated, over all scenes.</param>
public sealed record SamplingResult(CommandTable Commands, PerformanceScore Score, long EnvSteps);

/// <summary>How far sampling is.</summary>
/// <param name="Pass">Pass over the song, from 1; 0 before the first.</param>
/// <param name="Windows">Windows searched in this pass.</param>
/// <param name="Improved">Windows of this pass whose commands changed.</param>
/// <param name="EnvSteps">Control steps simulated.</param>
/// <param name="Best">Score of the best commands so far, in the first scene.</param>
public readonly record struct SamplingProgress(int Pass, int Windows, int Improved, long EnvSteps, PerformanceScore Best);

/// <summary>
/// Refines commands where keys or onsets are wrong: in the windows around faults it samples changes and keeps what plays better.
/// </summary>
/// <remarks>
/// Predictive sampling (Howell et al., <i>Predictive Sampling: Real-time Behaviour Synthesis with MuJoCo</i>, 2022) over a finished plan
/// instead of a running robot: a sweep searches distant windows of the song, a few at a time so that all threads have work, and goes from
/// window to window to decide, each time from what the windows before it left; sweeps go on until every fault has had its turn, which is a pass.
/// The cross-entropy method (Rubinstein, 1999) and MPPI (Williams et al., 2017), which average over samples, did worse with as many
/// simulated steps: with few samples, and contacts that hold or slip, an average is often worse than each of its parts.
/// The F1 of the whole song never falls: what a pass made is dropped where it is no better. With several scenes, the first is the nominal one, and a
/// sample costs the mean over all plus a share of the worst. The same input gives the same bits on any number of threads, unless a
/// caller ends it early. One refinement at a time.
/// </remarks>
/// <param name="scenes">Scenes with the same layout; the first is what the score is of.</param>
/// <param name="kinematics">Of the first scene.</param>
/// <param name="tips">Where the fingertips should be.</param>
/// <param name="truth">What should sound.</param>
/// <param name="leadIn">Steps before the song.</param>
/// <param name="options">How much to try.</param>
/// <param name="seed">Seed of all noise.</param>
/// <param name="threads">Threads, at least 1.</param>
/// <param name="feasible">Commands that may come out, if the plan is one of them; null for all within the control ranges.</param>
/// <exception cref="ArgumentException">An option is out of range, or there is no scene.</exception>
public sealed class SamplingRefiner(
    IReadOnlyList<PianoScene> scenes, HandKinematics kinematics, TipReference tips, KeyRoll truth, int leadIn, SamplingOptions options, int seed, int threads, FeasibleCommands? feasible = null)
{
    private readonly SongCost _cost = new(kinematics, tips, truth, leadIn);

    /// <summary>Refines.</summary>
    /// <param name="plan">Commands for the lead-in and the song; they stay as they are.</param>
    /// <param name="isOver">Asked before every sample, by one thread at a time: true ends the refinement with what is best so far.</param>
    /// <param name="progress">Told after every window, by one thread at a time.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    public SamplingResult Refine(CommandTable plan, Func<bool>? isOver = null, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        options.Check();
        ArgumentOutOfRangeException.ThrowIfZero(scenes.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(plan.Steps, _cost.Steps);
        SongTape[] tapes = [.. scenes.Select(s => new SongTape(s, kinematics, _cost))];
        try
        {
            using var stage = new SampleStage(scenes, kinematics, _cost, options, threads, steps => tapes.Select(tape => tape.NewRecording(steps)));
            var gate = new Lock();
            return RefineAsync(plan, tapes, stage, IsOver, progress).GetAwaiter().GetResult();

            bool IsOver()
            {
                lock (gate)
                {
                    cancellation.ThrowIfCancellationRequested();
                    return isOver?.Invoke() == true;
                }
            }
        }
        finally
        {
            foreach (SongTape tape in tapes)
                tape.Dispose();
        }
    }

    private async Task<SamplingResult> RefineAsync(CommandTable plan, SongTape[] tapes, SampleStage stage, Func<bool> isOver, IProgress<SamplingProgress>? progress)
    {
        var finder = new FaultFinder(scenes[0], tips, _cost, options);
        CommandTable best = plan, commands = plan.Clone();
        long searched = 0;
        PerformanceScore[] scores = await PlayAsync();
        int fruitless = 0;
        for (int pass = 1; pass <= options.Passes && fruitless < options.FruitlessPasses && !IsSpent() && !isOver(); pass++)
        {
            int windows = 0, improved = 0;
            bool isBetter = false;
            bool[] tried = new bool[_cost.Steps];
            tried.AsSpan(0, leadIn).Fill(true);
            await stage.PlayAsync(tapes, _cost.Steps, commands);
            while (!IsSpent() && !isOver() && finder.Find(tapes, tried) is { Count: > 0 } faulty)
            {
                await SweepAsync(faulty, pass, changed =>
                {
                    (windows, improved) = (windows + 1, improved + (changed ? 1 : 0));
                    progress?.Report(new SamplingProgress(pass, windows, improved, EnvSteps(), scores[0]));
                });
                PerformanceScore[] played = await PlayAsync();
                if (Merit(played).CompareTo(Merit(scores)) > 0)
                    (best, scores, isBetter) = (commands.Clone(), played, true);
                foreach (int first in faulty.Select(window => window.Faults[0].Step))
                    tried.AsSpan(first, Math.Min(options.Stride, tried.Length - first)).Fill(true);
            }
            if (windows == 0)
                break;
            fruitless = isBetter ? 0 : fruitless + 1;
            int same = commands.Values.CommonPrefixLength(best.Values) / commands.Actuators.Count;
            commands = best.Clone();
            foreach (SongTape tape in tapes)
                tape.CutAt(same);
            progress?.Report(new SamplingProgress(pass, windows, improved, EnvSteps(), scores[0]));
        }
        return new SamplingResult(best, scores[0], EnvSteps());

        // Of what is decided: the same at every decision, whatever else goes on meanwhile.
        long EnvSteps() => searched + tapes.Sum(t => t.EnvSteps);

        bool IsSpent() => EnvSteps() >= options.EnvSteps;

        async Task<PerformanceScore[]> PlayAsync()
        {
            await stage.PlayAsync(tapes, _cost.Steps, commands);
            return [.. tapes.Select(t => t.Score(truth, leadIn))];
        }

        // Windows are decided in order, while those that follow are searched.
        async Task SweepAsync(IReadOnlyList<FaultyWindow> faulty, int pass, Action<bool> decided)
        {
            var searches = new Queue<Task<WindowSearch>>();
            int next = 0;
            try
            {
                do
                {
                    for (; next < faulty.Count && searches.Count < options.Windows && !IsSpent(); next++)
                    {
                        FaultyWindow window = faulty[next];
                        long share = (options.EnvSteps - EnvSteps()) / (faulty.Count - next + searches.Count);
                        var sampler = new StrokeSampler(kinematics, tips, commands, window, options, feasible);
                        var search = new WindowSearch(stage, window, sampler, commands, next);
                        searches.Enqueue(search.RunAsync(tapes, sample => Seed(pass, window.Start, sample), share, isOver));
                    }
                    WindowSearch first = await searches.Dequeue();
                    bool isChanged = await first.DecideAsync(tapes);
                    searched += first.EnvSteps;
                    decided(isChanged);
                }
                while (searches.Count > 0);
            }
            finally
            {
                // After a failure the others must not be left behind on worlds that are gone.
                await Task.WhenAll(searches.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Steps first, then onsets; with several scenes as samples are judged.
    private (double F1, double OnsetF1) Merit(PerformanceScore[] scores)
    {
        return (Over(s => s.F1), Over(s => s.OnsetF1));

        double Over(Func<PerformanceScore, double> figure) =>
            scores.Length == 1 ? figure(scores[0]) : scores.Average(figure) + (options.TailWeight * scores.Min(figure));
    }

    // Depends on what is drawn, never on who draws it or when (the finaliser of SplitMix64 over the parts).
    private int Seed(params ReadOnlySpan<int> path)
    {
        ulong hash = (uint)seed;
        foreach (int part in path)
        {
            hash += (uint)part + 0x9E3779B97F4A7C15UL;
            hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
            hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
            hash ^= hash >> 31;
        }
        return (int)(hash & int.MaxValue);
    }
}
