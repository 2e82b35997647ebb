namespace Legato.Sim.Scene;

/// <summary>
/// What lies between commands and MuJoCo's actuators, and between keys and whoever hears them: the part of a rig's parameters that the
/// model itself cannot express. A <see cref="Legato.Sim.Drives.DrivenWorld"/> acts on it.
/// </summary>
/// <remarks>Immutable. Elements are in the order of the scene's actuators.</remarks>
public sealed class SceneDrives
{
    private readonly double[] _delay, _offset, _backlash, _deadband, _slew;

    private SceneDrives(double[] delay, double[] offset, double[] backlash, double[] deadband, double[] slew, double keyLatency)
    {
        (_delay, _offset, _backlash, _deadband, _slew) = (delay, offset, backlash, deadband, slew);
        KeyLatency = keyLatency;
    }

    /// <summary>From sending a command to the drive acting on it, s.</summary>
    public ReadOnlySpan<double> Delay => _delay;

    /// <summary>Sensor reading less true position, rad or m; the model's drives have it, too.</summary>
    public ReadOnlySpan<double> Offset => _offset;

    /// <summary>Play, rad.</summary>
    public ReadOnlySpan<double> Backlash => _backlash;

    /// <summary>Position error that the drive ignores, rad.</summary>
    public ReadOnlySpan<double> Deadband => _deadband;

    /// <summary>Fastest change of the target, rad/s or m/s; 0 is no limit.</summary>
    public ReadOnlySpan<double> Slew => _slew;

    /// <summary>From a key's movement to its message, s.</summary>
    public double KeyLatency { get; }

    /// <summary>Drives that do at once what they are told, and keys that are heard at once.</summary>
    /// <param name="actuators">How many.</param>
    public static SceneDrives Ideal(int actuators) => new(new double[actuators], new double[actuators], new double[actuators], new double[actuators], new double[actuators], 0);

    /// <summary>These drives with what others do on top: times and widths add up, the slower speed holds.</summary>
    /// <param name="other">As many drives.</param>
    public SceneDrives Plus(SceneDrives other) => new(
        Sum(_delay, other._delay), Sum(_offset, other._offset), Sum(_backlash, other._backlash), Sum(_deadband, other._deadband),
        [.. _slew.Zip(other._slew, (a, b) => a == 0 ? b : b == 0 ? a : Math.Min(a, b))],
        KeyLatency + other.KeyLatency);

    /// <summary>Drives of their own.</summary>
    /// <param name="delays">From sending a command to acting on it, s.</param>
    /// <param name="drives">Zeros, play, dead bands and speeds: one per actuator.</param>
    /// <param name="keyLatency">From a key's movement to its message, s.</param>
    internal static SceneDrives Of(double[] delays, IReadOnlyList<Parameters.DriveParameters> drives, double keyLatency) => new(
        delays, [.. drives.Select(d => d.Offset)], [.. drives.Select(d => d.Backlash)], [.. drives.Select(d => d.Deadband)], [.. drives.Select(d => d.Slew)], keyLatency);

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
