using Legato.Sim.Scene;

namespace Legato.RobotDriver.StandIn;

/// <summary>Where the threads of the devices and the thread of the physics meet: reports out, commands in.</summary>
/// <remarks>All members are thread-safe; locks are held for copies only. Nothing allocates after construction.</remarks>
internal sealed class RigExchange
{
    private const int Sides = 2, Axes = 2;

    private readonly Lock _gate = new();
    private readonly double[] _positions, _velocities;
    private readonly double[][] _handTargets;
    private readonly double[] _handDurations = new double[Sides];
    private readonly bool[] _handPending = new bool[Sides];
    private readonly RailCommand[] _rails = new RailCommand[Sides * Axes];

    public RigExchange(RigPlant plant)
    {
        _positions = new double[plant.Scene.Joints.Count];
        _velocities = new double[plant.Scene.Joints.Count];
        _handTargets = [NoTargets(plant, HandSide.Right), NoTargets(plant, HandSide.Left)];
        plant.ReadJoints(_positions, _velocities);
    }

    /// <summary>Puts out where a plant's joints are.</summary>
    public void Report(RigPlant plant)
    {
        lock (_gate)
            plant.ReadJoints(_positions, _velocities);
    }

    /// <summary>One joint of the newest report.</summary>
    public (double Position, double Velocity) ReadJoint(int joint)
    {
        lock (_gate)
            return (_positions[joint], _velocities[joint]);
    }

    /// <summary>Hands in a command for the next physics step; it replaces what the same motors were told since the last one.</summary>
    public void CommandHand(HandSide side, ReadOnlySpan<double> targets, double duration)
    {
        lock (_gate)
        {
            double[] pending = _handTargets[(int)side];
            for (int i = 0; i < pending.Length; i++)
            {
                if (!double.IsNaN(targets[i]))
                    pending[i] = targets[i];
            }
            _handDurations[(int)side] = duration;
            _handPending[(int)side] = true;
        }
    }

    /// <summary>Hands in a set-point for the next physics step.</summary>
    public void CommandRail(HandSide side, int axis, double target, double speed)
    {
        lock (_gate)
            _rails[((int)side * Axes) + axis] = _rails[((int)side * Axes) + axis] with { Target = target, Speed = speed };
    }

    /// <summary>Lets go of a rail, or takes hold of it, at the next physics step.</summary>
    public void EnableRail(HandSide side, int axis, bool on)
    {
        lock (_gate)
            _rails[((int)side * Axes) + axis] = _rails[((int)side * Axes) + axis] with { Enable = on };
    }

    /// <summary>Gives the plant everything that came in. For the physics thread.</summary>
    public void Deliver(RigPlant plant)
    {
        lock (_gate)
        {
            for (int side = 0; side < Sides; side++)
            {
                if (!_handPending[side])
                    continue;
                plant.SendHand((HandSide)side, _handTargets[side], _handDurations[side]);
                Array.Fill(_handTargets[side], double.NaN);
                _handPending[side] = false;
            }
            for (int i = 0; i < _rails.Length; i++)
            {
                ref RailCommand rail = ref _rails[i];
                if (rail.Enable is { } on)
                    plant.EnableRail((HandSide)(i / Axes), i % Axes, on);
                if (rail.Target is { } target)
                    plant.SendRail((HandSide)(i / Axes), i % Axes, target, rail.Speed);
                rail = default;
            }
        }
    }

    private static double[] NoTargets(RigPlant plant, HandSide side) => [.. plant.Motors(side).Select(_ => double.NaN)];

    private readonly record struct RailCommand(double? Target, double Speed, bool? Enable);
}
