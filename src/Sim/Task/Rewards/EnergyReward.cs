using Legato.Sim.Scene;

namespace Legato.Sim.Tasks.Rewards;

/// <summary>Minus the mechanical power of all drives, W.</summary>
/// <remarks>
/// RoboPianist: −0.005 · Σ |force| · |velocity| at the end of the step, rails included; the factor is the term's weight here. LASR counts rails
/// less, as theirs is a heavy arm.
/// </remarks>
public sealed class EnergyReward : RewardTerm
{
    private readonly double[] _share;

    /// <summary>Creates the term.</summary>
    /// <param name="scene">Tells rails from motors.</param>
    /// <param name="rails">How much a rail's power counts, 0 or more.</param>
    public EnergyReward(PianoScene scene, double rails) => _share = [.. scene.Actuators.Units.Select(unit => unit == JointUnit.Metre ? rails : 1)];

    /// <inheritdoc/>
    public override double Evaluate(TaskState state)
    {
        double power = 0;
        for (int a = 0; a < _share.Length; a++)
            power += _share[a] * state.Power[a];
        return -power;
    }
}
