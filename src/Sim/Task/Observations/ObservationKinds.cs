using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Sim.Tasks.Observations;

/// <summary>Every observation by name.</summary>
/// <remarks>
/// Names are RoboPianist's where it has the observation. Nothing is normalised. Of a hand with n joints (26; 23 reduced) and a scene with m
/// actuators (44; 38 reduced):
/// <list type="table">
/// <item><term><c>action</c></term><description>m + 1: what was last sent, rad, m and the pedal 0..1; at an episode's start the low ends (RoboPianist)</description></item>
/// <item><term><c>action_canonical</c></term><description>m + 1: what the policy last put out, −1..1; zeros at an episode's start</description></item>
/// <item><term><c>demo_fingertips</c></term><description>30: where the demonstration has the tips at the end of this step, m, as <c>scene.Fingers</c></description></item>
/// <item><term><c>fingering</c></term><description>10: 1 for each finger that this step asks for, right thumb to little finger, then left</description></item>
/// <item><term><c>goal</c></term><description>(L + 1) · 89: keys and pedal of this step and L more, 0/1; zeros past the end</description></item>
/// <item><term><c>lh_shadow_hand/fingertip_positions</c>, <c>rh_…</c></term><description>15: x, y, z of thumb to little finger, m, from the reported joints</description></item>
/// <item><term><c>lh_shadow_hand/joints_pos</c>, <c>rh_…</c></term><description>n: reported positions, rad and m, rails last</description></item>
/// <item><term><c>lh_shadow_hand/joints_vel</c>, <c>rh_…</c></term><description>n: reported velocities, rad/s and m/s</description></item>
/// <item><term><c>piano/keys</c></term><description>88: 1 for each key heard to be down; all that a MIDI keyboard can tell</description></item>
/// <item><term><c>piano/state</c></term><description>88: depth of each key, 0..1 of its travel</description></item>
/// <item><term><c>piano/sustain_state</c></term><description>1: pedal last sent, 0..1</description></item>
/// <item><term><c>prior</c></term><description>m + 1: the plan's command of this step as a canonical action</description></item>
/// <item><term><c>reward</c></term><description>1: reward of the last step; 0 at an episode's start</description></item>
/// </list>
/// A rig reports neither how deep its keys are, nor its fingertips, nor a reward: a policy that observes these can be trained but not deployed.
/// Sources: RoboPianist 1.0.10 (tasks, wrappers), PianoMime (prior, demonstration), RP1M (fingertips). Stateless and thread-safe.
/// </remarks>
public static class ObservationKinds
{
    private const int Fingers = 10;

    private static readonly HashSet<string> SimulatedOnly = new(StringComparer.Ordinal) { "lh_shadow_hand/fingertip_positions", "piano/state", "reward", "rh_shadow_hand/fingertip_positions" };

    private static readonly Dictionary<string, Func<ObservationContext, string, ObservationPart>> Kinds = new(StringComparer.Ordinal)
    {
        ["action"] = (c, name) => new(name, c.Actions.Size, (s, v) => Fill(v, s.EpisodeStep == 0 ? c.Actions.Low : s.Command)),
        ["action_canonical"] = (c, name) => new(name, c.Actions.Size, static (s, v) => Fill(v, s.Action)),
        ["demo_fingertips"] = DemoFingertips,
        ["fingering"] = Fingering,
        ["goal"] = (c, name) => new(name, (c.Lookahead + 1) * TaskSong.GoalSize, (s, v) => WriteGoal(c.Song, s.Step, v)),
        ["lh_shadow_hand/fingertip_positions"] = (c, name) => Tips(c, name, HandSide.Left),
        ["lh_shadow_hand/joints_pos"] = (c, name) => Joints(c, name, HandSide.Left, static s => s.ReportedPositions),
        ["lh_shadow_hand/joints_vel"] = (c, name) => Joints(c, name, HandSide.Left, static s => s.ReportedVelocities),
        ["piano/keys"] = (_, name) => new(name, PianoGeometry.KeyCount, static (s, v) => WriteKeys(s.ReportedKeys, v)),
        ["piano/state"] = (_, name) => new(name, PianoGeometry.KeyCount, static (s, v) => Fill(v, s.ReportedDepths)),
        ["piano/sustain_state"] = (_, name) => new(name, 1, static (s, v) => v[0] = s.EpisodeStep == 0 ? 0 : (float)s.Command[^1]),
        ["prior"] = Prior,
        ["reward"] = (_, name) => new(name, 1, static (s, v) => v[0] = (float)s.LastReward),
        ["rh_shadow_hand/fingertip_positions"] = (c, name) => Tips(c, name, HandSide.Right),
        ["rh_shadow_hand/joints_pos"] = (c, name) => Joints(c, name, HandSide.Right, static s => s.ReportedPositions),
        ["rh_shadow_hand/joints_vel"] = (c, name) => Joints(c, name, HandSide.Right, static s => s.ReportedVelocities),
    };

    /// <summary>All names, in the order in which a vector has them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Kinds.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether a rig's reports, its song and its plan are enough to observe something of this name.</summary>
    public static bool IsReported(string name) => !SimulatedOnly.Contains(name);

    /// <summary>Makes an observation.</summary>
    /// <exception cref="InputException">There is none of that name, or what it shows is not there.</exception>
    public static ObservationPart Create(string name, ObservationContext context) => Kinds.TryGetValue(name, out Func<ObservationContext, string, ObservationPart>? make)
        ? make(context, name)
        : throw new InputException($"no observation '{name}'; there are {string.Join(", ", Names)}");

    private static ObservationPart DemoFingertips(ObservationContext c, string name)
    {
        TipTable tips = c.DemoTips ?? throw Missing(name, "a demonstration's fingertips");
        return tips.Width == 3 * c.Scene.Fingers.Count
            ? new(name, tips.Width, (s, v) => Fill(v, tips[s.Step]))
            : throw new InputException($"the demonstration has {tips.Width / 3} fingertips, the scene {c.Scene.Fingers.Count}; make it for this scene");
    }

    private static ObservationPart Fingering(ObservationContext c, string name)
    {
        if (!c.Song.HasFingering)
            throw Missing(name, "a song with fingers");
        return new(name, Fingers, (s, v) =>
        {
            v.Clear();
            foreach (FingeredKey key in c.Song.Fingers(s.Step))
                v[key.Finger] = 1;
        });
    }

    private static ObservationPart Prior(ObservationContext c, string name)
    {
        PriorTable prior = c.Prior ?? throw Missing(name, "a plan");
        return new(name, c.Actions.Size, (s, v) => c.Actions.ToCanonical(prior[s.Step], v));
    }

    private static ObservationPart Joints(ObservationContext c, string name, HandSide side, Func<TaskState, double[]> values)
    {
        int[] own = [.. c.Scene.Joints.Names.Index().Where(j => j.Item.StartsWith(side.Prefix(), StringComparison.Ordinal)).Select(j => j.Index)];
        return new(name, own.Length, (s, v) => Gather(v, values(s), own));
    }

    private static ObservationPart Tips(ObservationContext c, string name, HandSide side)
    {
        int[] own = [.. c.Scene.Fingers.Index().Where(f => f.Item.Side == side).SelectMany(f => Enumerable.Range(3 * f.Index, 3))];
        return new(name, own.Length, (s, v) => Gather(v, s.ReportedTips, own));
    }

    private static void WriteGoal(TaskSong song, int step, Span<float> values)
    {
        for (int row = 0; row * TaskSong.GoalSize < values.Length; row++)
        {
            Span<float> goal = values.Slice(row * TaskSong.GoalSize, TaskSong.GoalSize);
            WriteKeys(song.Keys(step + row), goal[..PianoGeometry.KeyCount]);
            goal[^1] = song.Pedal(step + row) ? 1 : 0;
        }
    }

    private static void WriteKeys(UInt128 keys, Span<float> values)
    {
        values.Clear();
        for (; keys != 0; keys &= keys - 1)
            values[(int)UInt128.TrailingZeroCount(keys)] = 1;
    }

    private static void Fill(Span<float> to, ReadOnlySpan<double> from)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] = (float)from[i];
    }

    private static void Gather(Span<float> to, double[] from, int[] indices)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] = (float)from[indices[i]];
    }

    private static InputException Missing(string name, string what) => new($"observation '{name}' needs {what}, and there is none; give it or leave the observation out");
}
