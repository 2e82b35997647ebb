using Legato.Music;
using Legato.Policy.Fingering;
using Legato.Policy.Planning;
using Legato.Policy.Robustness;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Tests.Policy;

public sealed class SongPlannerTests(Rig rig) : IClassFixture<Rig>
{
    [Fact]
    public void AMelodyIsPlayedAndTheScoreIsThatOfItsRollOut()
    {
        SongPlan plan = Plan(rig.Scene, Rig.Quick, Rig.Melody);

        Assert.True(plan.Score.F1 >= 0.95, $"F1 {plan.Score.F1}");
        Assert.Empty(plan.Fingering.Unreachable);
        Assert.Equal((20, 20 + Rig.Melody.Count, plan.Commands.Steps), (plan.LeadIn, plan.Commands.Steps, plan.Pedal.Count));
        Assert.True(plan.EnvSteps >= 6 * plan.Commands.Steps);
        Assert.Equal(plan.Score, Replay(rig.Scene, plan, Rig.Melody));
        for (int t = 0; t < plan.Commands.Steps; t++)
        {
            for (int a = 0; a < rig.Scene.Actuators.Count; a++)
                Assert.InRange(plan.Commands[t][a], rig.Scene.ControlLow[a], rig.Scene.ControlHigh[a]);
        }
    }

    [Fact]
    public void ARigThatActsLateIsPlannedForAsItIs()
    {
        using PianoScene late = rig.Scene.With(Rig.LateByOneStep);
        SongPlan plan = Plan(late, Rig.Quick, Rig.Melody);

        Assert.True(plan.Score.F1 >= 0.95, $"F1 {plan.Score.F1}");
        Assert.Equal(plan.Score, Replay(rig.Scene, plan with { Commands = Rig.OneStepLater(plan.Commands) }, Rig.Melody));
        Assert.True(Replay(rig.Scene, plan, Rig.Melody).F1 < plan.Score.F1);
    }

    [Fact]
    public void KeysThatAreHeardLateArePlayedEarlier()
    {
        using PianoScene slow = rig.Scene.With(SimParameters.Nominal.With("keyboard.latency", 0.03));
        SongPlan plan = Plan(slow, Rig.Quick, Rig.Melody), deaf = Plan(rig.Scene, Rig.Quick, Rig.Melody);
        using var hearing = new PerturbedRig(slow, SimParameters.Nominal);

        Assert.True(plan.Score.F1 >= 0.95, $"F1 {plan.Score.F1}");
        Assert.True(hearing.Play(deaf.Commands, Rig.Melody.ToKeyRoll()).F1 < plan.Score.F1);
    }

    [Fact]
    public void ThePlanDoesNotDependOnThreads()
    {
        PlannerOptions options = new()
        {
            FreeRollouts = 2,
            ContactRollouts = 2,
            Fingerings = [new BeamFingering(new FingeringCosts()), .. Rig.Quick.Fingerings],
        };
        NoteTrajectory song = Rig.Song((39, 0), (43, 0.5));
        SongPlan one = Plan(rig.Scene, options with { Threads = 1 }, song);
        SongPlan two = Plan(rig.Scene, options with { Threads = 2 }, song);

        Assert.Equal(one.Commands.Values.ToArray().Select(BitConverter.DoubleToInt64Bits), two.Commands.Values.ToArray().Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal((one.Score, one.Strategy, one.EnvSteps), (two.Score, two.Strategy, two.EnvSteps));
    }

    [Fact]
    public void AStopBeforeAnythingWasPlayedIsACancellation()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new SongPlanner(rig.Scene, Rig.Quick).Plan("melody", Rig.Melody, null, cancelled.Token));

        using var midway = new CancellationTokenSource();
        Progress progress = StopAt(midway, "without the piano");
        Assert.ThrowsAny<OperationCanceledException>(() => new SongPlanner(rig.Scene, Rig.Quick).Plan("melody", Rig.Melody, progress, midway.Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AStopLaterKeepsTheBestSoFar(int rehearsals)
    {
        using var stop = new CancellationTokenSource();
        // Twelve neighbouring keys at once: never perfect, so that the rehearsals would go on.
        NoteTrajectory song = Rig.Song([.. Enumerable.Range(38, 12).Select(k => (k, 0.0))]);
        SongPlan plan = new SongPlanner(rig.Scene, Rig.Quick).Plan("cluster", song, StopAt(stop, $"rehearsal {rehearsals}/"), stop.Token);

        Assert.False(plan.IsComplete);
        Assert.Equal((rehearsals + Rig.Quick.FreeRollouts + 1) * plan.Commands.Steps, plan.EnvSteps);
        Assert.Equal(plan.Score, Replay(rig.Scene, plan, song));
    }

    [Fact]
    public void AContinuedPlanIsNeverWorse()
    {
        NoteTrajectory song = Rig.Song((39, 0), (46, 0.3), (44, 0.6), (51, 0.9), (37, 1.1));
        PlannerOptions options = Rig.Quick with { FreeRollouts = 1, ContactRollouts = 2 };
        SongPlan plan = Plan(rig.Scene, options, song);
        var planner = new SongPlanner(rig.Scene, options);
        for (int i = 0; i < 2; i++)
        {
            SongPlan next = planner.Continue(plan, song, null, TestContext.Current.CancellationToken);
            Assert.True(next.Score.F1 >= plan.Score.F1, $"F1 {plan.Score.F1} became {next.Score.F1}");
            Assert.True(next.Score.F1 + next.RobustF1 >= plan.Score.F1 + plan.RobustF1);
            Assert.Equal(next.Score, Replay(rig.Scene, next, song));
            Assert.Equal((plan.Song, plan.Fingering, plan.Strategy), (next.Song, next.Fingering, next.Strategy));
            Assert.True(next.EnvSteps > plan.EnvSteps && next.Seconds > plan.Seconds);
            plan = next;
        }
    }

    [Fact]
    public void AContinuedPlanBeginsWithTheTargetsThatItHad()
    {
        SongPlan plan = Plan(rig.Scene, Rig.Quick with { FreeRollouts = 1, ContactRollouts = 1 }, Rig.Melody);
        SongPlan same = new SongPlanner(rig.Scene, Rig.Quick with { Seconds = 0 }).Continue(plan, Rig.Melody, null, TestContext.Current.CancellationToken);
        Assert.Equal(plan.Commands.Values.ToArray(), same.Commands.Values.ToArray());
        Assert.Equal(plan.Score, same.Score);
    }

    [Fact]
    public void APlanOfAnotherSongOrHandIsNotContinued()
    {
        SongPlan plan = Plan(rig.Scene, Rig.Quick with { Seconds = 0, FreeRollouts = 0 }, Rig.Song((39, 0)));
        void Refused(PianoScene scene, SongPlan previous, NoteTrajectory song) =>
            Assert.Throws<ArgumentException>(() => new SongPlanner(scene, Rig.Quick).Continue(previous, song, null, TestContext.Current.CancellationToken));

        Refused(rig.Scene, plan, Rig.Melody);
        Refused(rig.Scene, plan with { LeadIn = 19 }, Rig.Song((39, 0)));
        Refused(rig.Scene, plan with { Fingering = new FingeringPlan([new FingeredPress(new KeyPress(39, 0, 10), 10)], []) }, Rig.Song((39, 0)));
        using PianoScene reduced = PianoScene.Build(new SceneOptions { ActionSpace = ActionSpace.Reduced });
        Refused(reduced, plan, Rig.Song((39, 0)));
    }

    [Fact]
    public void TheHashOfOptionsLeavesOutTimeAndThreads()
    {
        PlannerOptions options = new();
        Assert.Equal(options.Hash, (options with { Seconds = 7, Threads = 31 }).Hash);
        PlannerOptions[] others =
        [
            options with { Seed = 1 }, options with { LeadIn = 21 }, options with { Roughness = 1 }, options with { ContactGain = 0.4 },
            options with { Style = new() { Hover = 0.02 } }, options with { Fingerings = [options.Fingerings[0]] },
        ];
        Assert.Equal(others.Length + 1, others.Append(options).Select(o => o.Hash).Distinct().Count());
    }

    [Fact]
    public void ProgressTellsTheBestSoFar()
    {
        var progress = new Progress(_ => { });
        PlannerOptions options = Rig.Quick with { ContactRollouts = 3 };
        SongPlan plan = Plan(rig.Scene, options, Rig.Song((39, 0)), progress);

        Assert.InRange(progress.Seen[0].Seconds, 0, progress.Seen[^1].Seconds);
        double[] best = [.. progress.Seen.Select(p => p.BestF1 ?? -1)];
        Assert.Equal(best.Order(), best);
        Assert.True(plan.Score.F1 >= best[^1]);
    }

    [Fact]
    public void WhenTheBudgetIsUsedUpTheBestSoFarIsKept()
    {
        SongPlan plan = Plan(rig.Scene, Rig.Quick with { Seconds = 0, FreeRollouts = 0 }, Rig.Song((39, 0)));
        // One roll-out without and one with the piano, then no more.
        Assert.Equal(2 * plan.Commands.Steps, plan.EnvSteps);
    }

    [Fact]
    public void NotesThatNobodyCanPlayAreListed()
    {
        // Twelve neighbouring keys at once.
        NoteTrajectory song = Rig.Song([.. Enumerable.Range(38, 12).Select(k => (k, 0.0))]);
        SongPlan plan = Plan(rig.Scene, Rig.Quick with { FreeRollouts = 0, ContactRollouts = 1 }, song);

        Assert.True(plan.Fingering.Unreachable.Count >= 2);
        Assert.Equal(Enumerable.Range(38, 12), plan.Fingering.Presses.Select(p => p.Press.Key).Concat(plan.Fingering.Unreachable.Select(p => p.Key)).Order());
    }

    [Fact]
    public void SilenceIsPlayedPerfectly()
    {
        SongPlan plan = Plan(rig.Scene, Rig.Quick, Rig.Song().WithInitialBuffer(1));
        Assert.Equal(1, plan.Score.F1);
        Assert.Empty(plan.Fingering.Presses);
    }

    [Fact]
    public void ThePedalIsPlayedAsWritten()
    {
        NoteTrajectory song = NoteTrajectory.FromScore(new Score("song", [new ScoreNote(0, 1, 39, 80)], [new SustainChange(0.2, 127), new SustainChange(0.6, 0)]));
        SongPlan plan = Plan(rig.Scene, Rig.Quick with { FreeRollouts = 0, ContactRollouts = 1 }, song);

        Assert.Equal([.. new double[20], .. song.Sustain.Select(s => (double)s)], plan.Pedal);
        Assert.Contains(1, plan.Pedal);
        Assert.Equal(1, plan.Score.SustainF1);
    }

    [Theory]
    [InlineData(ActionSpace.Full, Embodiment.FourFingers, ScenePreset.RoboPianist)]
    [InlineData(ActionSpace.Reduced, Embodiment.FiveFingers, ScenePreset.RoboPianist)]
    [InlineData(ActionSpace.Reduced, Embodiment.FourFingers, ScenePreset.Lab)]
    public void OtherHandsPlayTheMelodyToo(ActionSpace actions, Embodiment embodiment, ScenePreset preset)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { ActionSpace = actions, Embodiment = embodiment, Preset = preset });
        SongPlan plan = Plan(scene, Rig.Quick, Rig.Melody);

        Assert.Equal(scene.Actuators, plan.Commands.Actuators);
        Assert.True(plan.Score.F1 >= 0.8, $"F1 {plan.Score.F1}");
    }

    [Fact]
    public void OptionsThatPlanNothingAreRefused()
    {
        void Refused(PlannerOptions options, NoteTrajectory song) => Assert.ThrowsAny<ArgumentException>(() => Plan(rig.Scene, options, song));

        Refused(Rig.Quick with { ContactRollouts = 0 }, Rig.Melody);
        Refused(Rig.Quick with { FreeRollouts = -1 }, Rig.Melody);
        Refused(Rig.Quick with { LeadIn = -1 }, Rig.Melody);
        Refused(Rig.Quick with { Threads = 0 }, Rig.Melody);
        Refused(Rig.Quick with { Fingerings = [] }, Rig.Melody);
        Refused(Rig.Quick, NoteTrajectory.FromScore(new Score("song", [new ScoreNote(0, 1, 39, 80)]), dt: 0.1));
    }

    private static SongPlan Plan(PianoScene scene, PlannerOptions options, NoteTrajectory song, IProgress<PlanProgress>? progress = null) =>
        new SongPlanner(scene, options).Plan("song", song, progress, TestContext.Current.CancellationToken);

    private static Progress StopAt(CancellationTokenSource stop, string activity) => new(p =>
    {
        if (p.Activity.Contains(activity, StringComparison.Ordinal))
            stop.Cancel();
    });

    private static PerformanceScore Replay(PianoScene scene, SongPlan plan, NoteTrajectory song)
    {
        using var world = new PianoWorld(scene);
        var keys = new List<int[]>();
        for (int t = 0; t < plan.Commands.Steps; t++)
        {
            world.SetTargets(plan.Commands[t]);
            world.StepControl();
            bool[] down = world.KeysDown.ToArray();
            keys.Add([.. Enumerable.Range(0, down.Length).Where(k => down[k])]);
        }
        KeyRoll truth = song.ToKeyRoll();
        return PerformanceScore.OfRolls(truth, KeyRoll.Create(truth.TimeStep, keys.Skip(plan.LeadIn), truth.Sustain.ToArray()));
    }

    private sealed class Progress(Action<PlanProgress> report) : IProgress<PlanProgress>
    {
        public List<PlanProgress> Seen { get; } = [];

        public void Report(PlanProgress value)
        {
            Seen.Add(value);
            report(value);
        }
    }
}
