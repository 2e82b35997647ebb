namespace Legato.Sim.Tasks.Rewards;

/// <summary>1 while the hands do not touch each other, else 0.</summary>
/// <remarks>
/// RoboPianist's forearm term, weight 0.5; it matches geoms by the beginning of their names, which makes "forearms" nearly any part of the
/// hands. In a scene without contacts between hands (<see cref="Scene.ContactSet"/>) it is always 1.
/// </remarks>
public sealed class HandsApartReward : RewardTerm
{
    /// <inheritdoc/>
    public override double Evaluate(TaskState state) => state.HandsTouch ? 0 : 1;
}
