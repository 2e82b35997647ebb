using Legato.Runtime.Safety;

namespace Legato.Runtime.Loop;

/// <summary>Rates and times of a control loop.</summary>
public sealed record ControlLoopOptions
{
    /// <summary>Time from one cycle to the next; 50 ms (20 Hz) by default, 1 ms to 1 s.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Greatest age of a measured state that may be acted on; 100 ms by default, above 0.</summary>
    public TimeSpan StateLimit { get; init; } = StateWatchdog.DefaultLimit;

    /// <summary>Shortest duration of the way to the first target; 1 s by default and at least.</summary>
    public TimeSpan Homing { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time that homing may take beyond its plan before the way counts as blocked; 5 s by default.</summary>
    public TimeSpan HomingGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How far outside its range a joint may be found at the start, rad or m; 0.15 by default.</summary>
    public double StartTolerance { get; init; } = 0.15;

    /// <summary>How the hands leave the keys.</summary>
    public LiftOptions Lift { get; init; } = new();

    /// <summary>Whether to lock the process in memory on a robot that lives in real time; true by default.</summary>
    public bool LockMemory { get; init; } = true;

    /// <summary>Checks the values.</summary>
    /// <exception cref="InputException">One is out of its range; the message names it.</exception>
    public void Validate()
    {
        if (Period < TimeSpan.FromMilliseconds(1) || Period > TimeSpan.FromSeconds(1))
            throw new InputException($"control period {Period.TotalMilliseconds} ms is outside 1..1000 ms");
        if (StateLimit <= TimeSpan.Zero)
            throw new InputException("the age limit of measured states must be above zero");
        if (Homing < TimeSpan.FromSeconds(1))
            throw new InputException($"homing in {Homing.TotalSeconds} s is too fast; at least 1 s");
    }
}
