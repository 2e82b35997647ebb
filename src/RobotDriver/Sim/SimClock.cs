using Legato.Sim.World;

namespace Legato.RobotDriver;

/// <summary>Simulated time: it stands still until someone sleeps, and then the world moves.</summary>
/// <remarks>For the control thread alone. Allocates nothing.</remarks>
internal sealed class SimClock : IRobotClock
{
    private readonly PianoWorld _world;
    private readonly Action<long> _stepped;
    private readonly long _step;
    private long _steps;

    /// <param name="world">What moves.</param>
    /// <param name="stepped">Called after every physics step with the time.</param>
    public SimClock(PianoWorld world, Action<long> stepped)
    {
        (_world, _stepped) = (world, stepped);
        _step = (long)Math.Round(world.Scene.Options.Timestep * 1e9);
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
            _world.Step();
            _steps++;
            _stepped(Now);
        }
        if (_world.Data.Diverged)
            throw new InvalidOperationException($"the simulation diverged before t = {Now / 1_000_000} ms: positions or velocities are not finite or too large");
    }

    public void Reset() => _steps = 0;
}
