using System.Diagnostics;

namespace Legato.RobotDriver.Chaos;

/// <summary>Simulated time that passes no faster than real time, for what goes on outside of the simulation: disks, processes, load.</summary>
/// <remarks>For the control thread alone. Allocates nothing.</remarks>
/// <param name="simulated">The simulation's own clock.</param>
internal sealed class PacedClock(IRobotClock simulated) : IRobotClock
{
    private readonly long _wallOrigin = Stopwatch.GetTimestamp();
    private readonly long _origin = simulated.Now;

    /// <inheritdoc/>
    public long Now => simulated.Now;

    /// <inheritdoc/>
    public bool IsRealTime => simulated.IsRealTime;

    /// <inheritdoc/>
    public void SleepUntil(long deadline)
    {
        RealTimeThread.SleepUntil(_wallOrigin + deadline - _origin);
        simulated.SleepUntil(deadline);
    }
}
