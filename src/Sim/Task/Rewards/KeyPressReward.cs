namespace Legato.Sim.Tasks.Rewards;

/// <summary>Keys that should be down are, and no other: 0..1, silent steps at most 0.5.</summary>
/// <remarks>
/// RoboPianist: 0.5 · mean over the goal's keys of g(1 − depth; [0, 0.05], 0.5) + 0.5 if no key sounds that should not. The first half is 0
/// where no key should be down. g is <see cref="Tolerance"/>.
/// </remarks>
public sealed class KeyPressReward : RewardTerm
{
    /// <inheritdoc/>
    public override double Evaluate(TaskState state)
    {
        UInt128 goal = state.Song.Keys(state.Step);
        double clean = (state.KeysDown & ~goal) == 0 ? 0.5 : 0;
        if (goal == 0)
            return clean;
        double sum = 0;
        for (UInt128 rest = goal; rest != 0; rest &= rest - 1)
            sum += Tolerance.Gaussian(1 - state.KeyDepths[(int)UInt128.TrailingZeroCount(rest)], 0, 0.05, 0.5);
        return (0.5 * sum / (int)UInt128.PopCount(goal)) + clean;
    }
}
