using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Sim.Tasks.Rigs;

/// <summary>Rigs that a policy is trained on, so that it works on one that nobody has measured (domain randomisation).</summary>
/// <remarks>Shared read-only by any number of environments on any threads; dispose it after the last of them.</remarks>
public sealed class RigPool : IDisposable
{
    // Seeds of neighbouring pools and rigs have nothing in common.
    private const int SeedStep = 1_000_003;

    private readonly SimRig[] _rigs;

    /// <summary>Builds rigs.</summary>
    /// <param name="scene">A scene without parameters; it stays the caller's.</param>
    /// <param name="parameters">One rig each, at least one.</param>
    /// <param name="seed">Draws the differences between keys, for every rig others.</param>
    public RigPool(PianoScene scene, IEnumerable<SimParameters> parameters, int seed = 0)
        : this(scene, parameters.Select(p => new DrawnRig(p)), seed, first: 0)
    {
    }

    private RigPool(PianoScene scene, IEnumerable<DrawnRig> drawn, int seed, int first)
    {
        _rigs = [.. drawn.Select((rig, i) => new SimRig(scene.With(rig.Parameters, unchecked(seed + (SeedStep * (first + i)))), rig.Parameters, rig.ReportFilter))];
        if (_rigs.Length == 0)
            throw new ArgumentException("No rig: expected at least one.", nameof(drawn));
    }

    /// <summary>The rigs.</summary>
    public IReadOnlyList<SimRig> Rigs => _rigs;

    /// <summary>A pool of rigs drawn at random.</summary>
    /// <param name="scene">A scene without parameters; it stays the caller's.</param>
    /// <param name="count">How many, 1 or more.</param>
    /// <param name="severity">How far they differ, 0..1; see <see cref="RigDraw"/>.</param>
    /// <param name="seed">The same seed gives the same rigs; a longer pool begins with a shorter one.</param>
    /// <param name="around">What they differ from; the plain simulator if null.</param>
    public static RigPool Draw(PianoScene scene, int count, double severity, int seed, SimParameters? around = null) =>
        Draw(scene, new RigSet(new RandomRigs(severity, around ?? SimParameters.Nominal), count, seed));

    /// <summary>All rigs of a set.</summary>
    /// <param name="scene">A scene without parameters; it stays the caller's.</param>
    /// <param name="set">The set.</param>
    public static RigPool Draw(PianoScene scene, RigSet set) => Draw(scene, set, 0, set.Count);

    /// <summary>Some rigs of a set, where all at once would take too much memory.</summary>
    /// <param name="scene">A scene without parameters; it stays the caller's.</param>
    /// <param name="set">The set.</param>
    /// <param name="first">Number of the first, from 0.</param>
    /// <param name="count">How many, 1 or more.</param>
    public static RigPool Draw(PianoScene scene, RigSet set, int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new RigPool(scene, Enumerable.Range(first, count).Select(i => set.Source.Draw(unchecked((set.Seed * SeedStep) + i))), set.Seed, first);
    }

    /// <summary>The rigs that a slot of a batch practises on, in turn: every k-th; where there are fewer rigs than slots one, which others have too.</summary>
    /// <param name="slot">0 to <paramref name="slots"/> − 1.</param>
    /// <param name="slots">Slots of the batch.</param>
    public IReadOnlyList<SimRig> ShareOf(int slot, int slots) =>
        _rigs.Length <= slots ? [_rigs[slot % _rigs.Length]] : [.. _rigs.Where((_, i) => i % slots == slot)];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SimRig rig in _rigs)
            rig.Scene.Dispose();
    }
}
