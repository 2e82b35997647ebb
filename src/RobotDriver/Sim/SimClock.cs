namespace Legato.RobotDriver;

/// <summary>Simulated time: it stands still until someone sleeps, and then the world moves.</summary>
/// <remarks>For the control thread alone. Allocates nothing.</remarks>
internal sealed class SimClock : IRobotClock
{
    private readonly Action<long> _advance;
    private readonly Func<bool> _hasDiverged;
    private readonly long _step;
    private long _steps;

    /// <param name="timestep">Duration of a physics step, s.</param>
    /// <param name="advance">Takes one physics step; is told the time at its end.</param>
    /// <param name="hasDiverged">Whether the world's state means nothing any more.</param>
    public SimClock(double timestep, Action<long> advance, Func<bool> hasDiverged)
    {
        (_advance, _hasDiverged) = (advance, hasDiverged);
        _step = (long)Math.Round(timestep * 1e9);
    }

    /// <inheritdoc/>
    public long Now => _steps * _step;

    /// <inheritdoc/>
    public bool IsRealTime => false;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The simulation diverged; its state means nothing any more.</exception>
    public void SleepUntil(long deadline)
    {
        while (Now < deadline)
        {
            _steps++;
            _advance(Now);
        }
        if (_hasDiverged())
            throw new InvalidOperationException($"the simulation diverged before t = {Now / 1_000_000} ms: positions or velocities are not finite or too large");
    }

    public void Reset() => _steps = 0;
}
