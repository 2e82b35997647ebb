namespace Legato.RobotDriver.StandIn;

/// <summary>Temperatures of motors: first order from the square of the force, cut off at the trip, back 5 K below it.</summary>
/// <param name="limits">Full force of each motor, N·m.</param>
/// <param name="effects">Rise, time constant, ambient, trip.</param>
/// <param name="timestep">Physics step, s.</param>
internal sealed class MotorHeat(double[] limits, RealityEffects effects, double timestep)
{
    private const double Hysteresis = 5;

    private readonly double[] _temperature = [.. Enumerable.Repeat(effects.Ambient, limits.Length)];
    private readonly bool[] _off = new bool[limits.Length];
    private readonly double _rate = 1 - Math.Exp(-timestep / effects.HeatTime);

    /// <summary>Temperatures, °C.</summary>
    public ReadOnlySpan<double> Temperatures => _temperature;

    /// <summary>Which motors are cut off.</summary>
    public ReadOnlySpan<bool> Off => _off;

    public void Advance(ReadOnlySpan<double> forces)
    {
        if (effects.HeatRise == 0)
            return;
        for (int i = 0; i < _temperature.Length; i++)
        {
            double load = limits[i] > 0 ? forces[i] / limits[i] : 0;
            double target = effects.Ambient + (effects.HeatRise * load * load);
            _temperature[i] += _rate * (target - _temperature[i]);
            _off[i] = _temperature[i] > effects.TripTemperature - (_off[i] ? Hysteresis : 0);
        }
    }
}
