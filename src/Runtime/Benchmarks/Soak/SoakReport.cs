using Legato.Runtime.Loop;

namespace Legato.Runtime.Benchmarks.Soak;

/// <summary>What a long run left behind.</summary>
public sealed record SoakReport
{
    /// <summary>Minutes of control, homing and lift included.</summary>
    public required double Minutes { get; init; }

    /// <summary>Why the run ended.</summary>
    public required string Ended { get; init; }

    /// <summary>What the system granted to the control thread.</summary>
    public required string RealTime { get; init; }

    /// <summary>Cycles of the loop.</summary>
    public required long Cycles { get; init; }

    /// <summary>Cycles that began more than <see cref="SoakBenchmark.Late"/> after their deadline.</summary>
    public required long Late { get; init; }

    /// <summary>Cycles that ended after the next was due, and cycles left out.</summary>
    public required long Overruns { get; init; }

    /// <summary>From deadline to wake-up, microseconds.</summary>
    public required LatencySummary LatenessUs { get; init; }

    /// <summary>Managed bytes allocated on the control thread.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>Garbage collections in the process.</summary>
    public required int GcCount { get; init; }

    /// <summary>All pauses of garbage collections in the process, milliseconds.</summary>
    public required double GcPauseMs { get; init; }

    /// <summary>Resident memory at the first sample after warm-up, MiB.</summary>
    public required double MemoryStartMb { get; init; }

    /// <summary>Resident memory at the last sample, MiB.</summary>
    public required double MemoryEndMb { get; init; }

    /// <summary>Growth of resident memory after warm-up, a straight line by least squares, MiB per hour.</summary>
    public required double MemorySlope { get; init; }

    /// <summary>The longest time in which the recording did not grow on the disk, milliseconds.</summary>
    public required double RecorderLagMs { get; init; }

    /// <summary>Messages recorded.</summary>
    public required long Recorded { get; init; }

    /// <summary>Messages lost, by stream; empty where none was.</summary>
    public required IReadOnlyDictionary<string, long> Lost { get; init; }

    /// <summary>Grade of the run and its reason.</summary>
    public required string Quality { get; init; }
}
