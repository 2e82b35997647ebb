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
    private readonly double[] _raise;
    private readonly MotionLimits _limits;

    /// <summary>Prepares the lift for a rig.</summary>
    public LiftPlan(MotionLimits limits, LiftOptions options)
    {
        _limits = limits;
        _raise = [.. limits.Layout.Names.Select(name => Raise(name, options))];
    }

    /// <summary>The raised pose that belongs to a command, within the limits.</summary>
    public void From(ReadOnlySpan<double> sent, Span<double> raised)
    {
        for (int i = 0; i < _raise.Length; i++)
        {
            // An actuator at its end stays there.
            double lowest = Math.Min(sent[i], _limits.Lower[i]);
            raised[i] = Math.Max(sent[i] - _raise[i], lowest);
        }
    }

    /// <summary>How far an actuator goes down in value to raise the hand.</summary>
    private static double Raise(string actuator, LiftOptions options)
    {
        ReadOnlySpan<char> joint = actuator.AsSpan(actuator.LastIndexOf('_') + 1);
        if (joint is "WRJ1")
            return options.Wrist;
        bool finger = joint is ['F' or 'M' or 'R' or 'L', 'F', 'J', '0' or '3'];
        return finger ? options.Fingers : 0;
    }
}
