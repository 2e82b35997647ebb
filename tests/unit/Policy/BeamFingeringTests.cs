using FsCheck;
using FsCheck.Fluent;
using Legato.Policy.Fingering;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Tests.Policy;

/// <summary>What every fingering must keep, on random songs, and what it must find on simple ones.</summary>
public class BeamFingeringTests
{
    private static readonly BeamFingering Beam = new(new FingeringCosts(), 60);
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

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
                select Math.Abs(stretch) - span.Fingers[a.Finger].Slack - span.Fingers[b.Finger].Slack).All(excess => excess <= 1e-12);
    });

    [Fact]
    public void TheSamePressesGetTheSameFingers() =>
        Prop.ForAll(Seeds, seed =>
        {
            KeyPress[] presses = RandomSong(seed);
            FingeringPlan first = Beam.Assign(presses, Span(5)), second = Beam.Assign(presses, Span(5));
            return first.Presses.SequenceEqual(second.Presses) && first.Unreachable.SequenceEqual(second.Unreachable);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void FourFingersNeverUseTheFifth()
    {
        HandSpan span = Span(4);
        Check(4, (presses, plan) => plan.Presses.Count > 0 && plan.Presses.All(p => span.Fingers[p.Finger].Digit < 4) && plan.Presses.Count + plan.Unreachable.Count == presses.Length);
    }

    [Fact]
    public void TenFingersPlayAChordOfTenKeys()
    {
        int[] left = [27, 29, 31, 32, 34], right = [51, 53, 55, 56, 58];
        KeyPress[] chord = [.. left.Concat(right).Select(k => new KeyPress(k, 0, 10))];
        FingeringPlan plan = new BeamFingering(new FingeringCosts()).Assign(chord, Span(5));

        Assert.Empty(plan.Unreachable);
        // Low to high: left little finger to thumb, right thumb to little finger.
        Assert.Equal([9, 8, 7, 6, 5, 0, 1, 2, 3, 4], plan.Presses.OrderBy(p => p.Press.Key).Select(p => p.Finger));
    }

    [Fact]
    public void AChordOfTwelveKeysLosesAtLeastTwoAndSaysWhich()
    {
        KeyPress[] chord = [.. Enumerable.Range(38, 12).Select(k => new KeyPress(k, 4, 10))];
        FingeringPlan plan = Beam.Assign(chord, Span(5));

        Assert.True(plan.Unreachable.Count >= 2);
        Assert.Equal(chord, plan.Presses.Select(p => p.Press).Concat(plan.Unreachable).OrderBy(p => p.Key));
    }

    [Fact]
    public void ALeapThatNoCarriageMakesIsDropped()
    {
        // Ten keys from the bottom, then ten at the top one step later.
        KeyPress[] presses = [.. Enumerable.Range(0, 5).Select(k => new KeyPress(2 * k, 40, 41)), .. Enumerable.Range(0, 5).Select(k => new KeyPress(87 - (2 * k), 41, 42)).OrderBy(p => p.Key), .. Enumerable.Range(0, 5).Select(k => new KeyPress(40 + (2 * k), 42, 43))];
        FingeringPlan plan = Beam.Assign(presses, Span(5));
        Assert.NotEmpty(plan.Unreachable);
    }

    [Fact]
    public void AScaleStaysInOneHandAndTakesTheScoresFingersWhereItNamesThem()
    {
        int[] keys = [39, 41, 43, 44, 46], wanted = [0, 1, 2, 3, 4];
        FingeringPlan plan = Beam.Assign([.. keys.Select((k, i) => new KeyPress(k, 10 * i, (10 * i) + 10, wanted[i]))], Span(5));
        Assert.Equal(wanted, plan.Presses.Select(p => p.Finger));
    }

    [Fact]
    public void TheNameTellsWidthAndCosts() => Assert.Equal("beam-60/balanced", Beam.Name);

    private static void Check(int fingers, Func<KeyPress[], FingeringPlan, bool> property)
    {
        HandSpan span = Span(fingers);
        Prop.ForAll(Seeds, seed =>
        {
            KeyPress[] presses = RandomSong(seed);
            return property(presses, Beam.Assign(presses, span));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    private static KeyPress[] RandomSong(int seed)
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
    private static HandSpan Span(int fingers) => new(
        [.. from side in (HandSide[])[HandSide.Right, HandSide.Left]
            from digit in Enumerable.Range(0, fingers)
            select new FingerReach(side, digit, (side == HandSide.Right ? 1 : -1) * 0.0235 * (digit - 2), digit == 0 ? 0.03 : 0.02)],
        handWidth: 0.13);
}
