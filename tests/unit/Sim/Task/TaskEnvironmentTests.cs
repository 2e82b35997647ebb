using Legato.Music;
using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Tests.Sim.Tasks;

public sealed class TaskEnvironmentTests(Scenes scenes) : IClassFixture<Scenes>
{
    [Fact]
    public void KeysAreTouchedWhereRoboPianistTouchesThem()
    {
        using var run = new Run(scenes.Full, Scenes.Plain, SimParameters.Nominal);
        Assert.Equal([0.02625, -0.05875, 0.016875], Point(39), Close);
        Assert.Equal([-0.01425, -0.0465, 0.0305], Point(40), Close);
        double before = run.State.KeyPoints[(3 * 54) + 2];
        run.Press(6);
        Assert.InRange(before - run.State.KeyPoints[(3 * 54) + 2], 0.004, 0.008);

        double[] Point(int key) => run.State.KeyPoints[(3 * key)..((3 * key) + 3)];
        static bool Close(double a, double b) => Math.Abs(a - b) < 1e-4;
    }

    [Fact]
    public void AnEpisodeIsTheSongAndEndsWithMoreToCome()
    {
        using var run = new Run(scenes.Full, Scenes.Plain, SimParameters.Nominal);
        var played = new List<UInt128>();
        var outcomes = new List<StepOutcome>();
        for (int t = 0; t < 11; t++)
        {
            outcomes.Add(run.Step());
            played.Add(run.State.KeysDown);
        }
        Assert.All(outcomes.SkipLast(1), o => Assert.False(o.IsOver));
        Assert.Equal((false, true), (outcomes[^1].Terminated, outcomes[^1].Truncated));
        Assert.Throws<InvalidOperationException>(() => run.Step());

        StepMetrics expected = StepMetrics.Compare(Scenes.Chord.ToKeyRoll(), KeyRoll.Create(0.05, played.Select(KeyRoll.Keys)));
        Assert.True(expected.Keys.F1 > 0.5, $"{expected.Keys}");
        EpisodeStatistics episode = run.Environment.Episode;
        Assert.Equal(expected.Keys, episode.Keys);
        Assert.Equal((0, 11, 0, false), (episode.Start, episode.Steps, episode.Rig, episode.Diverged));
        Assert.Equal(outcomes.Sum(o => (double)o.Reward), episode.Return, 1e-5);
        Assert.True(episode.Energy > 0.5, $"{episode.Energy} J");
    }

    [Fact]
    public void TheLeadInIsNotScored()
    {
        using var run = new Run(scenes.Full, Scenes.Plain, SimParameters.Nominal, leadIn: 4);
        for (int t = 0; t < 4; t++)
            run.Step();
        Assert.True(double.IsNaN(run.Environment.Episode.Keys.F1));
        Assert.NotEqual(0, (double)UInt128.PopCount(run.State.KeysDown));
        var played = new List<UInt128>();
        for (int t = 4; t < 15; t++)
        {
            run.Step();
            played.Add(run.State.KeysDown);
        }
        Assert.Equal(StepMetrics.Compare(Scenes.Chord.ToKeyRoll(), KeyRoll.Create(0.05, played.Select(KeyRoll.Keys))).Keys, run.Environment.Episode.Keys);
    }

    [Fact]
    public void AnEpisodeMayBeShorter()
    {
        using var run = new Run(scenes.Full, Scenes.Plain with { MaxSteps = 3 }, SimParameters.Nominal);
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(_ => run.Step().Truncated));
    }

    [Fact]
    public void AWrongKeyMayEndTheEpisodeForGood()
    {
        using var run = new Run(scenes.Full, Scenes.Plain with { EndOnWrongPress = true }, SimParameters.Nominal, song: Scenes.Song);
        StepOutcome last = default;
        int steps = 0;
        while (!last.IsOver)
        {
            last = run.Step();
            steps++;
        }
        Assert.True(last.Terminated && !last.Truncated);
        Assert.InRange(steps, 2, 5);
    }

    [Fact]
    public void TermsAddUpToTheReturn()
    {
        using var run = new Run(scenes.Full, Scenes.Plain with { Rewards = [new("key_press", 2), new("energy", 0.005), new("hands_apart", 0.5)] }, SimParameters.Nominal);
        run.Press(8);
        double[] sums = run.Environment.TermSums.ToArray();
        Assert.Equal(4, sums[2], 1e-12);
        Assert.InRange(sums[1], -1, -0.01);
        Assert.Equal(run.Environment.Episode.Return, sums.Sum(), 1e-9);
    }

    [Fact]
    public void HandsThatMeetTouch()
    {
        using var run = new Run(scenes.Full, Scenes.Plain, SimParameters.Nominal);
        float[] together = Scenes.ActionTo(run.Task, scenes.Full, name => name switch { "rh_forearm_tx" => -0.2, "lh_forearm_tx" => 0.2, _ => 0 });
        bool touched = false;
        for (int t = 0; t < 11; t++)
        {
            Assert.True(t > 0 || !run.State.HandsTouch);
            run.Environment.Step(together);
            touched |= run.State.HandsTouch;
        }
        Assert.True(touched);
    }

    [Fact]
    public void ALagOfReportsShowsInWhatIsObservedAndNowhereElse()
    {
        using var prompt = new Run(scenes.Full, Scenes.Plain, SimParameters.Nominal);
        using var late = new Run(scenes.Full, Scenes.Plain, SimParameters.Nominal.With("right_hand.report_lag", 0.05));
        int right = scenes.Full.Joints.Require("rh_FFJ3"), left = scenes.Full.Joints.Require("lh_FFJ3"), rail = scenes.Full.Joints.Require("rh_forearm_tx");
        for (int t = 0; t < 6; t++)
        {
            (double position, double velocity) = (prompt.State.ReportedPositions[right], prompt.State.ReportedVelocities[right]);
            double tip = prompt.State.ReportedTips[3];
            prompt.Step();
            late.Step();
            Assert.Equal(position, late.State.ReportedPositions[right]);
            Assert.Equal(velocity, late.State.ReportedVelocities[right]);
            Assert.NotEqual(position, prompt.State.ReportedPositions[right]);
            Assert.Equal(prompt.State.ReportedPositions[left], late.State.ReportedPositions[left]);
            Assert.Equal(prompt.State.ReportedPositions[rail], late.State.ReportedPositions[rail]);
            Assert.Equal(prompt.State.TipPositions, late.State.TipPositions);
            // Tips are where the reported joints put them; rails, which move by a millimetre, report at once.
            Assert.Equal(tip, late.State.ReportedTips[3], 3e-3);
            Assert.True(t > 0 || Math.Abs(tip - prompt.State.ReportedTips[3]) > 0.01);
            Assert.Equal(prompt.State.KeysDown, late.State.KeysDown);
        }
    }

    [Fact]
    public void AFilterOfReportsSmoothsWhatIsObservedAndNothingElse()
    {
        using var prompt = new Run(scenes.Full, Scenes.Plain, SimParameters.Nominal);
        using var smooth = new Run(scenes.Full, Scenes.Plain, SimParameters.Nominal, reportFilter: 0.05);
        int joint = scenes.Full.Joints.Require("rh_FFJ3"), rail = scenes.Full.Joints.Require("rh_forearm_tx");
        double last = 0;
        for (int t = 0; t < 11; t++)
        {
            prompt.Step();
            smooth.Step();
            // The finger bends: the filter is behind, and follows.
            Assert.True(t > 2 || smooth.State.ReportedPositions[joint] < prompt.State.ReportedPositions[joint] - 0.01);
            Assert.True(t > 2 || smooth.State.ReportedPositions[joint] > last + 0.01);
            last = smooth.State.ReportedPositions[joint];
            Assert.Equal(prompt.State.ReportedPositions[rail], smooth.State.ReportedPositions[rail]);
            Assert.Equal(prompt.State.TipPositions, smooth.State.TipPositions);
            Assert.Equal(prompt.State.KeysDown, smooth.State.KeysDown);
        }
        Assert.Equal(prompt.State.ReportedPositions[joint], last, 5e-3);
        Assert.Equal(0, smooth.State.ReportedVelocities[joint], 0.1);
    }

    [Fact]
    public void WhoSeesThingsAsTheyAreSeesNoFilter()
    {
        using var asTheyAre = new Run(scenes.Full, Scenes.Plain with { Privileged = true }, SimParameters.Nominal, reportFilter: 0.05);
        using var prompt = new Run(scenes.Full, Scenes.Plain, SimParameters.Nominal);
        asTheyAre.Step();
        prompt.Step();
        Assert.Equal(prompt.State.ReportedPositions, asTheyAre.State.ReportedPositions);
    }

    [Fact]
    public void SensorsAreOffByTheirZeros()
    {
        SimParameters off = SimParameters.Nominal.With("rh_FFJ3.offset", 0.05).With("rh_MFJ0.offset", 0.04);
        using var rig = new Run(scenes.Full, Scenes.Plain, off);
        using var truth = new Run(scenes.Full, Scenes.Plain with { Privileged = true }, off);
        Assert.Equal(rig.Press(4), truth.Press(4));
        Assert.Equal(0.05, Difference("rh_FFJ3"), 1e-9);
        Assert.Equal(0.02, Difference("rh_MFJ1"), 1e-9);
        Assert.Equal(0.02, Difference("rh_MFJ2"), 1e-9);
        Assert.Equal(0, Difference("lh_FFJ3"), 1e-9);
        Assert.Equal(truth.State.TipPositions, truth.State.ReportedTips);
        Assert.True(Math.Abs(rig.State.ReportedTips[5] - rig.State.TipPositions[5]) > 0.002);

        double Difference(string joint) => rig.State.ReportedPositions[scenes.Full.Joints.Require(joint)] - truth.State.ReportedPositions[scenes.Full.Joints.Require(joint)];
    }

    [Fact]
    public void CommandsAndKeysAreLateByTheRigsTimes()
    {
        using var prompt = new Run(scenes.Full, Scenes.Plain, SimParameters.Nominal);
        using var slow = new Run(scenes.Full, Scenes.Plain, SimParameters.Nominal.With("right_hand.delay", 0.05).With("left_hand.delay", 0.05).With("rails.delay", 0.05));
        using var deaf = new Run(scenes.Full, Scenes.Plain, SimParameters.Nominal.With("keyboard.latency", 0.05));
        using var all = new Run(scenes.Full, Scenes.Plain with { Privileged = true }, SimParameters.Nominal.With("keyboard.latency", 0.05));
        UInt128 before = 0;
        double joint = 0;
        bool differed = false;
        for (int t = 0; t < 6; t++)
        {
            foreach (Run run in (Run[])[prompt, slow, deaf, all])
                run.Step();
            // All but the same: at rest the keys sink by a hair.
            Assert.Equal(joint, slow.State.ReportedPositions[scenes.Full.Joints.Require("rh_FFJ3")], 1e-3);
            Assert.Equal(before, deaf.State.ReportedKeys);
            Assert.Equal(before, deaf.State.KeysDown);
            Assert.Equal(prompt.State.KeysDown, all.State.ReportedKeys);
            Assert.Equal(before, all.State.KeysDown);
            differed |= before != prompt.State.KeysDown;
            (before, joint) = (prompt.State.KeysDown, prompt.State.ReportedPositions[scenes.Full.Joints.Require("rh_FFJ3")]);
        }
        Assert.True(differed);
    }

    [Fact]
    public void AnEpisodeMayStartInTheMiddleWhereThePlanIs()
    {
        PriorTable prior = Scenes.Hold(scenes.Full, 11, Scenes.Pressing);
        PianoTask task = new(Scenes.Plain, scenes.Full, TaskSong.From(Scenes.Chord), prior);
        using RigPool rigs = Scenes.Rigs(scenes.Full, SimParameters.Nominal.With("lh_THJ5.offset", 0.05));
        using TaskEnvironment environment = task.NewEnvironment(rigs.Rigs);
        environment.Reset(6);
        Assert.Equal((6, 0), (environment.State.Step, environment.State.EpisodeStep));
        // Down from above, as when the song is played; nothing next to them.
        Assert.InRange(KeyRoll.Keys(environment.State.KeysDown).Count(), 3, 4);
        Assert.Subset(Scenes.Pressed.ToHashSet(), KeyRoll.Keys(environment.State.KeysDown).ToHashSet());
        Assert.Equal(1, environment.State.ReportedPositions[scenes.Full.Joints.Require("rh_FFJ3")], 0.15);
        Assert.Equal(0, environment.State.ReportedPositions[scenes.Full.Joints.Require("lh_THJ5")], 0.01);
        Assert.Equal(1, environment.State.Command[scenes.Full.Actuators.Require("rh_A_FFJ3")]);
        float[] action = Scenes.ActionTo(task, scenes.Full, Scenes.Pressing);
        for (int t = 6; t < 10; t++)
        {
            Assert.False(environment.Step(action).IsOver);
            Assert.Subset(Scenes.Pressed.ToHashSet(), KeyRoll.Keys(environment.State.KeysDown).ToHashSet());
        }
        Assert.True(environment.Step(action).Truncated);
        Assert.Equal((6, 5), (environment.Episode.Start, environment.Episode.Steps));
        Assert.Throws<ArgumentOutOfRangeException>(() => environment.Reset(11));
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(5, 1)]
    public void FingersStartAsTheirTendonsShareTheTravel(double coupling, double middle)
    {
        // Hands up, so that no finger touches a key.
        PriorTable prior = Scenes.Hold(scenes.Full, 11, name => name.EndsWith("WRJ1", StringComparison.Ordinal) ? -0.6 : name.EndsWith("FJ0", StringComparison.Ordinal) ? 1 : 0);
        PianoTask task = new(Scenes.Plain, scenes.Full, Scenes.Song, prior);
        using RigPool rigs = Scenes.Rigs(scenes.Full, SimParameters.Nominal.With("hands.coupling", coupling));
        using TaskEnvironment environment = task.NewEnvironment(rigs.Rigs);
        environment.Reset(3);
        Assert.Equal(middle, environment.State.ReportedPositions[scenes.Full.Joints.Require("rh_FFJ2")], 0.05);
        Assert.Equal(1 - middle, environment.State.ReportedPositions[scenes.Full.Joints.Require("rh_FFJ1")], 0.05);
    }

    [Fact]
    public void WithoutAPlanThereIsNoMiddleToStartIn()
    {
        using var run = new Run(scenes.Full, Scenes.Plain, SimParameters.Nominal);
        Assert.Throws<InvalidOperationException>(() => run.Environment.Reset(3));
        Assert.Contains("random_start", Assert.Throws<InputException>(() => new PianoTask(Scenes.Plain with { RandomStart = 0.5 }, scenes.Full, Scenes.Song)).Message, StringComparison.Ordinal);
        Assert.Contains("9 rows, the song 11 steps", Assert.Throws<InputException>(() =>
            new PianoTask(Scenes.Plain, scenes.Full, Scenes.Song, Scenes.Hold(scenes.Full, 9, Scenes.Pressing))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RigsOfOtherHandsAreRefused()
    {
        PianoTask task = new(Scenes.Plain, scenes.Full, Scenes.Song);
        using RigPool rigs = Scenes.Rigs(scenes.Reduced, SimParameters.Nominal);
        Assert.Throws<ArgumentException>(() => task.NewEnvironment(rigs.Rigs));
        Assert.Throws<ArgumentException>(() => task.NewEnvironment([]));
    }

    /// <summary>A task on one rig, held in the pose that presses four keys.</summary>
    private sealed class Run : IDisposable
    {
        private readonly RigPool _rigs;
        private readonly float[] _pressing;

        public Run(PianoScene scene, TaskDefinition definition, SimParameters parameters, int leadIn = 0, TaskSong? song = null, double reportFilter = 0)
        {
            Task = new PianoTask(definition, scene, song ?? TaskSong.From(Scenes.Chord, leadIn));
            _rigs = Scenes.Rigs(scene, parameters);
            Environment = Task.NewEnvironment([.. _rigs.Rigs.Select(rig => rig with { ReportFilter = reportFilter })]);
            Environment.Reset();
            _pressing = Scenes.ActionTo(Task, scene, Scenes.Pressing);
        }

        public PianoTask Task { get; }

        public TaskEnvironment Environment { get; }

        public TaskState State => Environment.State;

        public StepOutcome Step() => Environment.Step(_pressing);

        public double Press(int steps)
        {
            for (int t = 0; t < steps; t++)
                Step();
            return Environment.Episode.Return;
        }

        public void Dispose()
        {
            Environment.Dispose();
            _rigs.Dispose();
        }
    }
}
