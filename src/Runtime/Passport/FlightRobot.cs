using Legato.RobotDriver;
using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Runtime.Passport;

/// <summary>A simulated robot that is watched between the cycles of its control loop: how fast its drives move, and how hard they work.</summary>
/// <remarks>Owns its simulation, not the scene. Beside the control thread nobody may read it before the run is over.</remarks>
internal sealed class FlightRobot : IRobot, IRobotClock
{
    // Between two looks; fine enough for a keystroke.
    private const long Interval = 5_000_000;

    private readonly SimRobot _robot;
    private readonly PianoScene _scene;
    private readonly ClearanceProbe _clearance;
    private readonly double[] _joints, _velocities;

    public FlightRobot(PianoScene scene)
    {
        (_scene, _robot, _clearance) = (scene, new SimRobot("passport", scene), new ClearanceProbe(scene));
        (_joints, _velocities) = (new double[scene.Joints.Count], new double[scene.Joints.Count]);
        (Speeds, Forces) = (new double[Actuators.Count], new double[Actuators.Count]);
    }

    public string Name => _robot.Name;

    public JointLayout Actuators => _robot.Actuators;

    public JointLayout Joints => _robot.Joints;

    public IRobotClock Clock => this;

    public IReadOnlyList<StreamLoss> Losses => _robot.Losses;

    public long Now => _robot.Clock.Now;

    public bool IsRealTime => false;

    /// <summary>Greatest speed of each drive, rad/s or m/s.</summary>
    public double[] Speeds { get; }

    /// <summary>Greatest force of each drive, N·m or N.</summary>
    public double[] Forces { get; }

    /// <summary>Smallest distances so far.</summary>
    public HandDistances Nearest { get; private set; } = new(ClearanceProbe.Horizon, ClearanceProbe.Horizon);

    public Task ConnectAsync(CancellationToken cancellation) => _robot.ConnectAsync(cancellation);

    public bool TryRead(RobotState state) => _robot.TryRead(state);

    public bool TryReadKey(out KeyEvent key) => _robot.TryReadKey(out key);

    public void Write(ReadOnlySpan<double> targets, double pedal) => _robot.Write(targets, pedal);

    public void SleepUntil(long deadline)
    {
        while (Now < deadline)
        {
            _robot.Clock.SleepUntil(Math.Min(deadline, Now + Interval));
            Look();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _clearance.Dispose();
        await _robot.DisposeAsync();
    }

    private void Look()
    {
        PianoWorld world = _robot.World;
        world.ReadJoints(_joints, _velocities);
        for (int a = 0; a < Speeds.Length; a++)
        {
            double speed = 0;
            foreach (int joint in _scene.JointsOf(a))
                speed += _velocities[joint];
            Speeds[a] = Math.Max(Speeds[a], Math.Abs(speed));
            Forces[a] = Math.Max(Forces[a], Math.Abs(world.Data.ActuatorForce[a]));
        }
        Nearest = Nearest.Nearest(_clearance.OfJoints(_joints));
    }
}
