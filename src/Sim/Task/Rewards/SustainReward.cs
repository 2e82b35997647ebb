namespace Legato.Sim.Tasks.Rewards;

/// <summary>The pedal is where the song has it: 1 if so, else about 0.</summary>
/// <remarks>RoboPianist: g(goal − pedal; [0, 0.05], 0.5), both 0 or 1: 2.5e−4 for a pedal that is missing, 1e−4 for one too many.</remarks>
public sealed class SustainReward : RewardTerm
{
    /// <inheritdoc/>
    public override double Evaluate(TaskState state) =>
        Tolerance.Gaussian((state.Song.Pedal(state.Step) ? 1 : 0) - (state.PedalDown ? 1 : 0), 0, 0.05, 0.5);
}
