using Legato.RobotDriver.StandIn;
using Legato.Sim;
using Legato.Sim.Scene;

namespace Legato.RobotDriver;

/// <summary>A reality in this process, with a clock of its own: the stand-in's physics without its devices and wires.</summary>
/// <remarks>
/// The stand-in steps the same <see cref="RigPlant"/> at the same 1 kHz, so that the same commands at the same times give the same bits there and here;
/// a keyboard's latency shows in its events' times, as it does on a cable. The control thread's members allocate nothing.
/// </remarks>
public sealed class RealityRobot : IRobot
{
    private readonly PianoScene _scene;
    private readonly Reality _reality;
    private readonly KeyEventQueue _keys = new();
    private readonly SimClock _clock;
    private RigPlant _plant;
    private long _lastRead, _reads, _keyEvents;

    /// <summary>Creates a robot at rest.</summary>
    /// <param name="name">The robot's name.</param>
    /// <param name="options">The simulator's scene; its physics step is replaced by the stand-in's.</param>
    /// <param name="reality">How the rig differs from it.</param>
    public RealityRobot(string name, SceneOptions options, Reality reality)
    {
        (Name, _reality) = (name, reality);
        _scene = PianoScene.Build(options with { Timestep = StandInProcess.Timestep });
        _plant = new RigPlant(_scene, reality);
        _clock = new SimClock(StandInProcess.Timestep, Advance, () => _plant.World.Data.Diverged);
        Reset();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public JointLayout Actuators => _scene.Actuators;

    /// <inheritdoc/>
    public JointLayout Joints => _scene.Joints;

    /// <inheritdoc/>
    public IRobotClock Clock => _clock;

    /// <summary>The rig, where the truth can be read; stepping it here would part it from the clock.</summary>
    public RigPlant Plant => _plant;

    /// <inheritdoc/>
    public IReadOnlyList<StreamLoss> Losses => [new("joint_states", _reads, 0), new("keys", _keyEvents, _keys.Overflows)];

    /// <summary>Starts over: all joints at zero, no key down, time 0, the reality's noise from its beginning.</summary>
    public Task ConnectAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _plant.Dispose();
        _plant = new RigPlant(_scene, _reality);
        Reset();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public bool TryRead(RobotState state)
    {
        long now = _clock.Now;
        if (now == _lastRead)
            return false;
        _lastRead = now;
        _plant.ReadJoints(state.Positions, state.Velocities);
        (state.Stamp, state.Sequence) = (now, ++_reads);
        return true;
    }

    /// <inheritdoc/>
    public bool TryReadKey(out KeyEvent key) => _keys.TryTake(out key);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Not as many targets as actuators.</exception>
    public void Write(ReadOnlySpan<double> targets, double pedal)
    {
        if (targets.Length != Actuators.Count)
            throw new ArgumentException($"{targets.Length} targets for {Actuators.Count} actuators.", nameof(targets));
        _plant.Send(targets);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _plant.Dispose();
        _scene.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Reset()
    {
        _clock.Reset();
        while (_keys.TryTake(out _))
            continue;
        (_lastRead, _reads, _keyEvents) = (-1, 0, 0);
    }

    private void Advance(long now)
    {
        _plant.Step();
        while (_plant.TryReadKey(out KeyEvent key))
        {
            _keyEvents++;
            // Who listens to the cable sees an event when it arrives.
            _keys.TryAdd(key with { Stamp = now });
        }
    }
}
