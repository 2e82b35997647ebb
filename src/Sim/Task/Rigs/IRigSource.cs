using Legato.Sim.Parameters;

namespace Legato.Sim.Tasks.Rigs;

/// <summary>What a rig is like: its parameters, and what no parameter describes.</summary>
/// <param name="Parameters">Its parameters.</param>
/// <param name="ReportFilter">Time constant of the filter on reported joints, s; 0 is none.</param>
public sealed record DrawnRig(SimParameters Parameters, double ReportFilter = 0);

/// <summary>Where rigs come from that nobody has measured. Immutable and thread-safe.</summary>
public interface IRigSource
{
    /// <summary>For people and for checkpoints: sources of the same description draw the same rigs.</summary>
    string Description { get; }

    /// <summary>Draws a rig.</summary>
    /// <param name="seed">The same seed gives the same rig.</param>
    DrawnRig Draw(int seed);
}

/// <summary>Rigs anywhere around a simulator (<see cref="RigDraw"/>).</summary>
/// <param name="severity">How far they differ from it, 0 (not at all) to 1.</param>
/// <param name="around">The simulator.</param>
public sealed class RandomRigs(double severity, SimParameters around) : IRigSource
{
    /// <inheritdoc/>
    public string Description => FormattableString.Invariant($"severity {severity} around {around.Hash[..8]}");

    /// <inheritdoc/>
    public DrawnRig Draw(int seed) => new(RigDraw.Draw(seed, severity, around), RigDraw.DrawReportFilter(seed, severity));
}

/// <summary>Rigs that are yet to be drawn.</summary>
/// <param name="Source">From what.</param>
/// <param name="Count">How many, 1 or more.</param>
/// <param name="Seed">The same seed gives the same rigs; more of them begin with the same ones.</param>
public sealed record RigSet(IRigSource Source, int Count, int Seed);
