namespace Legato.Policy.Refinement;

/// <summary>Cost of steps.</summary>
/// <param name="Faults">Of keys and onsets.</param>
/// <param name="Total">With the terms that shape.</param>
internal readonly record struct SampleCost(double Faults, double Total)
{
    /// <summary>Cost of a sample that was given up on the way.</summary>
    public static SampleCost GivenUp { get; } = new(double.PositiveInfinity, double.PositiveInfinity);

    public static SampleCost operator +(SampleCost a, SampleCost b) => new(a.Faults + b.Faults, a.Total + b.Total);
}

/// <summary>A sample: changes of a window's commands, and a recording of each scene.</summary>
/// <remarks>Steps are counted from the window's start. Buffers are made to be used again. One thread at a time.</remarks>
internal sealed class Take(IEnumerable<Recording> scenes, int steps, int actuators)
{
    private readonly Recording[] _recordings = [.. scenes];

    /// <summary>Changes of the commands, row-major: step, then actuator.</summary>
    public double[] Changes { get; } = new double[steps * actuators];

    /// <summary>First step in which the sample differs from what it was derived from.</summary>
    public int From { get; set; }

    /// <summary>Cost over all steps that were played, of all scenes together.</summary>
    public SampleCost Cost { get; set; }

    /// <summary>Control steps that were simulated to play it last, over all scenes.</summary>
    public long EnvSteps { get; set; }

    /// <summary>What happened in a scene.</summary>
    public Recording this[int scene] => _recordings[scene];

    /// <summary>Copies the first steps of another sample's recordings, and what they begin with.</summary>
    public void CopyFrom(Take other, int steps)
    {
        for (int s = 0; s < _recordings.Length; s++)
            _recordings[s].CopyFrom(other[s], 0, 0, steps);
    }
}
