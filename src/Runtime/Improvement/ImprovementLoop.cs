using Legato.Runtime.Experiments;
using Legato.Runtime.Statistics;

namespace Legato.Runtime.Improvement;

/// <summary>
/// Sim2Real2Sim: plan in the simulator, perform on the robot, refit the simulator from the recordings, and again, until a round gains
/// nothing that could not be chance.
/// </summary>
/// <remarks>
/// The state is on disk after every step; the same call with the same folder goes on where another ended. Performances of a
/// round have the same seeds as those of any other, so that rounds are compared pair by pair. Other ways have seeds that no round has had, and so has the
/// best round when it plays against them: what chose it does not judge it. One call at a time per folder.
/// </remarks>
/// <param name="workshop">Learner, robot, calibration.</param>
/// <param name="folder">Where state and evidence lie.</param>
/// <param name="tell">Told what happens, a line each.</param>
public sealed class ImprovementLoop(IWorkshop workshop, string folder, Action<string> tell)
{
    /// <summary>F1 from which there is nothing left to gain.</summary>
    public const double Flawless = 0.9995;

    /// <summary>Largest probability of chance at which a gain counts.</summary>
    public const double Significance = 0.05;

    /// <summary>Most performances of a song on a rig without one of its differences.</summary>
    public const int AblationRepeats = 2;

    /// <summary>Names of what plays anew, after the best round was chosen.</summary>
    public const string Ours = "ours", AsItCame = "the simulator as it came";

    /// <summary>Names of the other ways.</summary>
    public const string RowByRow = "the plan as it came, row by row", Robust = "robust plan, no refit", Practice = "practice on the robot", NoKeys = "refit without key events";

    // From the seeds of the rounds' performances, and those of practice, to those of the arms that are compared.
    private const int SeedsApart = 1_000_000;

    /// <summary>Runs, or goes on.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="stop">Stops after the step under way; the next call goes on.</param>
    /// <exception cref="InputException">The folder holds another loop, or a step failed.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public async Task<LoopState> RunAsync(LoopRequest request, CancellationToken stop)
    {
        LoopState state = Open(request);
        while (state.Ended is null)
            await RoundAsync(state, request, stop);
        if (request.Baselines)
            await BaselinesAsync(state, request, stop);
        if (request.Ablations)
            await AblationsAsync(state, request, stop);
        return state;
    }

    /// <summary>The round whose policies are the best: the last one, unless it was no better than the one before.</summary>
    public static LoopRound BestOf(LoopState state) => state.Rounds.MaxBy(r => r.Arm.Performances.Select(p => p.F1).DefaultIfEmpty().Average())!;

    /// <summary>Differences in F1 between two arms, a performance each: the same song and repeat.</summary>
    public static IReadOnlyList<double> Pairs(LoopArm better, LoopArm than) =>
        [.. better.Performances.Join(than.Performances, p => (p.Song, p.Repeat), p => (p.Song, p.Repeat), (a, b) => a.F1 - b.F1)];

    private LoopState Open(LoopRequest request)
    {
        if (!LoopState.Exists(folder))
            return new LoopState { Request = request, Rounds = [new LoopRound()] };
        LoopState state = LoopState.Load(folder);
        if (request.DifferenceFrom(state.Request) is { } difference)
            throw new InputException($"{folder}: holds a loop with {difference}; take another --out, or ask for the same to go on");
        tell($"going on in round {state.Rounds.Count - 1}");
        bool more = state.Ended is not null && state.Rounds.Count - 1 < request.Rounds && request.Rounds > state.Request.Rounds;
        return state with { Request = request, Ended = more ? null : state.Ended };
    }

    private async Task RoundAsync(LoopState state, LoopRequest request, CancellationToken stop)
    {
        int number = state.Rounds.Count - 1;
        LoopRound round = state.Rounds[^1];
        await PerformAsync(round.Arm, $"round {number}", song => workshop.TrainAsync(song, round.Parameters, robust: false, Before(state, number, song), stop), state, request, stop);
        if (Verdict(state, number, request.Rounds) is { } verdict)
        {
            state.Ended = verdict;
            Keep(state);
            tell($"ended: {verdict}");
            return;
        }
        if (round.Excitation is null)
        {
            tell($"round {number}: motions for identification");
            round.Excitation = await workshop.ExciteAsync(request.Seed + number, stop);
            Keep(state);
        }
        if (round.Calibration is null)
        {
            tell($"round {number}: calibration");
            round.Calibration = await workshop.CalibrateAsync(Runs(state), HoldOuts(state), round.Parameters, keyEvents: true, Path.Combine(folder, $"calibration-{number}"), stop);
            if (round.Calibration.HoldOut is { } error)
                tell(FormattableString.Invariant($"round {number}: error on held-out motions {error.Before:0.00} -> {error.After:0.00} of the encoders' noise"));
        }
        state.Rounds.Add(new LoopRound { Parameters = round.Calibration.Parameters });
        Keep(state);
    }

    // The policy of the round before.
    private static string? Before(LoopState state, int number, string song) => number == 0 ? null : state.Rounds[number - 1].Arm.Policies[song].Policy;

    // Why the rounds should end here; null to go on.
    private static string? Verdict(LoopState state, int number, int rounds)
    {
        LoopArm arm = state.Rounds[number].Arm;
        if (arm.Performances.Average(p => p.F1) >= Flawless)
            return "nothing left to gain";
        if (number > 0)
        {
            IReadOnlyList<double> gains = Pairs(arm, state.Rounds[number - 1].Arm);
            if (gains.Average() <= 0 || Resampling.PairedTest(gains, state.Request.Seed) > Significance)
                return FormattableString.Invariant($"round {number} gained {gains.Average():+0.000;-0.000;0.000}, which may be chance");
        }
        return number >= rounds ? "all rounds are done" : null;
    }

    private async Task BaselinesAsync(LoopState state, LoopRequest request, CancellationToken stop)
    {
        LoopRound first = state.Rounds[0], best = BestOf(state);
        // More rounds may have found a better one since.
        if (state.Baselines.TryGetValue(Ours, out LoopArm? ours) && ours.Policies.Any(p => best.Arm.Policies[p.Key] != p.Value))
            state.Baselines.Remove(Ours);
        await Arm(Ours, song => Task.FromResult(best.Arm.Policies[song]));
        if (best != first)
            await Arm(AsItCame, song => Task.FromResult(first.Arm.Policies[song]));
        await Arm(RowByRow, song => Task.FromResult(workshop.PlanAlone(first.Arm.Policies[song].Policy, Path.Combine(folder, $"row-by-row-{Path.GetFileNameWithoutExtension(song)}"))));
        await Arm(Robust, song => workshop.TrainAsync(song, null, robust: true, previous: null, stop));
        // As much time on the robot as all rounds had, with all performances: the refits have seen less.
        double budget = state.Rounds.Sum(r => r.RobotSeconds) / request.Songs.Count;
        await Arm(Practice, song =>
        {
            double length = first.Arm.Performances.First(p => p.Song == song).Seconds;
            return workshop.PractiseAsync(song, first.Arm.Policies[song].Policy, Math.Max(1, (int)(budget / length)), request.Seed + request.Repeats, Path.Combine(folder, $"practised-{Path.GetFileNameWithoutExtension(song)}"), stop);
        });
        if (first.Calibration is not null)
        {
            if (state.WithoutKeyEvents is null)
            {
                tell($"{NoKeys}: calibration");
                state.WithoutKeyEvents = await workshop.CalibrateAsync(Runs(state), HoldOuts(state), null, keyEvents: false, Path.Combine(folder, "without-key-events"), stop);
                Keep(state);
            }
            await Arm(NoKeys, song => workshop.TrainAsync(song, state.WithoutKeyEvents.Parameters, robust: false, first.Arm.Policies[song].Policy, stop));
        }

        Task Arm(string name, Func<string, Task<Trained>> train)
        {
            if (!state.Baselines.TryGetValue(name, out LoopArm? arm))
                state.Baselines[name] = arm = new LoopArm();
            return PerformAsync(arm, name, train, state, request with { Seed = request.Seed + SeedsApart }, stop);
        }
    }

    // The best round's policies on the rig without each of its differences from the round's simulator.
    private async Task AblationsAsync(LoopState state, LoopRequest request, CancellationToken stop)
    {
        LoopRound best = BestOf(state);
        int number = state.Rounds.IndexOf(best);
        if (state.Ablations?.Round != number)
            state.Ablations = new LoopAblations(number, []);
        LoopRequest few = request with { Repeats = Math.Min(request.Repeats, AblationRepeats) };
        foreach (AlteredRig rig in workshop.Ablate(best.Parameters))
        {
            if (!state.Ablations.Arms.TryGetValue(rig.Name, out LoopArm? arm))
                state.Ablations.Arms[rig.Name] = arm = new LoopArm();
            await PerformAsync(arm, $"without {rig.Name}", song => Task.FromResult(best.Arm.Policies[song]), state, few, stop, rig);
        }
    }

    // Trains what is not trained yet, and plays what is not played yet.
    private async Task PerformAsync(LoopArm arm, string name, Func<string, Task<Trained>> train, LoopState state, LoopRequest request, CancellationToken stop, AlteredRig? rig = null)
    {
        foreach (string song in request.Songs)
        {
            stop.ThrowIfCancellationRequested();
            if (!arm.Policies.TryGetValue(song, out Trained? trained))
            {
                tell($"{name}: {song}");
                arm.Policies[song] = trained = await train(song);
                Keep(state);
            }
            for (int repeat = arm.Performances.Count(p => p.Song == song); repeat < request.Repeats; repeat++)
            {
                PlayReport report = await workshop.PlayAsync(song, trained.Policy, request.Seed + repeat, rig, stop);
                if (report.Ended != PlayReport.Completed)
                    throw new InputException($"{report.Run}: the performance of {song} ended early ({report.Ended}); see to the robot, then ask for the same loop to go on");
                arm.Performances.Add(new LoopPerformance(song, repeat, report.Run, report.F1, report.OnsetF1, report.Steps * Sim.Scene.SceneOptions.ControlPeriod));
                Keep(state);
            }
            string predicted = trained.PredictedF1 is { } f1 ? FormattableString.Invariant($", {f1:0.000} in the simulator") : "";
            tell(FormattableString.Invariant($"{name}: {song}: F1 {arm.Performances.Where(p => p.Song == song).Average(p => p.F1):0.000} on the robot{predicted}"));
        }
    }

    // All that identification may learn from: every excitation, and one performance of each song per round.
    private static IReadOnlyList<string> Runs(LoopState state) =>
        [.. state.Rounds.Select(r => r.Excitation?.Run).OfType<string>().Reverse(), .. state.Rounds.SelectMany(r => r.Arm.Performances.Where(p => p.Repeat == 0).Select(p => p.Run))];

    private static IReadOnlyList<string> HoldOuts(LoopState state) => [.. state.Rounds.Select(r => r.Excitation?.HoldOut).OfType<string>()];

    private void Keep(LoopState state) => state.Save(folder);
}
