using Legato.Music;
using Legato.Runtime.Experiments;
using Legato.Runtime.Improvement;
using Legato.Runtime.Loop;
using Legato.Runtime.Safety;

namespace Legato.Tests.Runtime.Improvement;

/// <summary>The loop around a workshop that only pretends: what it asks for, in which order, and what a crash costs.</summary>
public sealed class ImprovementLoopTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("legato-loop-").FullName;
    private readonly LoopRequest _request = new("robot.yaml", ["a", "b"], Rounds: 3, Repeats: 3, Seconds: 10, Seed: 5, Baselines: false);

    [Fact]
    public async Task RoundsGoOnWhileTheyGain()
    {
        var workshop = new Workshop { F1 = (round, repeat) => 0.5 + (0.1 * round) + (0.001 * repeat) };
        LoopState state = await Run(workshop);

        Assert.Equal(["", "calibration-0/params.yaml", "calibration-1/params.yaml", "calibration-2/params.yaml"], state.Rounds.Select(Parameters));
        Assert.Equal("all rounds are done", state.Ended);
        Assert.Same(state.Rounds[^1], ImprovementLoop.BestOf(state));
        Assert.All(state.Rounds, r => Assert.Equal(6, r.Arm.Performances.Count));
    }

    [Fact]
    public async Task ARoundThatGainsNothingIsTheLast()
    {
        var workshop = new Workshop { F1 = (round, repeat) => (round == 0 ? 0.6 : 0.8) + (0.01 * (repeat - 1) * (round == 2 ? 1 : -1)) };
        LoopState state = await Run(workshop);

        Assert.Equal(3, state.Rounds.Count);
        Assert.Contains("round 2 gained", state.Ended, StringComparison.Ordinal);
        Assert.Null(state.Rounds[^1].Calibration);
    }

    [Fact]
    public async Task AWorseRoundIsNotTheBest()
    {
        LoopState state = await Run(new Workshop { F1 = (round, _) => round == 1 ? 0.9 : 0.5 });

        Assert.Same(state.Rounds[1], ImprovementLoop.BestOf(state));
    }

    [Fact]
    public async Task NothingIsCalibratedWhereNothingIsWrong()
    {
        LoopState state = await Run(new Workshop { F1 = (_, _) => 1 });

        Assert.Equal("nothing left to gain", Assert.Single(state.Rounds).Arm is { } ? state.Ended : null);
        Assert.Null(state.Rounds[0].Excitation);
    }

    [Fact]
    public async Task CalibrationSeesEveryExcitationAndOnePerformancePerSongAndRound()
    {
        var workshop = new Workshop { F1 = (round, _) => 0.5 + (0.1 * round) };
        await Run(workshop);

        Assert.Equal(["excitation-5", "a-round0-5", "b-round0-5"], workshop.Calibrations[0]);
        Assert.Equal(["hold-out-5", "hold-out-6"], workshop.HoldOuts[1]);
        Assert.Equal(["excitation-6", "excitation-5", "a-round0-5", "b-round0-5", "a-round1-5", "b-round1-5"], workshop.Calibrations[1]);
    }

    [Fact]
    public async Task BaselinesHaveTheSameRobotTime()
    {
        var workshop = new Workshop { F1 = (round, _) => round == 0 ? 0.5 : 0.9 };
        LoopState state = await Run(workshop, _request with { Baselines = true });

        Assert.Equal(["ours", "practice on the robot", "refit without key events", "robust plan, no refit", "the plan as it came, row by row", "the simulator as it came"], state.Baselines.Keys.Order());
        Assert.All(state.Baselines.Values, arm => Assert.Equal(6, arm.Performances.Count));
        double seconds = state.Rounds.Sum(r => r.RobotSeconds);
        Assert.All(workshop.Practised, most => Assert.InRange(most * 10.0, (seconds / 2) - 10, seconds / 2));
        Assert.Equal(1, workshop.Calibrations.Count(c => c[0] == "blind"));
    }

    [Fact]
    public async Task WhatChoseTheBestRoundDoesNotJudgeIt()
    {
        // Round 1 is the best by luck alone, and only with the rounds' own seeds.
        var workshop = new Workshop { F1 = (round, repeat) => round == 1 && repeat < 3 ? 0.9 : 0.5 };
        LoopState state = await Run(workshop, _request with { Baselines = true });

        Assert.Same(state.Rounds[1], ImprovementLoop.BestOf(state));
        Assert.Equal(state.Rounds[1].Arm.Policies.Values, state.Baselines[ImprovementLoop.Ours].Policies.Values);
        Assert.Equal(state.Rounds[0].Arm.Policies.Values, state.Baselines[ImprovementLoop.AsItCame].Policies.Values);
        Assert.All(state.Rounds[0].Arm.Policies, p => Assert.Equal($"row-by-row-{p.Key}-of-{p.Value.Policy}", state.Baselines[ImprovementLoop.RowByRow].Policies[p.Key].Policy));
        Assert.Empty(state.Baselines.Values.SelectMany(a => a.Performances).Select(p => p.Run).Intersect(state.Rounds.SelectMany(r => r.Arm.Performances).Select(p => p.Run)));
        var report = Legato.Runtime.Improvement.LoopReport.Of(state);
        Assert.Equal(0.5, report.Ours!.F1.Mean, 1e-9);
        Assert.All(report.Comparisons, c => Assert.Equal(0, c.Difference.Mean, 1e-9));
    }

    [Fact]
    public async Task ABetterRoundThatIsFoundLaterPlaysAnewInItsTurn()
    {
        var workshop = new Workshop { F1 = (round, repeat) => 0.5 + (0.1 * round) + (0.01 * (repeat % 3)) };
        await Run(workshop, _request with { Rounds = 1, Baselines = true });
        LoopState state = await Run(workshop, _request with { Rounds = 2, Baselines = true });

        Assert.Equal(state.Rounds[2].Arm.Policies.Values, state.Baselines[ImprovementLoop.Ours].Policies.Values);
        Assert.Equal(6, state.Baselines[ImprovementLoop.Ours].Performances.Count);
    }

    [Fact]
    public async Task ACrashCostsNoMoreThanTheStepUnderWay()
    {
        Func<int, int, double> f1 = (round, repeat) => 0.5 + (0.1 * round) + (0.001 * repeat);
        LoopRequest request = _request with { Rounds = 1, Baselines = true };
        var whole = new Workshop { F1 = f1 };
        LoopState expected = await Run(whole, request);
        for (int crash = 1; crash <= whole.Calls; crash++)
        {
            string folder = Path.Combine(_folder, $"crash-{crash}");
            var first = new Workshop { F1 = f1, CrashAt = crash };
            await Assert.ThrowsAsync<InvalidOperationException>(() => Run(first, request, folder));
            var second = new Workshop { F1 = f1 };
            LoopState resumed = await Run(second, request, folder);

            Assert.Equal(expected.Rounds.SelectMany(r => r.Arm.Performances), resumed.Rounds.SelectMany(r => r.Arm.Performances));
            Assert.Equal(expected.Baselines.OrderBy(b => b.Key).SelectMany(b => b.Value.Performances), resumed.Baselines.OrderBy(b => b.Key).SelectMany(b => b.Value.Performances));
            // Only the step that crashed is done again.
            Assert.Equal(whole.Calls - crash + 1, second.Calls);
        }
    }

    [Fact]
    public async Task TheBestPoliciesArePlayedWithoutEachDifference()
    {
        var workshop = new Workshop { F1 = (round, repeat) => 0.5 + (0.1 * round) + (0.01 * repeat) };
        LoopState state = await Run(workshop, _request with { Rounds = 1, Ablations = true });

        Assert.Equal(1, state.Ablations!.Round);
        Assert.All(state.Ablations.Arms.Values, arm => Assert.Equal([0, 1, 0, 1], arm.Performances.Select(p => p.Repeat)));
        IReadOnlyList<AblationFigures> figures = Legato.Runtime.Improvement.LoopReport.Of(state).Ablations;
        Assert.Equal(["the tide", "the wind"], figures.Select(a => a.Without));
        Assert.Equal([0.02, 0.01], figures.Select(a => a.Gain.Mean), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.All(figures, a => Assert.Equal(4, a.Gain.Count));

        // A better round has differences of its own, and nothing is played twice.
        int calls = workshop.Calls;
        await Run(workshop, _request with { Rounds = 1, Ablations = true });
        Assert.Equal(calls, workshop.Calls);
        Assert.Equal(2, (await Run(workshop, _request with { Rounds = 2, Ablations = true })).Ablations!.Round);
    }

    [Fact]
    public async Task AnotherLoopInTheFolderIsRefused()
    {
        var workshop = new Workshop { F1 = (_, _) => 1 };
        await Run(workshop);
        InputException e = await Assert.ThrowsAsync<InputException>(() => Run(workshop, _request with { Seed = 6 }));
        Assert.Contains("seed 5", e.Message, StringComparison.Ordinal);

        string file = Path.Combine(_folder, "loop.json"), whole = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        foreach (string damaged in (string[])["{", "{}", "null", whole.Replace("\"rounds\": [", "\"rounds\": [], \"more\": [", StringComparison.Ordinal), whole.Replace("\"policies\": {", "\"policies\": null, \"more\": {", StringComparison.Ordinal)])
        {
            await File.WriteAllTextAsync(file, damaged, TestContext.Current.CancellationToken);
            Assert.Contains("is no state of a loop", (await Assert.ThrowsAsync<InputException>(() => Run(workshop))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ARoundGoesOnFromThePoliciesOfTheOneBefore()
    {
        var workshop = new Workshop { F1 = (round, _) => 0.5 + (0.1 * round) };
        await Run(workshop, _request with { Rounds = 2, Baselines = true });

        Assert.Equal([("a", "", null), ("b", "", null), ("a", "calibration-0", "a-round0"), ("b", "calibration-0", "b-round0"), ("a", "calibration-1", "a-round1"), ("b", "calibration-1", "b-round1")], workshop.Trainings[..6]);
        // Without a refit there is nothing to go on from; the blind refit stands beside round 1.
        Assert.Equal([("a", "", null), ("b", "", null), ("a", "without-key-events", "a-round0"), ("b", "without-key-events", "b-round0")], workshop.Trainings[6..]);
    }

    [Fact]
    public async Task AnotherBudgetOfLearningIsAnotherLoop()
    {
        LoopRequest learning = _request with { Learner = "ppo", Learning = new LearningBudget(1000, 8, 0.5) };
        var workshop = new Workshop { F1 = (_, _) => 1 };
        await Run(workshop, learning);
        await Run(workshop, learning);
        InputException e = await Assert.ThrowsAsync<InputException>(() => Run(workshop, learning with { Learning = new LearningBudget(1000, 9, 0.5) }));
        Assert.Contains("a loop with --steps 1000 --rigs 8 --severity 0.5", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MoreRoundsMayBeAskedForLater()
    {
        var workshop = new Workshop { F1 = (round, _) => 0.5 + (0.1 * round) };
        Assert.Equal(2, (await Run(workshop, _request with { Rounds = 1 })).Rounds.Count);
        Assert.Equal(3, (await Run(workshop, _request with { Rounds = 2 })).Rounds.Count);
    }

    [Fact]
    public async Task APerformanceCutShortEndsTheLoop()
    {
        InputException e = await Assert.ThrowsAsync<InputException>(() => Run(new Workshop { F1 = (_, _) => 0.5, Ended = "stopped by signal" }));
        Assert.Contains("stopped by signal", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Parameters(LoopRound round) => round.Parameters is { } p ? Path.GetRelativePath(_folder, p) : "";

    private Task<LoopState> Run(Workshop workshop, LoopRequest? request = null, string? folder = null) =>
        new ImprovementLoop(workshop, folder ?? _folder, _ => { }).RunAsync(request ?? _request, TestContext.Current.CancellationToken);

    private sealed class Workshop : IWorkshop
    {
        public required Func<int, int, double> F1 { get; init; }

        public int CrashAt { get; init; }

        public string Ended { get; init; } = "completed";

        public int Calls { get; private set; }

        public List<IReadOnlyList<string>> Calibrations { get; } = [];

        public List<IReadOnlyList<string>> HoldOuts { get; } = [];

        public List<int> Practised { get; } = [];

        public List<(string Song, string Fit, string? Previous)> Trainings { get; } = [];

        // A round's policies are named after it.
        public Task<Trained> TrainAsync(string song, string? parameters, bool robust, string? previous, CancellationToken stop)
        {
            Count();
            Trainings.Add((song, parameters is null ? "" : Path.GetFileName(Path.GetDirectoryName(parameters)!), previous));
            int round = parameters is null ? 0 : 1 + int.Parse(Path.GetFileName(Path.GetDirectoryName(parameters)!).Split('-')[^1].Replace("events", "0"), System.Globalization.CultureInfo.InvariantCulture);
            return Task.FromResult(new Trained($"{song}-round{round}", 1));
        }

        public Trained PlanAlone(string policy, string folder)
        {
            Count();
            return new Trained($"{Path.GetFileName(folder)}-of-{policy}", 1);
        }

        public Task<PlayReport> PlayAsync(string song, string policy, int seed, AlteredRig? rig, CancellationToken stop)
        {
            Count();
            double without = rig is null ? 0 : double.Parse(rig.Reality, System.Globalization.CultureInfo.InvariantCulture);
            return Task.FromResult(Report(song, $"{policy}-{seed}", F1(policy[^1] - '0', seed - 5) + without, Ended));
        }

        public IReadOnlyList<AlteredRig> Ablate(string? parameters) => parameters is null ? [] : [new("the wind", "0.01"), new("the tide", "0.02")];

        public Task<Trained> PractiseAsync(string song, string policy, int performances, int seed, string folder, CancellationToken stop)
        {
            Count();
            Practised.Add(performances);
            return Task.FromResult(new Trained($"{song}-practised0", 1));
        }

        public Task<Excited> ExciteAsync(int seed, CancellationToken stop)
        {
            Count();
            return Task.FromResult(new Excited($"excitation-{seed}", $"hold-out-{seed}", 60));
        }

        public Task<Calibrated> CalibrateAsync(IReadOnlyList<string> runs, IReadOnlyList<string> holdOut, string? start, bool keyEvents, string folder, CancellationToken stop)
        {
            Count();
            HoldOuts.Add(holdOut);
            Calibrations.Add(keyEvents ? runs : ["blind"]);
            return Task.FromResult(new Calibrated(Path.Combine(folder, "params.yaml"), folder, new HoldOutError(2, 1), new Dictionary<string, double>()));
        }

        private void Count()
        {
            if (++Calls == CrashAt)
                throw new InvalidOperationException("the power went");
        }

        private static PlayReport Report(string song, string run, double f1, string ended) => new()
        {
            Run = run,
            Song = song,
            Robot = "pretended",
            Policy = "",
            Precision = f1,
            Recall = f1,
            F1 = f1,
            F1Silent = 0,
            F1Micro = f1,
            OnsetF1 = f1,
            OnsetF1Written = f1,
            OnsetErrorMs = new OnsetError(0, 0, 0),
            Steps = 200,
            PredictedF1 = 1,
            Ended = ended,
            Loop = new LoopSummary(0, 0, 0, default!, 0, 0, "", []),
            Guard = default,
            Lost = new Dictionary<string, long>(),
            Quality = "A",
            QualityReason = "",
            PlanningSeconds = 0,
            Warnings = [],
        };
    }
}
