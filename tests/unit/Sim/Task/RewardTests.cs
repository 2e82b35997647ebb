using FsCheck;
using FsCheck.Fluent;
using Legato.Music;
using Legato.Sim;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Rewards;

namespace Legato.Tests.Sim.Tasks;

/// <summary>Every term on states made by hand, against values worked out by hand or from the published tables.</summary>
public sealed class RewardTests(Scenes scenes) : IClassFixture<Scenes>
{
    private const int Silent = 0, Both = 3, Only39 = 7;

    [Theory]
    [InlineData(Both, 1, 1, false, 1)]
    [InlineData(Both, 1, 0.5, false, 0.789)]
    [InlineData(Both, 1, 1, true, 0.5)]
    [InlineData(Both, 0, 0, true, 0.000125)]
    [InlineData(Only39, 0.75, 0, false, 0.846)]
    [InlineData(Silent, 0, 0, false, 0.5)]
    [InlineData(Silent, 0, 0, true, 0)]
    public void KeysThatShouldBeDownAndNoOther(int step, double depth39, double depth45, bool wrong, double expected)
    {
        TaskState state = At(step);
        (state.KeyDepths[39], state.KeyDepths[45]) = (depth39, depth45);
        state.KeysDown = wrong ? UInt128.One << 50 : 0;
        Assert.Equal(expected, Value("key_press", state), 0.001);
    }

    [Theory]
    [InlineData(3, 0, 1)]
    [InlineData(3, 0.49, 1)]
    [InlineData(3, 0.5, 1e-4)]
    [InlineData(4, 1, 1)]
    [InlineData(4, 0, 2.45e-4)]
    public void ThePedalIsDownFromAHalf(int step, double pedal, double expected)
    {
        TaskState state = At(step);
        state.Command[^1] = pedal;
        Assert.Equal(expected, Value("sustain", state), 0.01 * expected);
    }

    [Theory]
    [InlineData(1, -5)]
    [InlineData(0.5, -3.5)]
    [InlineData(0, -2)]
    public void EnergyCostsAndRailsMayCostLess(double rails, double expected)
    {
        TaskState state = At(Both);
        state.Power[scenes.Full.Actuators.Require("rh_A_FFJ3")] = 2;
        state.Power[scenes.Full.Actuators.Require("lh_forearm_tx")] = 3;
        Assert.Equal(expected, Value("energy", state, rails), 1e-12);
    }

    [Fact]
    public void FingersAreJudgedByTheirOwnKeys()
    {
        TaskState state = At(Both);
        Place(state.KeyPoints, 39, 0.1, 0, 0);
        Place(state.KeyPoints, 45, 0.2, 0, 0);
        PutAllFarAway(state);
        Place(state.TipPositions, 6, 0.1, 0, 0.005);
        Place(state.TipPositions, 1, 0.2, 0.03, 0.04);
        Assert.Equal(0.5 * (1 + 0.692), Value("fingering", state), 0.001);

        // Another finger does not do.
        Place(state.TipPositions, 6, 9, 9, 9);
        Place(state.TipPositions, 7, 0.1, 0, 0);
        Assert.Equal(0.5 * 0.692, Value("fingering", state), 0.001);
        // Transport asks for any.
        Assert.Equal(0.5 * (1 + 0.692), Value("transport", state), 0.001);
    }

    [Fact]
    public void InSilenceFingeringEarnsNothingAndTransportAll()
    {
        TaskState state = At(Silent);
        Assert.Equal([0, 1, 1], [Value("fingering", state), Value("transport", state), Value("transport_sum", state)]);
    }

    [Fact]
    public void ASongWithoutFingersHasNoFingeringReward() => Assert.Contains("transport", Assert.Throws<InputException>(() =>
        RewardKinds.Create(new("fingering", 1), new RewardContext(scenes.Full, TaskSong.From(Scenes.Chord), null))).Message, StringComparison.Ordinal);

    [Fact]
    public void HandsWithoutTheFingerAreRefused()
    {
        using PianoScene four = PianoScene.Build(new SceneOptions { Embodiment = Embodiment.FourFingers });
        TaskSong song = TaskSong.From(Scenes.Chord).WithFingering([(new FingeredKey(52, 4), 2, 3)]);
        Assert.Contains("finger 4", Assert.Throws<InputException>(() => RewardKinds.Create(new("fingering", 1), new RewardContext(four, song, null))).Message, StringComparison.Ordinal);
        RewardKinds.Create(new("fingering", 1), new RewardContext(scenes.Full, song, null));
    }

    [Fact]
    public void TransportFindsTheLeastTotalDistance() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            int[] keys = [.. Enumerable.Range(0, 88).OrderBy(_ => random.Next()).Take(random.Next(1, 4))];
            TaskState state = new(scenes.Full, TaskSong.From(Scenes.Notes([.. keys.Select(k => new ScoreNote(0, 0.1, k, 80))])));
            foreach (double[] points in (double[][])[state.KeyPoints, state.TipPositions])
            {
                for (int i = 0; i < points.Length; i++)
                    points[i] = 0.3 * random.NextDouble();
            }
            // With a falloff of 1 the total distance can be read from the reward.
            double total = 0.01 + Math.Sqrt(-Math.Log(Value("transport_sum", state, 1)));
            return Math.Abs(Least(state, keys, 0, 0) - total) < 1e-6;
        }).Holds(60);

    [Fact]
    public void OfMoreKeysThanFingersTenCount()
    {
        TaskState state = new(scenes.Full, TaskSong.From(Scenes.Notes([.. Enumerable.Range(20, 12).Select(k => new ScoreNote(0, 0.1, k, 80))])));
        for (int f = 0; f < 10; f++)
            Place(state.TipPositions, f, 0, 0.1 * f, 0);
        for (int k = 20; k < 32; k++)
            Place(state.KeyPoints, k, 0, k < 30 ? 0.1 * (k - 20) : 50, 0);
        Assert.Equal(1, Value("transport", state));
    }

    [Fact]
    public void TipsAreJudgedFromAboveAndNotInTheLeadIn()
    {
        var demo = new double[30 * 14];
        TaskSong song = TaskSong.From(Scenes.Chord, leadIn: 3);
        TaskState state = new(scenes.Full, song) { Step = 3 };
        for (int f = 0; f < 10; f++)
            Place(state.TipPositions, f, 0, f < 5 ? 0.06 : 0.005, 0.5);
        RewardTerm mimic = RewardKinds.Create(new("mimic", 1), new RewardContext(scenes.Full, song, new TipTable(10, demo)));
        // At the margin of 5 cm beyond the centimetre that is free a tip is worth a tenth.
        Assert.Equal(0.55, mimic.Evaluate(state), 1e-9);
        state.Step = 2;
        Assert.Equal(0, mimic.Evaluate(state));
    }

    [Fact]
    public void HandsThatTouchEarnNothing()
    {
        TaskState state = At(Both);
        Assert.Equal(1, Value("hands_apart", state));
        state.HandsTouch = true;
        Assert.Equal(0, Value("hands_apart", state));
    }

    [Theory]
    [InlineData(Both, new int[0], 0.4, 0)]
    [InlineData(Both, new[] { 39 }, 1, 1.25)]
    [InlineData(Both, new[] { 39, 50 }, 1, 0.75)]
    [InlineData(Both, new[] { 50 }, 0, 0.5)]
    [InlineData(Silent, new int[0], 0.4, 1.5)]
    [InlineData(Silent, new[] { 39 }, 0.9, 0.2)]
    public void PressesCaseByCase(int step, int[] down, double depth39, double expected)
    {
        TaskState state = At(step);
        state.KeyDepths[39] = depth39;
        state.KeysDown = down.Aggregate(UInt128.Zero, (keys, key) => keys | UInt128.One << key);
        Assert.Equal(expected, Value("press_cases", state), 1e-12);
    }

    [Fact]
    public void SlidingCostsOnPressedKeysOnly()
    {
        TaskState state = At(Both);
        (state.RailSpeeds[0], state.RailSpeeds[1]) = (0.1, -0.2);
        Assert.Equal(1, Value("sliding", state));
        state.KeysDown = 1;
        Assert.Equal(1 - (3 * 0.04), Value("sliding", state), 1e-12);
    }

    [Fact]
    public void ActionsCostBySizeAndByChange()
    {
        TaskState state = At(Both);
        int n = state.Action.Length;
        Array.Fill(state.Action, 0.5);
        Array.Fill(state.PreviousAction, 0.2);
        Assert.Equal(-0.25, Value("action_size", state), 1e-12);
        Assert.Equal(0, Value("action_rate", state));
        state.EpisodeStep = 1;
        Assert.Equal(-0.09, Value("action_rate", state), 1e-12);
        // One target of 44 by half of its range; the pedal is free.
        int drive = scenes.Full.Actuators.Require("rh_A_FFJ3");
        state.Command[drive] = 0.5 * (scenes.Full.ControlHigh[drive] - scenes.Full.ControlLow[drive]);
        state.Command[n - 1] = 1;
        Assert.Equal(-0.25 / 44, Value("command_rate", state), 1e-12);
    }

    private static double Least(TaskState state, int[] keys, int next, int taken)
    {
        if (next == keys.Length)
            return 0;
        double least = double.PositiveInfinity;
        for (int f = 0; f < 10; f++)
        {
            if ((taken >> f & 1) != 0)
                continue;
            double square = 0;
            for (int axis = 0; axis < 3; axis++)
                square += Math.Pow(state.TipPositions[(3 * f) + axis] - state.KeyPoints[(3 * keys[next]) + axis], 2);
            least = Math.Min(least, Math.Sqrt(square) + Least(state, keys, next + 1, taken | 1 << f));
        }
        return least;
    }

    private static void PutAllFarAway(TaskState state) => Array.Fill(state.TipPositions, 5);

    private static void Place(double[] points, int index, double x, double y, double z) =>
        (points[3 * index], points[(3 * index) + 1], points[(3 * index) + 2]) = (x, y, z);

    private TaskState At(int step) => new(scenes.Full, Scenes.Song) { Step = step };

    private double Value(string name, TaskState state, params double[] values) =>
        RewardKinds.Create(new RewardSettings(name, 1, values), new RewardContext(scenes.Full, state.Song, null)).Evaluate(state);
}
