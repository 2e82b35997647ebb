using Legato.Sim;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.RobotDriver.StandIn;

/// <summary>The drives of one hand and its rail: which actuators they are, and the commands on their way to them.</summary>
internal sealed class HandDrives
{
    private readonly double _delay, _jitter;
    private readonly GaussianNoise _random;

    public HandDrives(HandSide side, JointLayout actuators, SimParameters parameters, RealityEffects effects, double timestep, BusFaults bus, GaussianNoise random)
    {
        (Side, Bus, _random, _jitter) = (side, bus, random, effects.CommandJitter);
        string prefix = side.Prefix();
        int[] own = [.. Enumerable.Range(0, actuators.Count).Where(a => actuators.Names[a].StartsWith(prefix, StringComparison.Ordinal))];
        MotorIndices = [.. own.Where(a => actuators.Units[a] == JointUnit.Radian)];
        RailIndices = [.. own.Where(a => actuators.Units[a] == JointUnit.Metre)];
        Motors = [.. MotorIndices.Select(a => SceneParameters.DriveName(actuators.Names[a]))];
        Clamped = new double[MotorIndices.Length];
        RailOn = [.. RailIndices.Select(_ => true)];
        Line = new DelayedTargets(MotorIndices.Length);
        RailLine = new DelayedTargets(RailIndices.Length);
        _delay = parameters[side == HandSide.Right ? "right_hand.delay" : "left_hand.delay"];
        RailDelay = parameters["rails.delay"] / timestep;
    }

    public HandSide Side { get; }

    public IReadOnlyList<string> Motors { get; }

    public int[] MotorIndices { get; }

    public int[] RailIndices { get; }

    /// <summary>Room for a command.</summary>
    public double[] Clamped { get; }

    public bool[] RailOn { get; }

    public DelayedTargets Line { get; }

    public DelayedTargets RailLine { get; }

    public BusFaults Bus { get; }

    /// <summary>Steps that a set-point of the rails takes.</summary>
    public double RailDelay { get; }

    /// <summary>Steps that the next command takes.</summary>
    public double Delay(double timestep) => Math.Max(0, _delay + (_jitter > 0 ? _jitter * _random.Next() : 0)) / timestep;

    public void Advance(long step, Span<double> targets)
    {
        Bus.Advance(step);
        Line.Advance(step);
        RailLine.Advance(step);
        for (int i = 0; i < MotorIndices.Length; i++)
            targets[MotorIndices[i]] = Line.Values[i];
        for (int i = 0; i < RailIndices.Length; i++)
            targets[RailIndices[i]] = RailLine.Values[i];
    }

    public void Reset(ReadOnlySpan<double> measured)
    {
        Line.Reset([.. Pick(measured, MotorIndices)]);
        RailLine.Reset([.. Pick(measured, RailIndices)]);
    }

    private static double[] Pick(ReadOnlySpan<double> all, int[] indices)
    {
        var picked = new double[indices.Length];
        for (int i = 0; i < indices.Length; i++)
            picked[i] = all[indices[i]];
        return picked;
    }
}
