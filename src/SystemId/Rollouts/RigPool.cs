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

    /// <summary>Does a work for every rig and item, on several threads; no two at once on one world.</summary>
    /// <param name="scene">The scene without parameters.</param>
    /// <param name="rigs">The rigs' parameters.</param>
    /// <param name="items">Number of items per rig.</param>
    /// <param name="threads">Threads at the most, 1 or more; each simulates a rig of its own.</param>
    /// <param name="work">Gets a world of the rig, the rig's index and the item's.</param>
    public static void ForEach(PianoScene scene, IReadOnlyList<SimParameters> rigs, int items, int threads, Action<DrivenWorld, int, int> work)
    {
        RigPool[] pools = [.. rigs.Select(parameters => new RigPool(scene, parameters, items))];
        try
        {
            Parallel.For(0, rigs.Count * items, new ParallelOptions { MaxDegreeOfParallelism = threads }, index =>
            {
                (int rig, int item) = Math.DivRem(index, items);
                DrivenWorld world = pools[rig].Rent();
                work(world, rig, item);
                pools[rig].Return(world);
            });
        }
        finally
        {
            foreach (RigPool pool in pools)
                pool.Dispose();
        }
    }

    private DrivenWorld Rent() => _idle.TryTake(out DrivenWorld? world) ? world : new DrivenWorld(_scene.Value);

    private void Return(DrivenWorld world)
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
