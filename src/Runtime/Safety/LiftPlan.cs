using Legato.Sim;
using Legato.Sim.Limits;

namespace Legato.Runtime.Safety;

/// <summary>How the hands leave the keys.</summary>
/// <remarks>
/// On this hand negative <c>WRJ1</c> raises the whole hand about the wrist, and smaller <c>J3</c> and <c>J0</c> extend a finger:
/// 0.35 rad at the wrist alone raise the fingertips, about 0.2 m away, by 7 cm, seven times the travel of a key.
/// </remarks>
public sealed record LiftOptions
{
    /// <summary>How far each wrist is raised, radians (0.35 by default).</summary>
    public double Wrist { get; init; } = 0.35;

    /// <summary>How far each of the four fingers is extended at <c>J3</c> and <c>J0</c>, radians (0.20 by default).</summary>
    public double Fingers { get; init; } = 0.20;

    /// <summary>Shortest duration of the lift (0.4 s by default); the limits of the guard may make it longer.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(0.4);

    /// <summary>How long the raised pose is sent after it (0.2 s by default).</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(0.2);
}

/// <summary>Where the hands go when a run ends for whatever reason: the last command, raised.</summary>
/// <remarks>Starts from what was sent, never from what was measured: the measured state may be the very thing that failed.</remarks>
public sealed class LiftPlan
{
    // A wrist that was nearly raised before has too little to go to tell by, rad.
    private const double LeastWay = 0.1;

    private readonly double[] _raise, _enough;
    private readonly MotionLimits _limits;

    /// <summary>Prepares the lift for a rig.</summary>
    public LiftPlan(MotionLimits limits, LiftOptions options)
    {
        _limits = limits;
        _raise = [.. limits.Layout.Names.Select(name => Raise(name, options))];
        _enough = [.. _raise.Select(_ => double.PositiveInfinity)];
    }

    /// <summary>The raised pose that belongs to a command, within the limits.</summary>
    public void From(ReadOnlySpan<double> sent, Span<double> raised)
    {
        for (int i = 0; i < _raise.Length; i++)
        {
            // An actuator at its end stays there.
            double lowest = Math.Min(sent[i], _limits.Lower[i]);
            raised[i] = Math.Max(sent[i] - _raise[i], lowest);
            double way = sent[i] - raised[i];
            _enough[i] = IsWrist(_limits.Layout.Names[i]) && way > LeastWay ? sent[i] - (way / 2) : double.PositiveInfinity;
        }
    }

    /// <summary>Whether the wrists have gone at least half of the way of the last <see cref="From"/>.</summary>
    /// <param name="measured">Measured positions of the actuators.</param>
    public bool IsRaised(ReadOnlySpan<double> measured)
    {
        for (int i = 0; i < _enough.Length; i++)
        {
            if (measured[i] > _enough[i])
                return false;
        }
        return true;
    }

    private static bool IsWrist(string actuator) => actuator.EndsWith("WRJ1", StringComparison.Ordinal);

    /// <summary>How far an actuator goes down in value to raise the hand.</summary>
    private static double Raise(string actuator, LiftOptions options)
    {
        ReadOnlySpan<char> joint = actuator.AsSpan(actuator.LastIndexOf('_') + 1);
        if (IsWrist(actuator))
            return options.Wrist;
        bool finger = joint is ['F' or 'M' or 'R' or 'L', 'F', 'J', '0' or '3'];
        return finger ? options.Fingers : 0;
    }
}
