using Legato.Sim.Limits;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Policy.Fingering;

/// <summary>
/// How the fingers of each hand lie side by side in the playing posture, how far each can stray, and which pairs can press at once;
/// measured on the robot's own model.
/// </summary>
/// <remarks>Lengths in metres along the keyboard (+y towards the high notes). Immutable and thread-safe.</remarks>
public sealed class HandSpan
{
    // Part of a carriage's top speed that remains on the way from one stop to the next.
    private const double MeanSpeed = 0.6;

    // What hands keep apart more than they must, m: their commands run ahead of them.
    private const double Margin = 0.01;

    private readonly PairReach _pairs;

    /// <summary>Creates a span.</summary>
    /// <param name="fingers">One entry per finger of the scene.</param>
    /// <param name="handWidth">Least distance between the two hands' carriages, m.</param>
    /// <param name="pairs">What two fingers of a hand can press at once; by default whatever each can press alone.</param>
    /// <param name="carriageSpeed">How fast a carriage gets from one key to another, m/s.</param>
    public HandSpan(IReadOnlyList<FingerReach> fingers, double handWidth, PairReach? pairs = null, double carriageSpeed = double.PositiveInfinity)
    {
        CarriageSpeed = carriageSpeed;
        Fingers = fingers;
        HandWidth = handWidth;
        _pairs = pairs ?? PairReach.Unlimited;
    }

    /// <summary>One entry per finger of the scene.</summary>
    public IReadOnlyList<FingerReach> Fingers { get; }

    /// <summary>Least distance between the two hands' carriages, m.</summary>
    public double HandWidth { get; }

    /// <summary>How fast a carriage gets from one key to another, m/s.</summary>
    public double CarriageSpeed { get; }

    /// <summary>The same fingers on hands that move and keep apart as a robot's limits want it.</summary>
    public HandSpan Within(MotionLimits limits)
    {
        IEnumerable<double> rails = limits.Layout.Names.Select((name, a) => name.EndsWith("forearm_tx", StringComparison.Ordinal) ? limits.Velocity[a] : double.PositiveInfinity);
        return new HandSpan(Fingers, Math.Max(HandWidth, limits.MinimumSeparation + Margin), _pairs, MeanSpeed * rails.Min());
    }

    /// <summary>Where the hand of a finger can be while the finger presses a key.</summary>
    public HandPlacement Place(int finger, PianoKey key)
    {
        FingerReach reach = Fingers[finger];
        Interval stray = reach.On(key);
        double relaxed = key.Y - reach.Offset;
        return new HandPlacement(relaxed - stray.High, relaxed - stray.Low);
    }

    /// <summary>Whether two fingers of one hand can press two keys at once, wherever the hand is.</summary>
    public bool CanPressTogether(int finger, PianoKey key, int other, PianoKey otherKey)
    {
        (FingerReach a, FingerReach b) = (Fingers[finger], Fingers[other]);
        if (a.Digit > b.Digit)
            (a, b, key, otherKey) = (b, a, otherKey, key);
        double distance = otherKey.Y - key.Y;
        return _pairs[a.Digit, key.IsBlack, b.Digit, otherKey.IsBlack].Contains(a.Side == HandSide.Right ? distance : -distance);
    }
}

/// <summary>A closed interval of lengths, m; empty where <paramref name="Low"/> is above <paramref name="High"/>.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The interval without any length.</summary>
    public static Interval Empty { get; } = new(double.PositiveInfinity, double.NegativeInfinity);

    /// <summary>The interval seen from the other side.</summary>
    public Interval Mirror() => new(-High, -Low);

    /// <summary>True if <paramref name="value"/> is not outside.</summary>
    public bool Contains(double value) => Low <= value && value <= High;
}

/// <summary>Where a finger plays relative to its hand.</summary>
/// <param name="Side">Which hand.</param>
/// <param name="Digit">0 thumb … 4 little finger.</param>
/// <param name="Offset">Tip y minus the hand's y in the playing posture, m.</param>
/// <param name="White">How far the tip can stray from there on white keys, m: negative towards the low notes.</param>
/// <param name="Black">The same on black keys.</param>
public sealed record FingerReach(HandSide Side, int Digit, double Offset, Interval White, Interval Black)
{
    // A finger without any room is stretched by this much, m.
    private const double LeastRoom = 0.004;

    /// <summary>A finger that strays equally far to both sides on all keys.</summary>
    public FingerReach(HandSide side, int digit, double offset, double slack)
        : this(side, digit, offset, new(-slack, slack), new(-slack, slack)) { }

    /// <summary>The finger as scores count them: 0..4 right thumb to little finger, 5..9 left.</summary>
    public int Part => ((int)Side * 5) + Digit;

    /// <summary>How far the tip can stray on keys of that colour, m.</summary>
    public Interval On(PianoKey key) => key.IsBlack ? Black : White;

    /// <summary>How far the finger is from where it is relaxed when it presses a key: 0 relaxed, ±1 at the end of its reach.</summary>
    /// <param name="key">The key.</param>
    /// <param name="handY">Where the hand is, m.</param>
    public double Stretch(PianoKey key, double handY)
    {
        double stray = key.Y - Offset - handY;
        return stray / Math.Max(LeastRoom, stray < 0 ? -On(key).Low : On(key).High);
    }
}

/// <summary>Distances between two keys that two fingers of a hand can press at once. Immutable.</summary>
/// <remarks>The hands are mirror images: distances count towards the little finger, from the lower digit to the higher one.</remarks>
public sealed class PairReach
{
    private const int Digits = 5;
    private readonly Interval[] _distances;

    /// <summary>Creates a table.</summary>
    /// <param name="distance">The interval of a pair of digits, first below second, and of the colours of their keys.</param>
    public PairReach(Func<(int Digit, bool Black), (int Digit, bool Black), Interval> distance)
    {
        _distances = new Interval[4 * Digits * Digits];
        for (int second = 1; second < Digits; second++)
        {
            for (int first = 0; first < second; first++)
            {
                foreach (bool black in (ReadOnlySpan<bool>)[false, true])
                {
                    foreach (bool otherBlack in (ReadOnlySpan<bool>)[false, true])
                        _distances[Index(first, black, second, otherBlack)] = distance((first, black), (second, otherBlack));
                }
            }
        }
    }

    /// <summary>Any distance.</summary>
    public static PairReach Unlimited { get; } = new((_, _) => new(double.NegativeInfinity, double.PositiveInfinity));

    /// <summary>Distances of a pair, first digit below second, m.</summary>
    public Interval this[int first, bool firstBlack, int second, bool secondBlack] => _distances[Index(first, firstBlack, second, secondBlack)];

    private static int Index(int first, bool firstBlack, int second, bool secondBlack) =>
        (4 * ((first * Digits) + second)) + (firstBlack ? 2 : 0) + (secondBlack ? 1 : 0);
}

/// <summary>Where a hand can be, m along the keyboard, while its fingers hold their keys.</summary>
/// <param name="Low">Lower end; above <paramref name="High"/> if there is no such place.</param>
/// <param name="High">Upper end.</param>
public readonly record struct HandPlacement(double Low, double High)
{
    /// <summary>No place at all.</summary>
    public static HandPlacement Nowhere { get; } = new(double.PositiveInfinity, double.NegativeInfinity);

    /// <summary>True if there is no such place.</summary>
    public bool IsEmpty => Low > High;

    /// <summary>Where the hand can be for both.</summary>
    public HandPlacement And(HandPlacement other) => new(Math.Max(Low, other.Low), Math.Min(High, other.High));
}
