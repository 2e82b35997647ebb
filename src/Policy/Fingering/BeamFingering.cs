using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Policy.Fingering;

/// <summary>
/// Beam search over the presses in order of time: each hypothesis knows where both hands are and what every finger holds.
/// </summary>
/// <remarks>
/// Costs are in the spirit of Parncutt et al. (1997) and Al Kasimi et al. (2007), but over the robot's measured spans:
/// stretch, travel against time, reuse of a finger, crossing, thumb and little finger on black keys, hands too close.
/// </remarks>
public sealed class BeamFingering(FingeringCosts costs, int beamWidth = 200) : IFingeringStrategy
{
    /// <inheritdoc/>
    public string Name => $"beam-{beamWidth}/{costs.Name}";

    /// <inheritdoc/>
    public FingeringPlan Assign(IReadOnlyList<KeyPress> presses, HandSpan span)
    {
        var beam = new List<Hypothesis> { Hypothesis.Start(span) };
        var next = new List<Hypothesis>();
        foreach ((KeyPress press, double importance) in presses.Zip(NoteImportance.Of(presses)))
        {
            next.Clear();
            foreach (Hypothesis h in beam)
            {
                for (int f = 0; f < span.Fingers.Count; f++)
                {
                    if (h.TryExtend(press, f, span, costs) is { } extended)
                        next.Add(extended);
                }
                next.Add(h.Skip(press, costs.Unreachable * importance));
            }
            // A stable order makes the result independent of the sorting algorithm.
            beam = [.. next.OrderBy(h => h.Cost).Take(beamWidth)];
        }
        return beam[0].ToPlan();
    }

    private sealed class Hypothesis
    {
        // A hand goes most of the way to where its fingers are relaxed and stays a little behind.
        private const double Eagerness = 0.7;

        // A hand counts as busy for this many steps after its last onset, 1 s; before the song both had that long to move.
        private const int BusySteps = 20;

        private readonly Hypothesis? _parent;
        private readonly KeyPress? _press;
        private readonly int _finger;
        private readonly int[] _key;
        private readonly int[] _until;
        private readonly double[] _handY;
        private readonly int[] _handTime;

        private Hypothesis(Hypothesis? parent, KeyPress? press, int finger, int[] key, int[] until, double[] handY, int[] handTime, double cost)
        {
            (_parent, _press, _finger, _key, _until, _handY, _handTime, Cost) = (parent, press, finger, key, until, handY, handTime, cost);
        }

        public double Cost { get; }

        public static Hypothesis Start(HandSpan span)
        {
            int n = span.Fingers.Count;
            return new(null, null, -1, [.. Enumerable.Repeat(-1, n)], [.. Enumerable.Repeat(int.MinValue / 2, n)], [HandSide.Right.RootY(), HandSide.Left.RootY()], [-BusySteps, -BusySteps], 0);
        }

        public Hypothesis Skip(KeyPress press, double price) =>
            new(this, press, -1, _key, _until, _handY, _handTime, Cost + price);

        public Hypothesis? TryExtend(KeyPress press, int finger, HandSpan span, FingeringCosts costs)
        {
            FingerReach reach = span.Fingers[finger];
            double topSpeed = Math.Min(costs.MaxSpeed, span.CarriageSpeed);
            int hand = (int)reach.Side;
            if (_until[finger] > press.Start)
                return null;

            PianoKey pressed = PianoGeometry.Keys[press.Key];
            double keyY = pressed.Y;
            HandPlacement placement = span.Place(finger, pressed);
            double wish = keyY - reach.Offset;
            int held = 1;
            double cost = 0;
            for (int f = 0; f < span.Fingers.Count; f++)
            {
                FingerReach other = span.Fingers[f];
                if (f == finger || other.Side != reach.Side || _key[f] < 0 || _until[f] < press.Start - costs.CrossingMemory)
                    continue;
                bool isHeld = _until[f] > press.Start;
                PianoKey otherKey = PianoGeometry.Keys[_key[f]];
                // Right hand: higher digits on higher keys; left hand mirrored.
                int order = (reach.Side == HandSide.Right ? 1 : -1) * Math.Sign(reach.Digit - other.Digit);
                if (order * Math.Sign(keyY - otherKey.Y) <= 0)
                {
                    if (isHeld)
                        return null;
                    cost += costs.Crossing;
                }
                if (!isHeld)
                    continue;
                if (!span.CanPressTogether(finger, pressed, f, otherKey))
                    return null;
                placement = placement.And(span.Place(f, otherKey));
                wish += otherKey.Y - other.Offset;
                held++;
            }
            if (placement.IsEmpty)
                return null;

            // Between the wish (fingers relaxed) and staying where the hand is, within what the held keys allow.
            double previous = _handY[hand];
            double y = Math.Clamp((Eagerness * wish / held) + ((1 - Eagerness) * previous), placement.Low, placement.High);
            double travel = Math.Abs(y - previous);
            double speed = Math.Max(
                travel / Seconds(press.Start - _handTime[hand]),
                // A hand that holds a key can only lean; the rest of the way is left for when it is free.
                Math.Max(0, travel - costs.Lean) / Seconds(press.Start - FreeSince(hand, press.Start, span)));
            if (speed > topSpeed)
                return null;
            cost += (costs.Travel * travel) + (costs.Speed * speed * speed);

            double stretch = reach.Stretch(pressed, y);
            cost += costs.Stretch * stretch * stretch;
            if (PianoGeometry.Keys[press.Key].IsBlack)
                cost += reach.Digit switch { 0 => costs.ThumbOnBlack, 4 => costs.LittleOnBlack, _ => 0 };
            cost += costs.Digit[reach.Digit] + costs.Hand[hand];

            int rest = press.Start - _until[finger];
            if (_key[finger] >= 0 && _key[finger] != press.Key && rest < costs.ReuseSteps)
                cost += costs.Reuse * Math.Pow((costs.ReuseSteps - rest) / (double)costs.ReuseSteps, 2);

            int away = reach.Side == HandSide.Right ? -1 : 1;
            double otherHand = _handY[1 - hand], missing = span.HandWidth - (away * (otherHand - y));
            if (missing > 0)
            {
                // The other hand gives way: as far as it leans if it holds a key, as fast as it moves if not.
                double retreat = Math.Max(0, missing - costs.Lean) / Seconds(press.Start - FreeSince(1 - hand, press.Start, span));
                if (retreat > topSpeed)
                    return null;
                cost += (costs.Travel * missing) + (costs.Speed * retreat * retreat);
                if (press.Start - _handTime[1 - hand] < BusySteps)
                    cost += costs.Collision * missing / span.HandWidth;
                otherHand += away * missing;
            }
            if (press.Digit >= 0 && press.Digit != reach.Part)
                cost += costs.AgainstScore;

            int[] key = [.. _key], until = [.. _until], time = [.. _handTime];
            double[] handY = [.. _handY];
            key[finger] = press.Key;
            until[finger] = press.End;
            handY[hand] = y;
            handY[1 - hand] = otherHand;
            time[hand] = press.Start;
            return new(this, press, finger, key, until, handY, time, Cost + cost);
        }

        private static double Seconds(int steps) => Math.Max(1, steps) * SceneOptions.ControlPeriod;

        // When the last finger of a hand let go of its key.
        private int FreeSince(int hand, int now, HandSpan span)
        {
            int latest = _handTime[hand];
            for (int f = 0; f < span.Fingers.Count; f++)
            {
                if ((int)span.Fingers[f].Side == hand && _key[f] >= 0)
                    latest = Math.Max(latest, Math.Min(now, _until[f]));
            }
            return latest;
        }

        public FingeringPlan ToPlan()
        {
            var assigned = new List<FingeredPress>();
            var dropped = new List<KeyPress>();
            for (Hypothesis h = this; h._parent is not null; h = h._parent)
            {
                if (h._finger >= 0)
                    assigned.Add(new FingeredPress(h._press!, h._finger));
                else
                    dropped.Add(h._press!);
            }
            assigned.Reverse();
            dropped.Reverse();
            return new FingeringPlan(assigned, dropped);
        }
    }
}

/// <summary>Weights of the fingering costs. One unit is about the price of an uncomfortable note.</summary>
public sealed record FingeringCosts
{
    /// <summary>Name for reports.</summary>
    public string Name { get; init; } = "balanced";

    /// <summary>Per metre of carriage travel.</summary>
    public double Travel { get; init; } = 8;

    /// <summary>Per (m/s)² of carriage speed that the travel asks for.</summary>
    public double Speed { get; init; } = 6;

    /// <summary>Carriage speed beyond which a note is out of reach, m/s.</summary>
    public double MaxSpeed { get; init; } = 0.9;

    /// <summary>How far the carriage can move while a finger stays on its key, m.</summary>
    public double Lean { get; init; } = 0.025;

    /// <summary>For a finger at the end of its slack.</summary>
    public double Stretch { get; init; } = 1;

    /// <summary>For a finger that passes over a neighbour.</summary>
    public double Crossing { get; init; } = 2;

    /// <summary>Steps after a release in which its finger still counts for crossing.</summary>
    public int CrossingMemory { get; init; } = 3;

    /// <summary>For a finger that has to change keys at once.</summary>
    public double Reuse { get; init; } = 6;

    /// <summary>Steps after which a finger is free for another key.</summary>
    public int ReuseSteps { get; init; } = 5;

    /// <summary>Thumb on a black key.</summary>
    public double ThumbOnBlack { get; init; } = 2;

    /// <summary>Little finger on a black key.</summary>
    public double LittleOnBlack { get; init; } = 0.7;

    /// <summary>Hands closer than their width.</summary>
    public double Collision { get; init; } = 6;

    /// <summary>A finger other than the one that the score writes.</summary>
    public double AgainstScore { get; init; } = 10;

    /// <summary>A note that nobody plays, times its <see cref="NoteImportance"/>.</summary>
    public double Unreachable { get; init; } = 12;

    /// <summary>General preference, thumb to little finger.</summary>
    public IReadOnlyList<double> Digit { get; init; } = [0.3, 0, 0, 0.05, 0.2];

    /// <summary>General preference, right and left hand.</summary>
    public IReadOnlyList<double> Hand { get; init; } = [0, 0];
}
