namespace Legato.RobotDriver.Chaos;

/// <summary>A stretch of a run that faults refer to.</summary>
public enum ChaosPhase
{
    /// <summary>From before the robot is connected.</summary>
    Start,

    /// <summary>The robot is connected and not yet moving.</summary>
    Connected,

    /// <summary>On the way to the first target.</summary>
    Homing,

    /// <summary>The policy plays.</summary>
    Playing,

    /// <summary>The hands leave the keys.</summary>
    Lifting,
}

/// <summary>When a fault is there.</summary>
/// <param name="Phase">The phase whose beginning counts.</param>
/// <param name="After">From its beginning to the fault, 0 or more.</param>
/// <param name="Length">How long the fault stays, above 0; null to the end of the run, whatever phases follow.</param>
public readonly record struct FaultWindow(ChaosPhase Phase, TimeSpan After, TimeSpan? Length)
{
    /// <summary>The whole run, connecting included.</summary>
    public static FaultWindow Always => new(ChaosPhase.Start, TimeSpan.Zero, null);
}

/// <summary>Knows when the phases of a run began, and so which windows are open.</summary>
/// <remarks>Times are nanoseconds of the robot's clock. Any thread may ask and enter; allocates nothing after construction.</remarks>
public sealed class FaultSchedule
{
    private const long NotYet = long.MaxValue;

    private readonly long[] _began = [.. Enum.GetValues<ChaosPhase>().Select(_ => NotYet)];

    /// <summary>A phase begins. Only the first call for a phase counts.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="now">When, in the robot's time.</param>
    public void Enter(ChaosPhase phase, long now) => Interlocked.CompareExchange(ref _began[(int)phase], now, NotYet);

    /// <summary>When a phase began; null before.</summary>
    public long? Began(ChaosPhase phase) => Volatile.Read(ref _began[(int)phase]) is var began && began != NotYet ? began : null;

    /// <summary>When a window opens or opened; null as long as its phase has not begun.</summary>
    public long? OpensAt(in FaultWindow window) => Began(window.Phase) is { } began ? began + Nanoseconds(window.After) : null;

    /// <summary>True while a window is open.</summary>
    public bool IsOpen(in FaultWindow window, long now) =>
        OpensAt(window) is { } opens && now >= opens && (window.Length is not { } length || now < opens + Nanoseconds(length));

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
