using Legato.Sim;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.RobotDriver.StandIn;

/// <summary>The rig as physics alone: hands, rails and keys as a reality makes them, without any device, in a time of its own.</summary>
/// <remarks>
/// One thread at a time. Stepping, sending and reading allocate nothing. The same scene, reality and commands give the same
/// bits; with <see cref="Reality.Nominal"/> they are those of <see cref="PianoWorld"/>.
/// Commands and reports are in what the sensors read, which a reality may have shifted against the truth.
/// </remarks>
public sealed class RigPlant : IDisposable
{
    // Independent streams, so that one effect does not change what another draws.
    private enum Draw { Keys = 1, Calibration, Activation, Jitter, Sensors, RightBus, LeftBus, Keyboard }

    private readonly Reality _reality;
    private readonly double _timestep;
    private readonly HandDrives[] _hands;
    private readonly DriveChain _chain;
    private readonly MotorHeat _heat;
    private readonly SensorModel _sensors;
    private readonly ReportLag _positionLag, _velocityLag;
    private readonly KeyTiming _keys;
    private readonly int[][] _driveJoints;
    private readonly HandSide[] _jointSides;
    private readonly double[] _offsets, _targets, _measured, _controls, _demands;
    private readonly double[] _samples, _rates, _positions, _velocities;

    /// <summary>Builds a rig at rest.</summary>
    /// <param name="scene">The simulator's scene, without parameters; it stays the caller's.</param>
    /// <param name="reality">How the rig differs from it.</param>
    public RigPlant(PianoScene scene, Reality reality)
    {
        _reality = reality;
        Scene = scene.With(reality.Parameters, Seed(Draw.Keys));
        _timestep = Scene.Model.Timestep;
        int drives = Scene.Actuators.Count, joints = Scene.Joints.Count;
        _driveJoints = [.. Enumerable.Range(0, drives).Select(a => Scene.JointsOf(a).ToArray())];

        double[] jointOffsets = DrawOffsets();
        _offsets = [.. _driveJoints.Select(own => own.Sum(j => jointOffsets[j]))];
        DrawActivation();

        World = new PianoWorld(Scene);
        (_targets, _measured, _controls, _demands) = (new double[drives], new double[drives], new double[drives], new double[drives]);
        (_samples, _rates, _positions, _velocities) = (new double[joints], new double[joints], new double[joints], new double[joints]);
        _jointSides = [.. Scene.Joints.Names.Select(SideOf)];
        _chain = new DriveChain(Scene);
        ReadOnlySpan<double> forceRange = Scene.Model.ActuatorForceRange;
        var limits = new double[drives];
        for (int a = 0; a < drives; a++)
            limits[a] = forceRange[(2 * a) + 1];
        _heat = new MotorHeat(limits, reality.Effects, _timestep);
        _sensors = new SensorModel(Scene.Joints, jointOffsets, reality.Effects, _timestep, new GaussianNoise(RunSeed(Draw.Sensors)));
        double[] lag = [.. JointReports.Lags(Scene, reality.Parameters).Select(l => l / _timestep)];
        (_positionLag, _velocityLag) = (new ReportLag(lag), new ReportLag(lag));
        _keys = new KeyTiming(World, reality.Parameters, new GaussianNoise(RunSeed(Draw.Keyboard)));
        var jitter = new GaussianNoise(RunSeed(Draw.Jitter));
        _hands = [Drives(HandSide.Right, Draw.RightBus, jitter), Drives(HandSide.Left, Draw.LeftBus, jitter)];
        Start();
    }

    /// <summary>The scene with the reality's parameters.</summary>
    public PianoScene Scene { get; }

    /// <summary>The world behind it, where the truth can be read; stepping it here would part it from the rig.</summary>
    public PianoWorld World { get; }

    /// <summary>Physics steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>The rig's time, ns.</summary>
    public long Now => (long)Math.Round(Steps * _timestep * 1e9);

    /// <summary>The motors of a hand in the order of commands, without rails: names as in joint states, J0 for coupled fingers.</summary>
    public IReadOnlyList<string> Motors(HandSide side) => _hands[(int)side].Motors;

    /// <summary>Sends position targets to a hand.</summary>
    /// <param name="side">Which hand.</param>
    /// <param name="targets">Rad, in the order of <see cref="Motors"/>; NaN leaves a motor as it is. Clamped to the motor's range.</param>
    /// <param name="duration">How long the targets take to ramp in, s.</param>
    public void SendHand(HandSide side, ReadOnlySpan<double> targets, double duration = 0)
    {
        HandDrives hand = _hands[(int)side];
        for (int i = 0; i < targets.Length; i++)
            hand.Clamped[i] = Clamp(hand.MotorIndices[i], targets[i]);
        hand.Line.Send(hand.Clamped, Steps + hand.Delay(_timestep), duration / _timestep);
    }

    /// <summary>Sends a position target to a rail.</summary>
    /// <param name="side">The hand it carries.</param>
    /// <param name="axis">0 along the keyboard, 1 in depth.</param>
    /// <param name="target">m. Clamped to the rail's range.</param>
    /// <param name="speed">Fastest change of the target, m/s.</param>
    public void SendRail(HandSide side, int axis, double target, double speed = double.PositiveInfinity)
    {
        HandDrives hand = _hands[(int)side];
        int actuator = hand.RailIndices[axis];
        Span<double> targets = [double.NaN, double.NaN];
        targets[axis] = Clamp(actuator, target);
        hand.RailLine.Send(targets, Steps + hand.RailDelay, Math.Abs(targets[axis] - _targets[actuator]) / speed / _timestep);
    }

    /// <summary>Sends targets to everything at once, in the order of the scene's actuators.</summary>
    public void Send(ReadOnlySpan<double> targets)
    {
        foreach (HandDrives hand in _hands)
        {
            for (int i = 0; i < hand.MotorIndices.Length; i++)
                hand.Clamped[i] = targets[hand.MotorIndices[i]];
            SendHand(hand.Side, hand.Clamped);
            for (int axis = 0; axis < hand.RailIndices.Length; axis++)
                SendRail(hand.Side, axis, targets[hand.RailIndices[axis]]);
        }
    }

    /// <summary>Lets go of a rail's motor, or takes hold again where the rail then is.</summary>
    public void EnableRail(HandSide side, int axis, bool on)
    {
        HandDrives hand = _hands[(int)side];
        if (on && !hand.RailOn[axis])
            SendRail(side, axis, _measured[hand.RailIndices[axis]]);
        hand.RailOn[axis] = on;
    }

    /// <summary>Advances by one physics step.</summary>
    public void Step()
    {
        Measure();
        foreach (HandDrives hand in _hands)
            hand.Advance(Steps, _targets);
        _chain.Apply(_targets, _measured, _controls);
        foreach (HandDrives hand in _hands)
            Demand(hand);
        World.SetTargets(_demands);
        World.Step();
        Steps++;
        _heat.Advance(World.Data.ActuatorForce);
        Sense();
        _keys.Find(Steps, Now);
    }

    /// <summary>Copies the newest report: positions and velocities in the order of the scene's joints.</summary>
    public void ReadJoints(Span<double> positions, Span<double> velocities)
    {
        _positionLag.Read(positions);
        _velocityLag.Read(velocities);
    }

    /// <summary>Takes the next key event that the keyboard has put on its cable.</summary>
    public bool TryReadKey(out KeyEvent key) => _keys.TryTake(Steps, out key);

    /// <summary>Temperature of each actuator's motor, °C; rails stay at ambient.</summary>
    public ReadOnlySpan<double> Temperatures => _heat.Temperatures;

    /// <inheritdoc/>
    public void Dispose()
    {
        World.Dispose();
        Scene.Dispose();
    }

    private static HandSide SideOf(string name) => name.StartsWith("rh_", StringComparison.Ordinal) ? HandSide.Right : HandSide.Left;

    private int Seed(Draw draw) => unchecked((_reality.Seed * 31) + (int)draw);

    // What happens to a rig is another thing in every run; the rig stays the same.
    private int RunSeed(Draw draw) => unchecked(Seed(draw) + (_reality.RunSeed * 1_000_003));

    private double Clamp(int actuator, double target) => Math.Clamp(target, Scene.ControlLow[actuator], Scene.ControlHigh[actuator]);

    private HandDrives Drives(HandSide side, Draw bus, GaussianNoise jitter) => new(
        side, Scene.Actuators, _reality.Parameters, _reality.Effects, _timestep, new BusFaults(_reality.Effects, _timestep, new GaussianNoise(RunSeed(bus))), jitter);

    // What each joint's sensor reads at zero. The scene has the parameters' part in its drives, the calibration's part is added here.
    private double[] DrawOffsets()
    {
        var noise = new GaussianNoise(Seed(Draw.Calibration));
        var offsets = new double[Scene.Joints.Count];
        for (int j = 0; j < offsets.Length; j++)
            offsets[j] = Scene.Joints.Units[j] == JointUnit.Radian ? _reality.Effects.CalibrationSpread * noise.Next() : 0;
        for (int a = 0; a < _driveJoints.Length; a++)
        {
            int[] own = _driveJoints[a];
            SceneParameters.AddSensorOffset(Scene, a, own.Sum(j => offsets[j]));
            double known = _reality.Parameters.Drive(SceneParameters.DriveName(Scene.Actuators.Names[a])).Offset;
            foreach (int j in own)
                offsets[j] += known / own.Length;
        }
        return offsets;
    }

    private void DrawActivation()
    {
        if (_reality.Effects.ActivationSpread == 0)
            return;
        var noise = new GaussianNoise(Seed(Draw.Activation));
        for (int k = 0; k < PianoGeometry.KeyCount; k++)
        {
            double depth = (Scene.KeyActivation[k] / Scene.KeyTravel[k]) + (_reality.Effects.ActivationSpread * noise.Next());
            Scene.KeyActivation[k] = Math.Clamp(depth, 0.1, 0.99) * Scene.KeyTravel[k];
        }
    }

    // Controllers start at the measured position: nothing moves before the first command.
    private void Start()
    {
        Measure();
        foreach (HandDrives hand in _hands)
            hand.Reset(_measured);
        _measured.CopyTo(_targets, 0);
        _chain.Reset(_measured);
        World.ReadJoints(_positions, _velocities);
        _sensors.Reset(_positions);
        _sensors.Sample(_positions, _velocities);
        _positionLag.Reset(_positions);
        _velocityLag.Reset(_velocities);
    }

    private void Measure()
    {
        ReadOnlySpan<double> q = World.Data.Qpos;
        int[] addresses = Scene.JointQposAddresses;
        for (int a = 0; a < _measured.Length; a++)
        {
            double length = 0;
            foreach (int joint in _driveJoints[a])
                length += q[addresses[joint]];
            _measured[a] = length + _offsets[a];
        }
    }

    // A control equal to the measured position is a motor that is off.
    private void Demand(HandDrives hand)
    {
        foreach (int a in hand.MotorIndices)
        {
            if (hand.Bus.HasLetGo || _heat.Off[a])
                _demands[a] = _measured[a];
            else if (!hand.Bus.IsDown)
                _demands[a] = _controls[a];
        }
        for (int axis = 0; axis < hand.RailIndices.Length; axis++)
        {
            int a = hand.RailIndices[axis];
            _demands[a] = hand.RailOn[axis] ? _controls[a] : _measured[a];
        }
    }

    private void Sense()
    {
        World.ReadJoints(_samples, _rates);
        _sensors.Sample(_samples, _rates);
        for (int j = 0; j < _samples.Length; j++)
        {
            // What a dead bus last brought stays in the driver's table.
            if (!_hands[(int)_jointSides[j]].Bus.IsDown || Scene.Joints.Units[j] == JointUnit.Metre)
                (_positions[j], _velocities[j]) = (_samples[j], _rates[j]);
        }
        _positionLag.Push(_positions);
        _velocityLag.Push(_velocities);
    }
}
