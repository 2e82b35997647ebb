using Legato.Sim.Scene;

namespace Legato.Sim.Tasks.Rewards;

/// <summary>Minus the mean square of the action's elements, −1..0: keeps a residual policy near its plan. The pedal counts.</summary>
/// <remarks>LASR penalises its actions so, weight 0.5.</remarks>
public sealed class ActionSizeReward : RewardTerm
{
    /// <inheritdoc/>
    public override double Evaluate(TaskState state)
    {
        double sum = 0;
        foreach (double a in state.Action)
            sum += a * a;
        return -sum / state.Action.Length;
    }
}

/// <summary>Minus the mean square of the action's change from the step before, −4..0; 0 in an episode's first step. The pedal counts.</summary>
public sealed class ActionRateReward : RewardTerm
{
    /// <inheritdoc/>
    public override double Evaluate(TaskState state)
    {
        if (state.EpisodeStep == 0)
            return 0;
        double sum = 0;
        for (int i = 0; i < state.Action.Length; i++)
        {
            double change = state.Action[i] - state.PreviousAction[i];
            sum += change * change;
        }
        return -sum / state.Action.Length;
    }
}

/// <summary>Minus the mean square of the targets' change from the step before, in control ranges: −1..0. Without the pedal; in an episode's first step from the targets that the drives held.</summary>
/// <param name="scene">Gives the control ranges.</param>
public sealed class CommandRateReward(PianoScene scene) : RewardTerm
{
    private readonly double[] _range = [.. scene.ControlHigh.Zip(scene.ControlLow, (high, low) => high - low)];

    /// <inheritdoc/>
    public override double Evaluate(TaskState state)
    {
        double sum = 0;
        for (int i = 0; i < _range.Length; i++)
        {
            double change = (state.Command[i] - state.PreviousCommand[i]) / _range[i];
            sum += change * change;
        }
        return -sum / _range.Length;
    }
}
