using System.Text.Json;
using Legato.Sim.Scene;
using Legato.Tests.Music;

namespace Legato.Tests.Sim;

/// <summary>The hands as their makers describe them (<c>Data/shadow_hand.json</c>), and kinematics computed from that alone.</summary>
internal sealed record HandData(IReadOnlyList<HandBody> Bodies, IReadOnlyList<HandActuator> Actuators)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly Dictionary<string, HandData> Hands = JsonDocument
        .Parse(File.ReadAllText(Path.Combine(Reference.Repository, "tests", "unit", "Sim", "Data", "shadow_hand.json")))
        .RootElement.GetProperty("hands").Deserialize<Dictionary<string, HandData>>(Json)!;

    public static HandData Of(HandSide side) => Hands[side == HandSide.Right ? "right" : "left"];

    /// <summary>World positions of all bodies and of the tips (by the body's name + " tip") for joint positions by name.</summary>
    public Dictionary<string, double[]> Forward(double rootY, Func<string, double> joint)
    {
        var position = new Dictionary<string, double[]>();
        var rotation = new Dictionary<string, Rotation>();
        foreach (HandBody body in Bodies)
        {
            string side = body.Name[..3];
            double[] p;
            Rotation r;
            if (body.Parent == "world")
            {
                // The carriage: +tx towards the high notes (+y), +ty towards the fall-board (−x).
                p = [0.4 - joint(side + "forearm_ty"), rootY + joint(side + "forearm_tx"), 0.13];
                r = Rotation.Of([-1, -1, 1, 1]);
            }
            else
            {
                double[] offset = rotation[body.Parent].Apply(body.Pos);
                p = [.. position[body.Parent].Zip(offset, (a, b) => a + b)];
                r = rotation[body.Parent] * Rotation.Of(body.Quat);
            }
            if (body.Joint is { } j)
                r *= Rotation.About(j.Axis, joint(j.Name));
            position[body.Name] = p;
            rotation[body.Name] = r;
            if (body.Tip is { } tip)
                position[body.Name + " tip"] = [.. p.Zip(r.Apply(tip), (a, b) => a + b)];
        }
        return position;
    }
}

/// <summary>A link: frame in its parent, centre of mass, inertia (xx yy zz xy xz yz in body axes), its joint and fingertip if any.</summary>
internal sealed record HandBody(string Name, string Parent, double[] Pos, double[] Quat, double Mass, double[] Com, double[] Inertia, HandJoint? Joint, double[]? Tip);

/// <summary>A hinge through the origin of its body.</summary>
internal sealed record HandJoint(string Name, double[] Axis, double[] Range, double Damping, double Armature, double Frictionloss);

/// <summary>A position actuator on a joint or on the tendon J0.</summary>
internal sealed record HandActuator(string Name, string Target, double Kp, double[] CtrlRange, double[] ForceRange);
