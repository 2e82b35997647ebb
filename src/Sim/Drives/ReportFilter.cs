namespace Legato.Sim.Drives;

/// <summary>The first-order filter of a hand's driver on the positions that it reports; velocities are their slope, filtered once more.</summary>
/// <remarks>Shadow's driver has a time constant of 0.05 s. One thread at a time. Nothing allocates after construction.</remarks>
public sealed class ReportFilter
{
    private readonly double[] _positions, _velocities;
    private readonly double _alpha, _timestep;

    /// <summary>Creates it at rest at zero.</summary>
    /// <param name="joints">Number of joints.</param>
    /// <param name="timeConstant">s, 0 or more; 0 is no filter.</param>
    /// <param name="timestep">Time between two samples, s.</param>
    public ReportFilter(int joints, double timeConstant, double timestep)
    {
        (_positions, _velocities, _timestep) = (new double[joints], new double[joints], timestep);
        _alpha = timeConstant > 0 ? 1 - Math.Exp(-timestep / timeConstant) : 1;
    }

    /// <summary>Whether it does anything.</summary>
    public bool IsOn => _alpha < 1;

    /// <summary>Starts with joints at rest.</summary>
    public void Reset(ReadOnlySpan<double> positions)
    {
        positions.CopyTo(_positions);
        Array.Clear(_velocities);
    }

    /// <summary>Takes a joint's next sample, and gives what is reported then.</summary>
    public (double Position, double Velocity) Next(int joint, double sample)
    {
        double step = _alpha * (sample - _positions[joint]);
        _positions[joint] += step;
        _velocities[joint] += _alpha * ((step / _timestep) - _velocities[joint]);
        return (_positions[joint], _velocities[joint]);
    }
}
