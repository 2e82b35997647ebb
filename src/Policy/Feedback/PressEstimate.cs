using Legato.Sim.Scene;

namespace Legato.Policy.Feedback;

/// <summary>How much harder the hands are to press, from held keys that came up and those that did not.</summary>
/// <remarks>One thread at a time; nothing is allocated after construction.</remarks>
internal sealed class PressEstimate
{
    /// <summary>Most that a hand adds to what its plan presses with, N per finger.</summary>
    public const double Hardest = 3;

    // Where one note in six comes up for reasons of its own, the force stays what it is.
    private const double More = 0.5, Less = 0.1;

    private readonly double[] _force = new double[2];

    /// <summary>What each pressing finger of a hand adds, N.</summary>
    public double Force(HandSide side) => _force[(int)side];

    /// <summary>Forgets everything.</summary>
    public void Reset() => Array.Clear(_force);

    /// <summary>Takes in that a key came up under a finger that was to hold it, or that it was held.</summary>
    public void Observe(HandSide side, bool isHeld) => _force[(int)side] = Math.Clamp(_force[(int)side] + (isHeld ? -Less : More), 0, Hardest);
}
