namespace Legato.Sim.Tasks.Rewards;

/// <summary>Hands do not slide along the keyboard while a key is down: 1 − factor · v², v being the faster hand's speed, m/s; 1 while no key sounds.</summary>
/// <remarks>LASR (v1 code), factor 3; there with one hand. Not bounded below.</remarks>
/// <param name="factor">s²/m², 0 or more.</param>
public sealed class SlidingReward(double factor) : RewardTerm
{
    /// <inheritdoc/>
    public override double Evaluate(TaskState state)
    {
        double speed = Math.Max(Math.Abs(state.RailSpeeds[0]), Math.Abs(state.RailSpeeds[1]));
        return state.KeysDown == 0 ? 1 : 1 - (factor * speed * speed);
    }
}
