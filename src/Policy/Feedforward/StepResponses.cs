using Legato.Sim.Drives;
using Legato.Sim.Scene;

namespace Legato.Policy.Feedforward;

/// <summary>
/// How each actuator answers a step of its target, sampled at the control rate: identified in the simulator, contacts off, around a posture.
/// </summary>
/// <remarks>Immutable. Values are fractions of the step; the last one holds from there on.</remarks>
public sealed class StepResponses
{
    /// <summary>Samples kept: 1.2 s.</summary>
    public const int Length = 24;

    private static readonly SceneMemo<StepResponses> Known = new();

    private readonly double[][] _response;

    private StepResponses(double[][] response) => _response = response;

    /// <summary>Response of an actuator: element k is its position k + 1 control steps after a unit step.</summary>
    public ReadOnlySpan<double> this[int actuator] => _response[actuator];

    /// <summary>Identifies the responses of a scene around a posture (actuator coordinates).</summary>
    /// <param name="free">The scene without contacts.</param>
    /// <param name="posture">Targets around which to step.</param>
    public static StepResponses Identify(PianoScene free, ReadOnlySpan<double> posture)
    {
        double[] around = posture.ToArray();
        return Known.Of(free, string.Join(' ', around.Select(BitConverter.DoubleToInt64Bits)), () => IdentifyAnew(free, around));
    }

    private static StepResponses IdentifyAnew(PianoScene free, double[] posture)
    {
        int n = free.Actuators.Count;
        var response = new double[n][];
        using var world = new DrivenWorld(free);
        double[] rest = Settle(world, posture);
        var targets = new double[n];
        var joints = new double[free.Joints.Count];
        // Both hands at once: they do not feel each other without contacts.
        int half = n / 2;
        for (int i = 0; i < half; i++)
        {
            posture.CopyTo(targets);
            world.Start(rest, velocities: [], targets);
            int[] pair = [i, i + half];
            double[] size = new double[2], start = new double[2];
            for (int s = 0; s < 2; s++)
            {
                int a = pair[s];
                double span = 0.1 * (free.ControlHigh[a] - free.ControlLow[a]);
                // Away from the nearer end of the range.
                size[s] = posture[a] > 0.5 * (free.ControlLow[a] + free.ControlHigh[a]) ? -span : span;
                start[s] = Position(free, a, rest);
                targets[a] += size[s];
                response[a] = new double[Length];
            }
            for (int k = 0; k < Length; k++)
            {
                world.StepControl(targets);
                world.World.ReadJoints(joints, []);
                for (int s = 0; s < 2; s++)
                    response[pair[s]][k] = (Position(free, pair[s], joints) - start[s]) / size[s];
            }
        }
        return new StepResponses(response);
    }

    private static double[] Settle(DrivenWorld world, ReadOnlySpan<double> posture)
    {
        for (int k = 0; k < 3 * Length; k++)
            world.StepControl(posture);
        var joints = new double[world.World.Scene.Joints.Count];
        world.World.ReadJoints(joints, []);
        return joints;
    }

    private static double Position(PianoScene scene, int actuator, ReadOnlySpan<double> joints)
    {
        double sum = 0;
        foreach (int j in scene.JointsOf(actuator))
            sum += joints[j];
        return sum;
    }
}
