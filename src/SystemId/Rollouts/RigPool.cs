using System.Collections.Concurrent;

using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.SystemId.Rollouts;

/// <summary>Worlds of one rig, built when the first is asked for and freed after its last use.</summary>
/// <remarks>Thread-safe. A world comes back in whatever state its last user left it.</remarks>
/// <param name="scene">The scene without parameters; it stays the caller's.</param>
/// <param name="parameters">The rig's parameters.</param>
/// <param name="uses">How often a world will be rented.</param>
internal sealed class RigPool(PianoScene scene, SimParameters parameters, int uses) : IDisposable
{
    private readonly Lazy<PianoScene> _scene = new(() => scene.With(parameters));
    private readonly ConcurrentBag<DrivenWorld> _idle = [];
    private int _left = uses;

    public SimParameters Parameters => parameters;

    public DrivenWorld Rent() => _idle.TryTake(out DrivenWorld? world) ? world : new DrivenWorld(_scene.Value, parameters);

    public void Return(DrivenWorld world)
    {
        _idle.Add(world);
        if (Interlocked.Decrement(ref _left) == 0)
            Dispose();
    }

    public void Dispose()
    {
        while (_idle.TryTake(out DrivenWorld? world))
            world.Dispose();
        if (_scene.IsValueCreated)
            _scene.Value.Dispose();
    }
}
