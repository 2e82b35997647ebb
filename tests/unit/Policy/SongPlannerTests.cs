using Legato.Music;
using Legato.Policy.Fingering;
using Legato.Policy.Planning;
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
    public void CancellationStopsThePlanner()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new SongPlanner(rig.Scene, Rig.Quick).Plan("melody", Rig.Melody, null, cancelled.Token));

        using var midway = new CancellationTokenSource();
        var progress = new Progress(p =>
        {
            if (p.Activity.Contains("joint tracking 2", StringComparison.Ordinal))
                midway.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => new SongPlanner(rig.Scene, Rig.Quick).Plan("melody", Rig.Melody, progress, midway.Token));
        Assert.Contains("joint tracking 2", progress.Seen[^1].Activity, StringComparison.Ordinal);
    }

    [Fact]
    public void ProgressTellsTheBestSoFar()
    {
        var progress = new Progress(_ => { });
        PlannerOptions options = Rig.Quick with { ContactRollouts = 3 };
        SongPlan plan = Plan(rig.Scene, options, Rig.Song((39, 0)), progress);

        Assert.Equal(0, progress.Seen[0].Seconds);
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
