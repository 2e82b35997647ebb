using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Observations;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Tests.Sim.Tasks;

public sealed class ObservationTests(Scenes scenes) : IClassFixture<Scenes>
{
    private static readonly string[] RoboPianist = ["goal", "fingering", "rh_shadow_hand/joints_pos", "lh_shadow_hand/joints_pos", "piano/state", "piano/sustain_state"];

    [Theory]
    [InlineData("goal", 979)]
    [InlineData("fingering", 10)]
    [InlineData("lh_shadow_hand/joints_pos", 23)]
    [InlineData("rh_shadow_hand/joints_vel", 23)]
    [InlineData("piano/state", 88)]
    [InlineData("piano/sustain_state", 1)]
    [InlineData("action", 39)]
    [InlineData("rh_shadow_hand/fingertip_positions", 15)]
    public void SizesAreThePublishedOnes(string name, int size) => Assert.Equal(size, Layout(scenes.Reduced, [name]).Size);

    [Theory]
    [InlineData("goal", true)]
    [InlineData("piano/keys", true)]
    [InlineData("lh_shadow_hand/joints_vel", true)]
    [InlineData("demo_fingertips", true)]
    [InlineData("piano/state", false)]
    [InlineData("rh_shadow_hand/fingertip_positions", false)]
    [InlineData("reward", false)]
    public void ItIsKnownWhatARigReports(string name, bool isReported) => Assert.Equal(isReported, ObservationKinds.IsReported(name));

    [Fact]
    public void TotalsAreThePublishedOnes()
    {
        string[] withoutFingers = [.. RoboPianist.Where(n => n != "fingering")];
        Assert.Equal(1124, Layout(scenes.Reduced, RoboPianist).Size);
        Assert.Equal(1114, Layout(scenes.Reduced, withoutFingers).Size);
        Assert.Equal(1164, Layout(scenes.Reduced, [.. RoboPianist, "action", "reward"]).Size);
        Assert.Equal(1130, Layout(scenes.Full, RoboPianist).Size);
        Assert.Equal(1120, Layout(scenes.Full, withoutFingers).Size);
    }

    [Fact]
    public void TheVectorIsInTheOrderOfTheNames()
    {
        ObservationLayout layout = Layout(scenes.Reduced, RoboPianist);
        Assert.Equal(
            "fingering[0..10) goal[10..989) lh_shadow_hand/joints_pos[989..1012) piano/state[1012..1100) piano/sustain_state[1100..1101) rh_shadow_hand/joints_pos[1101..1124)",
            layout.ToString());
        Assert.Equal(layout, Layout(scenes.Reduced, [.. RoboPianist.Reverse()]));
        Assert.NotEqual(layout, Layout(scenes.Full, RoboPianist));
        Assert.Contains("no observation 'prior' here", Assert.Throws<InputException>(() => layout["prior"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnObservationThatIsUnknownOrHasNothingToShowIsRefused()
    {
        Assert.Contains("no observation 'gaol'", Refusal("gaol"), StringComparison.Ordinal);
        Assert.Contains("needs a plan", Refusal("prior"), StringComparison.Ordinal);
        Assert.Contains("needs a demonstration", Refusal("demo_fingertips"), StringComparison.Ordinal);
        var chord = TaskSong.From(Scenes.Chord);
        Assert.Contains("needs a song with fingers", Assert.Throws<InputException>(() => new PianoTask(Scenes.Plain with { Observations = ["fingering"] }, scenes.Full, chord)).Message, StringComparison.Ordinal);

        string Refusal(string name) => Assert.Throws<InputException>(() => Layout(scenes.Full, [name])).Message;
    }

    [Fact]
    public void TheGoalLooksAheadAndIsSilentBeyondTheEnd()
    {
        PianoTask task = new(Scenes.Plain with { Observations = ["goal", "fingering"], Lookahead = 2 }, scenes.Full, Scenes.Song);
        Assert.Equal([39, 45, 89 + 39, 89 + 45, 89 + 88, 178 + 39, 178 + 45, 178 + 88], Ones(3, "goal"));
        Assert.Equal([39, 88, 89 + 88], Ones(9, "goal"));
        Assert.Empty(Ones(11, "goal"));
        Assert.Equal([1, 6], Ones(5, "fingering"));
        Assert.Equal([6], Ones(6, "fingering"));
        Assert.Empty(Ones(10, "fingering"));

        IEnumerable<int> Ones(int step, string name)
        {
            var vector = new float[task.Observations.Layout.Size];
            task.Observations.Write(new TaskState(scenes.Full, Scenes.Song) { Step = step }, vector);
            float[] part = task.Observations.Layout.Slice(vector, name).ToArray();
            Assert.All(part, v => Assert.True(v is 0 or 1));
            return part.Index().Where(v => v.Item == 1).Select(v => v.Index);
        }
    }

    [Fact]
    public void JointsStandByTheirNames()
    {
        PianoTask task = new(Scenes.Plain with { Observations = ["rh_shadow_hand/joints_pos", "lh_shadow_hand/joints_vel"] }, scenes.Full, Scenes.Song);
        TaskState state = new(scenes.Full, Scenes.Song);
        state.ReportedPositions[scenes.Full.Joints.Require("rh_WRJ2")] = 1;
        state.ReportedPositions[scenes.Full.Joints.Require("rh_FFJ4")] = 2;
        state.ReportedPositions[scenes.Full.Joints.Require("rh_forearm_ty")] = 3;
        state.ReportedVelocities[scenes.Full.Joints.Require("lh_forearm_tx")] = 4;
        var vector = new float[task.Observations.Layout.Size];
        task.Observations.Write(state, vector);
        ReadOnlySpan<float> right = task.Observations.Layout.Slice(vector, "rh_shadow_hand/joints_pos");
        // Wrist first, first finger next, carriage last.
        Assert.Equal([1f, 2f, 3f], [right[0], right[2], right[25]]);
        Assert.Equal(4f, task.Observations.Layout.Slice(vector, "lh_shadow_hand/joints_vel")[24]);
        Assert.Equal(10f, vector.Sum());
    }

    [Fact]
    public void ActionsAndPlanAreInTheirUnits()
    {
        PriorTable prior = Scenes.Hold(scenes.Full, Scenes.Song.Steps, Scenes.Pressing);
        PianoTask task = new(Scenes.Plain with { Observations = ["action", "action_canonical", "prior", "reward"] }, scenes.Full, Scenes.Song, prior);
        using RigPool rigs = Scenes.Rigs(scenes.Full, SimParameters.Nominal);
        using TaskEnvironment environment = task.NewEnvironment(rigs.Rigs);
        var vector = new float[task.Observations.Layout.Size];
        int drive = scenes.Full.Actuators.Require("rh_A_FFJ3");
        double low = scenes.Full.ControlLow[drive], high = scenes.Full.ControlHigh[drive];

        environment.Reset();
        environment.Observe(vector);
        Assert.Equal((float)low, Part("action")[drive]);
        Assert.Equal(0, Part("action_canonical")[drive]);
        Assert.Equal((1 - low) / (high - low), 0.5 * (Part("prior")[drive] + 1), 1e-6);
        Assert.Equal(0, Part("reward")[0]);

        var action = new float[task.Actions.Size];
        (action[drive], action[^1]) = (0.5f, 3);
        StepOutcome outcome = environment.Step(action);
        environment.Observe(vector);
        Assert.Equal((0.25 * low) + (0.75 * high), Part("action")[drive], 1e-6);
        Assert.Equal(0.5f, Part("action_canonical")[drive]);
        Assert.Equal([1f, 1f], [Part("action")[^1], Part("action_canonical")[^1]]);
        Assert.Equal(outcome.Reward, Part("reward")[0]);
        Assert.NotEqual(0, outcome.Reward);

        float[] Part(string name) => task.Observations.Layout.Slice(vector, name).ToArray();
    }

    private static ObservationLayout Layout(PianoScene scene, string[] names) =>
        new PianoTask(Scenes.Plain with { Observations = names, Lookahead = 10 }, scene, Scenes.Song).Observations.Layout;
}
