using Legato.Music;
using Legato.Policy;
using Legato.Policy.Kinematics;
using Legato.Policy.Planning;
using Legato.Policy.Refinement;
using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Tests.Policy;

public sealed class SamplingRefinerTests(SamplingRefinerTests.Spoilt song) : IClassFixture<SamplingRefinerTests.Spoilt>
{
    private static readonly SamplingOptions Few = new() { Samples = 8, Passes = 1 };

    [Fact]
    public void AFaultIsRepaired()
    {
        PerformanceScore before = song.Replay(song.Commands);
        SamplingResult result = Refine(new SamplingOptions { Passes = 3 });

        Assert.True(before.F1 < 0.9, $"before: F1 {before.F1}");
        Assert.True(result.Score.F1 > 0.97, $"after: F1 {result.Score.F1}");
        Assert.Equal(result.Score, song.Replay(result.Commands));
        for (int t = 0; t < result.Commands.Steps; t++)
        {
            for (int a = 0; a < song.Scene.Actuators.Count; a++)
                Assert.InRange(result.Commands[t][a], song.Scene.ControlLow[a], song.Scene.ControlHigh[a]);
        }
    }

    [Fact]
    public void OnlyTheNeighbourhoodOfTheFaultChanges()
    {
        double[] before = song.Commands.Values.ToArray();
        SamplingResult result = Refine(Few);

        Assert.Equal(before, song.Commands.Values.ToArray());
        Assert.NotEqual(before, result.Commands.Values.ToArray());
        for (int t = 0; t < Spoilt.From - Few.Lead; t++)
            Assert.Equal(song.Commands[t].ToArray(), result.Commands[t].ToArray());
    }

    [Fact]
    public void TheBitsDoNotDependOnThreadsButOnTheSeed()
    {
        SamplingResult one = Refine(Few, song.Wild, seed: 3, threads: 1);
        SamplingResult three = Refine(Few, song.Wild, seed: 3, threads: 3);
        SamplingResult other = Refine(Few, song.Wild, seed: 4, threads: 1);

        Assert.Equal(one.Commands.Values.ToArray().Select(BitConverter.DoubleToInt64Bits), three.Commands.Values.ToArray().Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal((one.Score, one.EnvSteps), (three.Score, three.EnvSteps));
        Assert.True(!one.Commands.Values.SequenceEqual(other.Commands.Values), $"{one.Score} {other.Score} {one.EnvSteps} {other.EnvSteps} {song.Replay(song.Wild)}");
    }

    [Fact]
    public void ABudgetCutsInAtTheSamePlaceOnAnyNumberOfThreads()
    {
        SamplingOptions scarce = Few with { Samples = 20, EnvSteps = song.Wild.Steps + 200 };
        SamplingResult one = Refine(scarce, song.Wild, threads: 1), three = Refine(scarce, song.Wild, threads: 3);

        Assert.Equal((one.Score, one.EnvSteps), (three.Score, three.EnvSteps));
        Assert.Equal(one.Commands.Values.ToArray(), three.Commands.Values.ToArray());
        Assert.True(one.EnvSteps < Refine(scarce with { EnvSteps = long.MaxValue }, song.Wild).EnvSteps);
    }

    [Fact]
    public void ScenesMayDifferInHowLateTheyAct()
    {
        using PianoScene late = song.Scene.With(Rig.LateByOneStep);
        SamplingResult result = Refine(Few with { Samples = 2 }, scenes: [song.Scene, late]);

        Assert.Equal(song.Replay(result.Commands), result.Score);
        Assert.True(result.EnvSteps > 2 * song.Commands.Steps);
    }

    [Fact]
    public void AFlawlessPlanStaysAsItIs()
    {
        SamplingResult result = Refine(new SamplingOptions(), song.Flawless);

        Assert.Equal(1, result.Score.F1);
        Assert.Equal(song.Flawless.Values.ToArray(), result.Commands.Values.ToArray());
        Assert.Equal(song.Flawless.Steps, result.EnvSteps);
    }

    [Fact]
    public void NoBudgetLeavesThePlanAsItIs()
    {
        SamplingResult spent = Refine(new SamplingOptions { EnvSteps = 1 });
        SamplingResult over = Refine(new SamplingOptions(), isOver: () => true);
        SamplingResult none = Refine(new SamplingOptions { Passes = 0 });

        foreach (SamplingResult result in (SamplingResult[])[spent, over, none])
        {
            Assert.Equal(song.Commands.Values.ToArray(), result.Commands.Values.ToArray());
            Assert.Equal((song.Replay(song.Commands), song.Commands.Steps), (result.Score, result.EnvSteps));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public void EndedEarlyItIsNeverWorseThanBefore(int questions)
    {
        int asked = 0;
        SamplingResult result = Refine(Few, isOver: () => ++asked > questions);

        Assert.True(result.Score.F1 >= song.Replay(song.Commands).F1);
        Assert.Equal(result.Score, song.Replay(result.Commands));
    }

    [Fact]
    public void CancellationStopsIt()
    {
        using var source = new CancellationTokenSource();
        var seen = new Watcher(_ => source.Cancel());
        Assert.ThrowsAny<OperationCanceledException>(() => song.Refiner(Few).Refine(song.Commands, null, seen, source.Token));
        Assert.Single(seen.Reports);
    }

    [Fact]
    public void ProgressCountsWindowsAndSteps()
    {
        var seen = new Watcher(_ => { });
        SamplingResult result = Refine(Few, progress: seen);

        Assert.Equal((1, 1), (seen.Reports[0].Pass, seen.Reports[0].Windows));
        Assert.Equal(seen.Reports.Select(r => r.EnvSteps).Order(), seen.Reports.Select(r => r.EnvSteps));
        Assert.Equal((result.EnvSteps, result.Score), (seen.Reports[^1].EnvSteps, seen.Reports[^1].Best));
        Assert.True(seen.Reports[^1].Improved >= 1);
    }

    [Fact]
    public void WithSeveralScenesAllOfThemImprove()
    {
        using PianoScene stiff = song.Scene.With(SimParameters.Nominal.With("keys.stiffness", 1.2));
        SamplingResult result = Refine(new SamplingOptions { Passes = 2 }, scenes: [song.Scene, stiff]);

        Assert.Equal(result.Score, song.Replay(result.Commands));
        Assert.True(result.Score.F1 > song.Replay(song.Commands).F1);
        Assert.True(song.Replay(result.Commands, stiff).F1 > song.Replay(song.Commands, stiff).F1);
    }

    [Fact]
    public void ARigThatActsLateIsSampledAsItIs()
    {
        using PianoScene late = song.Scene.With(Rig.LateByOneStep);
        SamplingResult result = Refine(new SamplingOptions { Passes = 1 }, scenes: [late]);

        Assert.True(result.Score.F1 > song.Replay(Rig.OneStepLater(song.Commands)).F1);
        Assert.Equal(result.Score, song.Replay(Rig.OneStepLater(result.Commands)));
    }

    [Fact]
    public void ThePlannerSamplesWhatLearningLeavesWrong()
    {
        // So rough an inverse that fingers do not follow.
        PlannerOptions options = Rig.Quick with { FreeRollouts = 0, ContactRollouts = 1, Roughness = 1 };
        NoteTrajectory chords = Rig.Song((39, 0), (43, 0), (46, 0), (41, 0.5), (45, 0.5), (48, 0.5));
        SongPlan without = new SongPlanner(song.Scene, options).Plan("chords", chords, null, TestContext.Current.CancellationToken);
        SongPlan with = new SongPlanner(song.Scene, options with { Sampling = new SamplingOptions { Passes = 1 } }).Plan("chords", chords, null, TestContext.Current.CancellationToken);

        Assert.True(with.Score.F1 > without.Score.F1, $"F1 {without.Score.F1} -> {with.Score.F1}");
        Assert.Equal(with.Score, Spoilt.Replay(with.Commands, song.Scene, chords.ToKeyRoll()));
        Assert.True(with.EnvSteps > without.EnvSteps);
    }

    [Fact]
    public void OptionsOutOfRangeAreRefused()
    {
        void Refused(SamplingOptions options, int threads = 1) => Assert.ThrowsAny<ArgumentException>(() => Refine(options, threads: threads));

        Refused(new SamplingOptions { Samples = 0 });
        Refused(new SamplingOptions { Ahead = 0 });
        Refused(new SamplingOptions { Stride = 0 });
        Refused(new SamplingOptions { Noise = -1 });
        Refused(new SamplingOptions { Longest = 5 });
        Refused(new SamplingOptions(), threads: 0);
        Assert.ThrowsAny<ArgumentException>(() => Refine(Few, new CommandTable(song.Scene.Actuators, 3)));
        Assert.ThrowsAny<ArgumentException>(() => Refine(Few, scenes: []));
    }

    private SamplingResult Refine(SamplingOptions options, CommandTable? plan = null, int seed = 1, int threads = 2, IReadOnlyList<PianoScene>? scenes = null, Func<bool>? isOver = null, IProgress<SamplingProgress>? progress = null) =>
        song.Refiner(options, seed, threads, scenes).Refine(plan ?? song.Commands, isOver, progress, TestContext.Current.CancellationToken);

    /// <summary>A flawless plan of three notes, and the same with a finger that does not press the second.</summary>
    public sealed class Spoilt : IDisposable
    {
        private const int LeadIn = 20;
        private readonly Rig _rig = new();
        private readonly TipReference _tips;
        private readonly KeyRoll _truth;

        public Spoilt()
        {
            NoteTrajectory melody = Rig.Song((39, 0), (41, 0.5), (43, 1));
            SongPlan plan = new SongPlanner(_rig.Scene, Rig.Quick).Plan("melody", melody);
            Flawless = plan.Commands;
            _truth = melody.ToKeyRoll();
            _tips = new TipReference(_rig.Scene, plan.Fingering, LeadIn, melody.Count, _rig.Kinematics.TipRadius, _rig.Style);
            Commands = Flawless.Clone();
            FingerSite finger = _rig.Scene.Fingers[plan.Fingering.Presses[1].Finger];
            string name = finger.Side.Prefix() + "A_" + ((string[])["TH", "FF", "MF", "RF", "LF"])[finger.Digit];
            foreach (string joint in (string[])["J3", "J0"])
            {
                int flexion = _rig.Scene.Actuators.Require(name + joint);
                for (int t = From; t < From + 8; t++)
                    Commands[t][flexion] = Math.Max(Commands[t][flexion] - 0.6, _rig.Scene.ControlLow[flexion]);
            }
        }

        /// <summary>The spoilt plan with hands that shiver: what no single stroke mends.</summary>
        public CommandTable Wild
        {
            get
            {
                CommandTable wild = Commands.Clone();
                foreach (int joint in Enumerable.Range(0, Scene.Actuators.Count).Where(a => Scene.Actuators.Units[a] == JointUnit.Radian))
                {
                    for (int t = From; t < From + 8; t++)
                        wild[t][joint] = Math.Clamp(wild[t][joint] + (0.6 * Math.Sin((2 * t) + joint)), Scene.ControlLow[joint], Scene.ControlHigh[joint]);
                }
                return wild;
            }
        }

        /// <summary>First spoilt step.</summary>
        public static int From => LeadIn + 9;

        public PianoScene Scene => _rig.Scene;

        public CommandTable Flawless { get; }

        public CommandTable Commands { get; }

        public SamplingRefiner Refiner(SamplingOptions options, int seed = 1, int threads = 1, IReadOnlyList<PianoScene>? scenes = null) =>
            new(scenes ?? [Scene], _rig.Kinematics, _tips, _truth, LeadIn, options, seed, threads);

        public PerformanceScore Replay(CommandTable commands, PianoScene? scene = null) => Replay(commands, scene ?? Scene, _truth);

        public static PerformanceScore Replay(CommandTable commands, PianoScene scene, KeyRoll truth)
        {
            using var world = new PianoWorld(scene);
            var keys = new List<int[]>();
            for (int t = 0; t < commands.Steps; t++)
            {
                world.SetTargets(commands[t]);
                world.StepControl();
                bool[] down = world.KeysDown.ToArray();
                keys.Add([.. Enumerable.Range(0, down.Length).Where(k => down[k])]);
            }
            return PerformanceScore.OfRolls(truth, KeyRoll.Create(truth.TimeStep, keys.Skip(LeadIn), truth.Sustain.ToArray()));
        }

        public void Dispose() => _rig.Dispose();
    }

    private sealed class Watcher(Action<SamplingProgress> report) : IProgress<SamplingProgress>
    {
        public List<SamplingProgress> Reports { get; } = [];

        public void Report(SamplingProgress value)
        {
            Reports.Add(value);
            report(value);
        }
    }
}
