using Legato.Sim.Piano;

namespace Legato.Sim.Tasks.Rewards;

/// <summary>What was pressed, case by case: 0..2.</summary>
/// <remarks>
/// LASR, "Learning to Play Piano in the Real World" (v1 code). Where keys should be down: 0 if no key sounds; 0.5 + 0.5 · mean depth of the
/// goal's keys if one sounds that should not; 1 + 0.5 · mean depth if only keys of the goal sound. Where none should: 1.5 if none sounds, else
/// 2 · (1 − depth of the deepest key).
/// </remarks>
public sealed class PressCasesReward : RewardTerm
{
    /// <inheritdoc/>
    public override double Evaluate(TaskState state)
    {
        UInt128 goal = state.Song.Keys(state.Step);
        if (goal == 0)
            return state.KeysDown == 0 ? 1.5 : 2 * (1 - Deepest(state.KeyDepths));
        if (state.KeysDown == 0)
            return 0;
        double sum = 0;
        for (UInt128 rest = goal; rest != 0; rest &= rest - 1)
            sum += state.KeyDepths[(int)UInt128.TrailingZeroCount(rest)];
        double depth = 0.5 * sum / (int)UInt128.PopCount(goal);
        return depth + ((state.KeysDown & ~goal) != 0 ? 0.5 : 1);
    }

    private static double Deepest(double[] depths)
    {
        double deepest = 0;
        for (int k = 0; k < PianoGeometry.KeyCount; k++)
            deepest = Math.Max(deepest, depths[k]);
        return deepest;
    }
}
