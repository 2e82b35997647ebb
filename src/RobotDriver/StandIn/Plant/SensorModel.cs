using Legato.Sim;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;

namespace Legato.RobotDriver.StandIn;

/// <summary>What the sensors and the driver behind them make of true joint positions: zero, noise, counts, filters.</summary>
/// <remarks>
/// Sampled once per physics step and filtered as <see cref="ReportFilter"/> does. Without filter the velocity is the true one.
/// </remarks>
internal sealed class SensorModel
{
    // Counts of the converter per degree, medians over some hundred hands (shadow-robot sr_hand_config, 2026).
    private static readonly Dictionary<string, double> CountsPerDegree = new(StringComparer.Ordinal)
    {
        ["J1"] = 29,
        ["J2"] = 16,
        ["J3"] = 19,
        ["J4"] = 30,
        ["LFJ5"] = 28,
        ["THJ1"] = 18,
        ["THJ2"] = 5.4,
        ["THJ3"] = 53,
        ["THJ4"] = 12.7,
        ["THJ5"] = 21,
        ["WRJ1"] = 6.5,
        ["WRJ2"] = 53,
    };

    private readonly double[] _offsets, _quanta, _start;
    private readonly bool[] _analogue;
    private readonly double _noise;
    private readonly bool _quantised;
    private readonly ReportFilter _filter;
    private readonly GaussianNoise _random;

    public SensorModel(JointLayout joints, double[] offsets, RealityEffects effects, double timestep, GaussianNoise random)
    {
        _offsets = offsets;
        _analogue = [.. joints.Units.Select(unit => unit == JointUnit.Radian)];
        _quanta = [.. joints.Names.Select((name, i) => _analogue[i] ? Quantum(name[(name.IndexOf('_', StringComparison.Ordinal) + 1)..]) : 0)];
        _start = new double[joints.Count];
        _filter = new ReportFilter(joints.Count, effects.ReportFilter, timestep);
        (_noise, _quantised, _random) = (effects.ReportNoise, effects.ReportQuantisation, random);
    }

    /// <summary>Starts with joints at rest.</summary>
    public void Reset(ReadOnlySpan<double> positions)
    {
        for (int i = 0; i < _start.Length; i++)
            _start[i] = positions[i] + _offsets[i];
        _filter.Reset(_start);
    }

    /// <summary>Turns true positions and velocities into measured ones, in place.</summary>
    public void Sample(Span<double> positions, Span<double> velocities)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] += _offsets[i];
            if (!_analogue[i])
                continue;
            double sample = positions[i];
            if (_noise > 0)
                sample += _noise * _quanta[i] * _random.Next();
            if (_quantised)
                sample = _quanta[i] * Math.Round(sample / _quanta[i]);
            if (_filter.IsOn)
                (positions[i], velocities[i]) = _filter.Next(i, sample);
            else
                positions[i] = sample;
        }
    }

    // Thumb, wrist and LFJ5 have their own converters; the rest goes by the joint's number.
    private static double Quantum(string joint) =>
        double.DegreesToRadians(1 / (CountsPerDegree.TryGetValue(joint, out double counts) ? counts : CountsPerDegree[joint[^2..]]));
}
