using FsCheck;
using FsCheck.Fluent;
using Legato.Policy.Fingering;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Tests.Policy;

/// <summary>What every fingering must keep, on random songs and on chords and leaps that are too much.</summary>
public abstract class FingeringRules
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    protected abstract IFingeringStrategy Strategy { get; }

    [Fact]
    public void EveryPressIsPlayedOnceOrListedAsUnreachable() => Check(5, (presses, plan) =>
        plan.Presses.Select(p => p.Press).Concat(plan.Unreachable).OrderBy(p => p.Start).ThenBy(p => p.Key).SequenceEqual(presses)
        && plan.Presses.Zip(plan.Presses.Skip(1)).All(p => p.First.Press.Start <= p.Second.Press.Start));

    [Fact]
    public void NoFingerHoldsTwoKeys() => Check(5, (_, plan) =>
        plan.Presses.GroupBy(p => p.Finger).All(g => g.OrderBy(p => p.Press.Start).ToArray() is var own
            && own.Zip(own.Skip(1)).All(p => p.First.Press.End <= p.Second.Press.Start)));

    [Fact]
    public void KeysHeldTogetherLieInTheOrderOfTheFingers() => Check(5, (_, plan) =>
        (from a in plan.Presses
         from b in plan.Presses
         where a.Finger / 5 == b.Finger / 5 && a.Finger % 5 < b.Finger % 5
             && a.Press.Start < b.Press.End && b.Press.Start < a.Press.End
         select (a.Finger < 5 ? 1 : -1) * (b.Press.Key - a.Press.Key)).All(order => order > 0));

    [Fact]
    public void KeysHeldTogetherLieWithinTheHandsSpan() => Check(5, (_, plan) =>
    {
        HandSpan span = Span(5);
        return (from a in plan.Presses
                from b in plan.Presses
                where a.Finger / 5 == b.Finger / 5 && a.Press.Start < b.Press.End && b.Press.Start < a.Press.End
                let stretch = PianoGeometry.Keys[b.Press.Key].Y - PianoGeometry.Keys[a.Press.Key].Y - (span.Fingers[b.Finger].Offset - span.Fingers[a.Finger].Offset)
                select Math.Abs(stretch) - Slack(a.Finger) - Slack(b.Finger)).All(excess => excess <= 1e-12);
    });

    [Fact]
    public void TheSamePressesGetTheSameFingers() =>
        Prop.ForAll(Seeds, seed =>
        {
            KeyPress[] presses = RandomSong(seed);
            FingeringPlan first = Strategy.Assign(presses, Span(5)), second = Strategy.Assign(presses, Span(5));
            return first.Presses.SequenceEqual(second.Presses) && first.Unreachable.SequenceEqual(second.Unreachable);
        }).Holds(20);

    [Fact]
    public void FourFingersNeverUseTheFifth()
    {
        HandSpan span = Span(4);
        Check(4, (presses, plan) => plan.Presses.Count > 0 && plan.Presses.All(p => span.Fingers[p.Finger].Digit < 4) && plan.Presses.Count + plan.Unreachable.Count == presses.Length);
    }

    [Fact]
    public void AChordOfTwelveKeysLosesAtLeastTwoAndSaysWhich()
    {
        KeyPress[] chord = [.. Enumerable.Range(38, 12).Select(k => new KeyPress(k, 4, 10))];
        FingeringPlan plan = Strategy.Assign(chord, Span(5));

        Assert.True(plan.Unreachable.Count >= 2);
        Assert.Equal(chord, plan.Presses.Select(p => p.Press).Concat(plan.Unreachable).OrderBy(p => p.Key));
    }

    [Fact]
    public void ALeapThatNoCarriageMakesIsDropped()
    {
        // Ten keys from the bottom, then ten at the top one step later.
        KeyPress[] presses = [.. Enumerable.Range(0, 5).Select(k => new KeyPress(2 * k, 40, 41)), .. Enumerable.Range(0, 5).Select(k => new KeyPress(87 - (2 * k), 41, 42)).OrderBy(p => p.Key), .. Enumerable.Range(0, 5).Select(k => new KeyPress(40 + (2 * k), 42, 43))];
        FingeringPlan plan = Strategy.Assign(presses, Span(5));
        Assert.NotEmpty(plan.Unreachable);
    }

    [Fact]
    public void AClusterOfTwelveKeysLosesInnerNotesOnly()
    {
        KeyPress[] chord = [.. Enumerable.Range(38, 12).Select(k => new KeyPress(k, 4, 10))];
        FingeringPlan plan = Strategy.Assign(chord, Span(5));

        Assert.DoesNotContain(chord[0], plan.Unreachable);
        Assert.DoesNotContain(chord[^1], plan.Unreachable);
    }

    private void Check(int fingers, Func<KeyPress[], FingeringPlan, bool> property)
    {
        HandSpan span = Span(fingers);
        Prop.ForAll(Seeds, seed =>
        {
            KeyPress[] presses = RandomSong(seed);
            return property(presses, Strategy.Assign(presses, span));
        }).Holds(25);
    }

    private protected static KeyPress[] RandomSong(int seed)
    {
        var random = new Random(seed);
        int low = random.Next(0, 40), range = random.Next(8, 48);
        var presses = new List<KeyPress>();
        for (int i = 0; i < 40; i++)
        {
            int start = random.Next(0, 120), key = Math.Min(87, low + random.Next(range)), end = start + random.Next(1, 12);
            if (!presses.Any(p => p.Key == key && p.Start <= end && start <= p.End))
                presses.Add(new KeyPress(key, start, end, random.Next(4) == 0 ? random.Next(10) : -1));
        }
        return [.. presses.OrderBy(p => p.Start).ThenBy(p => p.Key)];
    }

    // Fingers over neighbouring white keys, thumbs inside.
    protected static HandSpan Span(int fingers) => new(
        [.. from side in (HandSide[])[HandSide.Right, HandSide.Left]
            from digit in Enumerable.Range(0, fingers)
            select new FingerReach(side, digit, (side == HandSide.Right ? 1 : -1) * 0.0235 * (digit - 2), Slack(digit))],
        handWidth: 0.13);

    private static double Slack(int finger) => finger % 5 == 0 ? 0.03 : 0.02;
}
