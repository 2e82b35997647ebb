using Legato.Policy.Kinematics;
using Legato.Policy.Planning;
using Legato.Sim;
using Legato.Sim.Scene;

namespace Legato.Policy.Feedback;

/// <summary>A rail that carries a hand.</summary>
/// <param name="Actuator">Its place in a row of the plan.</param>
/// <param name="Joint">Its place among the scene's joints.</param>
/// <param name="Side">Whose hand.</param>
/// <param name="AlongKeyboard">How far the hand moves along the world's y for 1 m of the rail: ±1, or 0 for the rail across.</param>
public sealed record Carriage(int Actuator, int Joint, HandSide Side, double AlongKeyboard);

/// <summary>What one has to know of the hands to correct a plan while it is played.</summary>
/// <remarks>Immutable and thread-safe once made.</remarks>
public sealed record FeedbackModel
{
    // Below this a rail is taken for the one across, m per m.
    private const double Along = 0.5;

    /// <summary>The rails; none if hands cannot be moved aside.</summary>
    public IReadOnlyList<Carriage> Carriages { get; init; } = [];

    /// <summary>The scene's joints that each actuator moves, whose sum is what it drives; empty for rails, and as a whole if that is not known.</summary>
    public IReadOnlyList<int[]> FingerJoints { get; init; } = [];

    /// <summary>What each actuator can be told, rad or m; null if that is not known.</summary>
    public IReadOnlyList<(double Low, double High)>? Ranges { get; init; }

    /// <summary>Where the plan's own roll-out had every actuator's joints at the end of a step; null if that is not known.</summary>
    public CommandTable? Motion { get; init; }

    /// <summary>What sounded in it, in rows of the plan; null if that is not known: every note in time.</summary>
    public IReadOnlyList<SoundedKey>? Sounds { get; init; }

    /// <summary>Row by row, what to add to targets for 1 N more under each finger that presses or is about to; null if that is not known.</summary>
    public CommandTable? PerNewton { get; init; }

    /// <summary>The model for a plan.</summary>
    /// <param name="scene">What the plan is for.</param>
    /// <param name="plan">The plan.</param>
    public static FeedbackModel Of(PianoScene scene, SongPlan plan)
    {
        using var kinematics = new HandKinematics(scene);
        return new FeedbackModel
        {
            Carriages = CarriagesOf(kinematics, plan.Commands),
            FingerJoints = [.. Enumerable.Range(0, scene.Actuators.Count).Select(a => scene.Actuators.Units[a] == JointUnit.Metre ? [] : scene.JointsOf(a).ToArray())],
            Ranges = [.. scene.ControlLow.Zip(scene.ControlHigh)],
            Motion = plan.Motion,
            Sounds = plan.Sounds?.Select(s => s with { Start = plan.LeadIn + s.Start, End = plan.LeadIn + s.End }).ToArray(),
            PerNewton = Forces(kinematics, plan),
        };
    }

    private static List<Carriage> CarriagesOf(HandKinematics kinematics, CommandTable commands)
    {
        PianoScene scene = kinematics.Scene;
        var carriages = new List<Carriage>();
        kinematics.SetPose(commands[0]);
        Span<double> jacobian = stackalloc double[3];
        foreach (HandSide side in Enum.GetValues<HandSide>())
        {
            int finger = Enumerable.Range(0, scene.Fingers.Count).First(f => scene.Fingers[f].Side == side);
            foreach (int a in kinematics.ActuatorsOfSide[(int)side].Where(a => scene.Actuators.Units[a] == JointUnit.Metre))
            {
                kinematics.TipJacobian(finger, [a], jacobian);
                carriages.Add(new Carriage(a, scene.JointsOf(a)[0], side, Math.Abs(jacobian[1]) > Along ? jacobian[1] : 0));
            }
        }
        return carriages;
    }

    private static CommandTable Forces(HandKinematics kinematics, SongPlan plan)
    {
        var table = new CommandTable(plan.Commands.Actuators, plan.Commands.Steps);
        var targets = new TipTarget[kinematics.Scene.Fingers.Count];
        var press = new Feedforward.PressForce(kinematics);
        PlannedNote[][] notes = PlannedNote.PerFinger(plan.Fingering.Presses, plan.LeadIn, kinematics.Scene.Fingers);
        var next = new int[notes.Length];
        for (int t = 0; t < table.Steps; t++)
        {
            bool any = false;
            for (int f = 0; f < notes.Length; f++)
            {
                while (next[f] < notes[f].Length && notes[f][next[f]].End <= t)
                    next[f]++;
                bool pushes = next[f] < notes[f].Length && notes[f][next[f]].Start - 1 <= t;
                targets[f] = new TipTarget { Push = pushes ? 1 : 0 };
                any |= pushes;
            }
            if (!any)
                continue;
            kinematics.SetPose(plan.Commands[t]);
            press.Add(targets, table[t]);
        }
        return table;
    }
}
