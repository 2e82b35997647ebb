using Legato.Sim.Scene;

namespace Legato.Policy.Feedback;

/// <summary>How far to the side the hands are to play, from the neighbours that sounded.</summary>
/// <remarks>
/// A tip strikes a neighbour once it is some 4 mm off its key. What one hand finds the other believes by half: the piano stands where it stands for
/// both, zeros of joints belong to one. Where neighbours sound on both sides in turn, notes are missed at random and the place is about right: each time the side changes, the hand's moves become half
/// as long (Kesten, Accelerated Stochastic Approximation, 1958). Corrections along the keyboard from keys that sounded are the idea of HandelBot's lateral refinement, here
/// within a performance. One thread at a time; nothing is allocated after construction.
/// </remarks>
internal sealed class PlaceEstimate
{
    /// <summary>Furthest that a hand is moved aside, m.</summary>
    public const double Furthest = 0.01;

    /// <summary>Furthest that it is moved in a control step, m.</summary>
    public const double Pace = 0.001;

    private const double Move = 0.003, Shared = 0.5;

    private readonly double[] _wanted = new double[2], _aside = new double[2], _move = [Move, Move];
    private readonly int[] _last = new int[2];

    /// <summary>How far a hand is to be beside its plan, m along the world's y.</summary>
    public double Aside(HandSide side) => _aside[(int)side];

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Clear(_wanted);
        Array.Clear(_aside);
        Array.Fill(_move, Move);
        Array.Clear(_last);
    }

    /// <summary>Takes in a neighbour.</summary>
    /// <param name="side">Whose hand struck it.</param>
    /// <param name="direction">On which side of its key it lies, ±1.</param>
    public void Observe(HandSide side, int direction)
    {
        int own = (int)side;
        if (_last[own] == -direction)
            _move[own] /= 2;
        _last[own] = direction;
        for (int s = 0; s < _wanted.Length; s++)
            _wanted[s] = Math.Clamp(_wanted[s] - ((s == own ? 1 : Shared) * _move[own] * direction), -Furthest, Furthest);
    }

    /// <summary>Lets a control step pass.</summary>
    public void Step()
    {
        for (int s = 0; s < _aside.Length; s++)
            _aside[s] += Math.Clamp(_wanted[s] - _aside[s], -Pace, Pace);
    }
}
