using Legato.Sim;
using Legato.Sim.Drives;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.RobotDriver;

/// <summary>The rig as a simulation in this process, with a clock of its own: nothing is lost, and nothing is late but by the scene's parameters.</summary>
/// <remarks>
/// The same commands at the same times give the same bits. Key events carry the end of the physics step in which the key
/// crossed its point of activation, and the keyboard's latency on top. The control thread's members allocate nothing.
/// </remarks>
public sealed class SimRobot : IRobot
{
    /// <summary>Velocity of every key event: RoboPianist's keys know down and up only, as loud as a MIDI keyboard without dynamics.</summary>
    public const byte KeyVelocity = 64;

    private readonly DrivenWorld _rig;
    private readonly long _keyLatency;
    private readonly SimClock _clock;
    private readonly KeyEventQueue _keys = new();
    private readonly bool[] _down = new bool[PianoGeometry.KeyCount];
    private long _lastRead;
    private long _reads;
    private long _keyEvents;

    /// <summary>Creates a robot at rest.</summary>
    /// <param name="name">The robot's name.</param>
    /// <param name="scene">What to simulate, with its parameters applied. It stays the caller's and must outlive the robot.</param>
    public SimRobot(string name, PianoScene scene)
    {
        Name = name;
        _rig = new DrivenWorld(scene);
        _keyLatency = (long)Math.Round(scene.Drives.KeyLatency * 1e9);
        _clock = new SimClock(scene.Options.Timestep, Advance, () => World.Data.Diverged);
        Reset();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public JointLayout Actuators => World.Scene.Actuators;

    /// <inheritdoc/>
    public JointLayout Joints => World.Scene.Joints;

    /// <inheritdoc/>
    public IRobotClock Clock => _clock;

    /// <summary>The simulated world, for rendering and for tests; stepping it here would part it from the clock.</summary>
    public PianoWorld World => _rig.World;

    /// <summary>Whether the sustain pedal is down.</summary>
    public bool PedalDown { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<StreamLoss> Losses => [new("joint_states", _reads, 0), new("keys", _keyEvents, _keys.Overflows)];

    /// <summary>Starts over: all joints at zero, no key down, time 0.</summary>
    public Task ConnectAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
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
        World.ReadJoints(state.Positions, state.Velocities);
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
        _rig.Send(targets);
        PedalDown = pedal >= 0.5;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _rig.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Reset()
    {
        _rig.Reset();
        _clock.Reset();
        World.KeysDown.CopyTo(_down);
        while (_keys.TryTake(out _))
            continue;
        (_lastRead, _reads, _keyEvents, PedalDown) = (-1, 0, 0, false);
    }

    private void Advance(long now)
    {
        _rig.Step();
        ReadOnlySpan<bool> down = World.KeysDown;
        for (int key = 0; key < down.Length; key++)
        {
            if (down[key] == _down[key])
                continue;
            _down[key] = down[key];
            _keyEvents++;
            _keys.TryAdd(new KeyEvent((byte)key, down[key], KeyVelocity, now + _keyLatency));
        }
    }
}
