using Legato.Sim.Assignment;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Policy.Fingering;

/// <summary>
/// Fingering by optimal transport: at every onset the keys go to the fingertips so that the tips move the least in all.
/// </summary>
/// <remarks>
/// The assignment of Zhao et al., "RP1M: A Large-Scale Motion Dataset for Piano Playing with Bi-Manual Dexterous Robot Hands", 2024: the least
/// Σ w_ij d_ij over fingertips i and keys j, solved exactly by <see cref="LinearAssignment"/>. Tips move along the keyboard only. What RP1M leaves to
/// the policy is explicit here: fingers that hold a key are not available, a hand moves no faster than its carriage and stays on its side of the
/// other, fingers do not cross, and what cannot be played is left out, the least important press first.
/// </remarks>
public sealed class TransportFingering : IFingeringStrategy
{
    // Before the song both hands have this long to move, steps.
    private const int LeadIn = 20;

    // Dearer than any distance on the keyboard, m: a press is left out only if there is no finger for it.
    private const double LeaveOut = 10;

    /// <inheritdoc/>
    public string Name => "ot";

    /// <summary>Carriage speed beyond which a press is out of reach, m/s.</summary>
    public double MaxSpeed { get; init; } = 0.9;

    /// <inheritdoc/>
    public FingeringPlan Assign(IReadOnlyList<KeyPress> presses, HandSpan span)
    {
        var hands = new Hands(span, MaxSpeed);
        var assigned = new List<FingeredPress>();
        var dropped = new List<KeyPress>();
        IReadOnlyList<double> importance = NoteImportance.Of(presses);
        foreach (IGrouping<int, (KeyPress Press, double Importance)> onset in presses.Zip(importance).GroupBy(p => p.First.Start))
        {
            hands.MoveTo(onset.Key);
            List<(KeyPress Press, double Importance)> group = [.. onset];
            FingeredPress[]? played;
            while ((played = hands.Assign(group)) is null)
                group.RemoveAt(group.FindLastIndex(p => p.Importance == group.Min(q => q.Importance)));
            hands.Press(played);
            assigned.AddRange(played.OrderBy(p => p.Press.Key));
            dropped.AddRange(onset.Select(p => p.Press).Except(played.Select(p => p.Press)));
        }
        return new FingeringPlan(assigned, dropped);
    }

    /// <summary>Where the hands are and what their fingers hold.</summary>
    private sealed class Hands(HandSpan span, double maxSpeed)
    {
        private readonly KeyPress?[] _held = new KeyPress?[span.Fingers.Count];
        private readonly double[] _y = [HandSide.Right.RootY(), HandSide.Left.RootY()];
        private readonly HandPlacement[] _within = new HandPlacement[2];
        private int _now = -LeadIn;

        /// <summary>Lets go of what ends by then, and finds where each hand can be.</summary>
        public void MoveTo(int step)
        {
            double way = maxSpeed * SceneOptions.ControlPeriod * (step - _now);
            _now = step;
            // Each hand has the keyboard up to the middle between both.
            double middle = 0.5 * (_y[0] + _y[1]), half = 0.5 * span.HandWidth;
            _within[0] = new HandPlacement(_y[0] - way, _y[0] + way).And(new(middle + half, double.PositiveInfinity));
            _within[1] = new HandPlacement(_y[1] - way, _y[1] + way).And(new(double.NegativeInfinity, middle - half));
            for (int f = 0; f < _held.Length; f++)
            {
                if (_held[f]?.End <= step)
                    _held[f] = null;
                if (_held[f] is { } press)
                    _within[Hand(f)] = _within[Hand(f)].And(span.Place(f, PianoGeometry.Keys[press.Key]));
            }
        }

        /// <summary>The cheapest fingers for a group of presses; those left out are missing. Null if the hands cannot play them together.</summary>
        public FingeredPress[]? Assign(List<(KeyPress Press, double Importance)> group)
        {
            int fingers = span.Fingers.Count;
            // A column for each finger, and one for each press to be left out.
            var cost = new double[group.Count, fingers + group.Count];
            for (int i = 0; i < group.Count; i++)
            {
                for (int j = 0; j < fingers + group.Count; j++)
                    cost[i, j] = j < fingers ? Distance(group[i].Press, j) : j - fingers == i ? LeaveOut * group[i].Importance : double.PositiveInfinity;
            }
            LinearAssignment.TrySolve(cost, out int[] column);
            var played = new List<FingeredPress>();
            foreach (int hand in (ReadOnlySpan<int>)[0, 1])
            {
                // On a line the cheapest assignment needs no crossing: the same fingers and keys, in order, cost no more.
                int towardsLittle = hand == 0 ? 1 : -1;
                KeyPress[] keys = [.. group.Select(p => p.Press).Where((_, i) => column[i] < fingers && Hand(column[i]) == hand).OrderBy(p => towardsLittle * p.Key)];
                int[] used = [.. column.Where(c => c < fingers && Hand(c) == hand).OrderBy(f => span.Fingers[f].Digit)];
                FingeredPress[] own = [.. keys.Zip(used, (k, f) => new FingeredPress(k, f))];
                if (Placement(hand, own).IsEmpty)
                    return null;
                played.AddRange(own);
            }
            return [.. played];
        }

        /// <summary>Presses, and moves each hand to where its fingers are most relaxed.</summary>
        public void Press(IReadOnlyList<FingeredPress> played)
        {
            foreach (int hand in (ReadOnlySpan<int>)[0, 1])
            {
                FingeredPress[] own = [.. played.Where(p => Hand(p.Finger) == hand)];
                HandPlacement placement = Placement(hand, own);
                foreach (FingeredPress p in own)
                    _held[p.Finger] = p.Press;
                double[] wishes = [.. Enumerable.Range(0, _held.Length).Where(f => Hand(f) == hand && _held[f] is not null)
                    .Select(f => PianoGeometry.Keys[_held[f]!.Key].Y - span.Fingers[f].Offset)];
                if (!placement.IsEmpty)
                    _y[hand] = Math.Clamp(wishes.Length > 0 ? wishes.Average() : _y[hand], placement.Low, placement.High);
            }
        }

        private int Hand(int finger) => (int)span.Fingers[finger].Side;

        // How far a fingertip has to move for a key from where the hand is now; +∞ if it cannot play it.
        private double Distance(KeyPress press, int finger)
        {
            int hand = Hand(finger);
            PianoKey key = PianoGeometry.Keys[press.Key];
            bool possible = _held[finger] is null && !_within[hand].And(span.Place(finger, key)).IsEmpty
                && Enumerable.Range(0, _held.Length).All(f => Hand(f) != hand || _held[f] is not { } held || Fits(finger, key, f, PianoGeometry.Keys[held.Key]));
            return possible ? Math.Abs(key.Y - _y[hand] - span.Fingers[finger].Offset) : double.PositiveInfinity;
        }

        private HandPlacement Placement(int hand, FingeredPress[] own)
        {
            HandPlacement placement = _within[hand];
            for (int i = 0; i < own.Length; i++)
            {
                PianoKey key = PianoGeometry.Keys[own[i].Press.Key];
                placement = placement.And(span.Place(own[i].Finger, key));
                for (int j = 0; j < i; j++)
                {
                    if (!Fits(own[i].Finger, key, own[j].Finger, PianoGeometry.Keys[own[j].Press.Key]))
                        return HandPlacement.Nowhere;
                }
                if (double.IsPositiveInfinity(Distance(own[i].Press, own[i].Finger)))
                    return HandPlacement.Nowhere;
            }
            return placement;
        }

        // In the order of the fingers, and within their stretch.
        private bool Fits(int finger, PianoKey key, int other, PianoKey otherKey)
        {
            int order = (span.Fingers[finger].Side == HandSide.Right ? 1 : -1) * (span.Fingers[finger].Digit - span.Fingers[other].Digit);
            return order * (key.Index - otherKey.Index) > 0 && span.CanPressTogether(finger, key, other, otherKey);
        }
    }
}
