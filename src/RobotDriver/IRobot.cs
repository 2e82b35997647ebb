using Legato.Sim;

namespace Legato.RobotDriver;

/// <summary>
/// A rig that plays the piano: two hands on rails, a keyboard that reports its keys, a sustain pedal.
/// What stands behind it (simulation in process, stand-in, lab rig) is a line in a YAML file.
/// </summary>
/// <remarks>
/// Life: <see cref="ConnectAsync"/> once, then the control thread alone calls <see cref="TryRead"/>, <see cref="TryReadKey"/>,
/// <see cref="Write"/> and <see cref="Clock"/>; <see cref="IAsyncDisposable.DisposeAsync"/> from any thread ends it.
/// The four members of the control thread allocate nothing after their first call.
/// Joint states and commands are in the layouts named here, in radians, metres and, for the pedal, a fraction.
/// </remarks>
public interface IRobot : IAsyncDisposable
{
    /// <summary>The robot's name, as in its YAML file.</summary>
    string Name { get; }

    /// <summary>Order and units of a command, without the pedal: right hand, left hand.</summary>
    JointLayout Actuators { get; }

    /// <summary>Order and units of a measured state: right hand, left hand, each with its rail last.</summary>
    JointLayout Joints { get; }

    /// <summary>The time that the robot lives in: the machine's monotonic clock, or the simulation's.</summary>
    IRobotClock Clock { get; }

    /// <summary>What was lost so far, per stream.</summary>
    IReadOnlyList<StreamLoss> Losses { get; }

    /// <summary>The clocks behind the stamps of its streams, as estimated so far; empty where all time is the robot's own. Any thread.</summary>
    IReadOnlyList<ClockOffset> Clocks => [];

    /// <summary>Why the rig itself asks for a stop (its e-stop topic, another commander), in words for people; null as long as it does not. It stays. Any thread.</summary>
    string? StopReason => null;

    /// <summary>Raised on any thread when a device is lost and when it is back, with a line for people. Never raised by a simulation.</summary>
    event Action<string>? Notice
    {
        add { }
        remove { }
    }

    /// <summary>Connects to everything and returns once every stream has delivered.</summary>
    /// <exception cref="InputException">Something never answered; the message names it and says what to check.</exception>
    Task ConnectAsync(CancellationToken cancellation);

    /// <summary>Copies the newest measured state. False as long as there is none newer than the last one read.</summary>
    bool TryRead(RobotState state);

    /// <summary>Takes the next key event in order of time. False when there is none.</summary>
    bool TryReadKey(out KeyEvent key);

    /// <summary>Sends position targets (one per entry of <see cref="Actuators"/>) and the pedal (0..1, down from 0.5).</summary>
    void Write(ReadOnlySpan<double> targets, double pedal);
}

/// <summary>The time that a robot lives in, in nanoseconds from an arbitrary origin.</summary>
public interface IRobotClock
{
    /// <summary>Now.</summary>
    long Now { get; }

    /// <summary>True if the time is the machine's monotonic clock; false if it advances only in <see cref="SleepUntil"/>.</summary>
    bool IsRealTime { get; }

    /// <summary>Returns at or just after the deadline; at once when it has passed. A simulation advances its world here.</summary>
    void SleepUntil(long deadline);
}

/// <summary>Measured joint state. Reused from cycle to cycle.</summary>
public sealed class RobotState(JointLayout layout)
{
    /// <summary>Order and units of the arrays.</summary>
    public JointLayout Layout { get; } = layout;

    /// <summary>Joint positions, rad or m.</summary>
    public double[] Positions { get; } = new double[layout.Count];

    /// <summary>Joint velocities, rad/s or m/s.</summary>
    public double[] Velocities { get; } = new double[layout.Count];

    /// <summary>When the state was measured, in the robot's time (the oldest part, when it is put together from several).</summary>
    public long Stamp { get; set; }

    /// <summary>How old it is, s, never below 0.</summary>
    /// <param name="now">The robot's time, ns.</param>
    public double AgeAt(long now) => Math.Max(0, now - Stamp) * 1e-9;

    /// <summary>Counts states; a step of more than one is a loss.</summary>
    public long Sequence { get; set; }

    /// <summary>Copies everything into another state of the same layout. Allocates nothing.</summary>
    public void CopyTo(RobotState other)
    {
        Positions.CopyTo(other.Positions, 0);
        Velocities.CopyTo(other.Velocities, 0);
        (other.Stamp, other.Sequence) = (Stamp, Sequence);
    }
}

/// <summary>A key of the piano going down or coming up.</summary>
/// <param name="Key">0..87 (MIDI note − 21).</param>
/// <param name="Down">True for down.</param>
/// <param name="Velocity">MIDI velocity 0..127.</param>
/// <param name="Stamp">When the reader saw it, in the robot's time.</param>
public readonly record struct KeyEvent(byte Key, bool Down, byte Velocity, long Stamp);

/// <summary>Messages received and lost on one stream.</summary>
/// <param name="Stream">Name of the stream, for example <c>joint_states</c>.</param>
/// <param name="Received">How many arrived.</param>
/// <param name="Lost">How many are known to be missing.</param>
public readonly record struct StreamLoss(string Stream, long Received, long Lost);
