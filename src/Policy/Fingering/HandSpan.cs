using Legato.Sim.Scene;

namespace Legato.Policy.Fingering;

/// <summary>
/// How the fingers of each hand lie side by side in the playing posture, and how far each can stray, measured on the robot's own model.
/// </summary>
/// <remarks>Lengths in metres along the keyboard (+y towards the high notes). Immutable.</remarks>
public sealed class HandSpan
{
    /// <summary>Creates a span.</summary>
    public HandSpan(IReadOnlyList<FingerReach> fingers, double handWidth)
    {
        Fingers = fingers;
        HandWidth = handWidth;
    }

    /// <summary>One entry per finger of the scene.</summary>
    public IReadOnlyList<FingerReach> Fingers { get; }

    /// <summary>Least distance between the two hands' carriages, m.</summary>
    public double HandWidth { get; }
}

/// <summary>Where a finger plays relative to its hand.</summary>
/// <param name="Side">Which hand.</param>
/// <param name="Digit">0 thumb … 4 little finger.</param>
/// <param name="Offset">Tip y minus the hand's y in the playing posture, m.</param>
/// <param name="Slack">How far the tip can stray from there to either side, m.</param>
public sealed record FingerReach(HandSide Side, int Digit, double Offset, double Slack);
