using Legato.Policy.Fingering;

namespace Legato.Tests.Policy;

public sealed class BeamFingeringTests : FingeringRules
{
    private static readonly BeamFingering Beam = new(new FingeringCosts(), 60);

    protected override IFingeringStrategy Strategy => Beam;

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
    public void AScaleStaysInOneHandAndTakesTheScoresFingersWhereItNamesThem()
    {
        int[] keys = [39, 41, 43, 44, 46], wanted = [0, 1, 2, 3, 4];
        FingeringPlan plan = Beam.Assign([.. keys.Select((k, i) => new KeyPress(k, 10 * i, (10 * i) + 10, wanted[i]))], Span(5));
        Assert.Equal(wanted, plan.Presses.Select(p => p.Finger));
    }

    [Fact]
    public void TheNameTellsWidthAndCosts() => Assert.Equal("beam-60/balanced", Beam.Name);

    [Fact]
    public void APairThatTheHandCannotStretchToIsNotPlayedTogether()
    {
        // Thumb and first finger never both; any other pair at any distance.
        var pairs = new PairReach((first, second) => (first.Digit, second.Digit) == (0, 1) ? Interval.Empty : new(-1, 1));
        HandSpan span = new(Span(5).Fingers, Span(5).HandWidth, pairs);
        KeyPress[] together = [new(39, 0, 10, 0), new(41, 0, 10, 1)], apart = [new(39, 0, 10, 0), new(41, 20, 30, 1)];

        Assert.Equal([0, 1], Beam.Assign(together, Span(5)).Presses.Select(p => p.Finger));
        Assert.NotEqual([0, 1], Beam.Assign(together, span).Presses.Select(p => p.Finger));
        Assert.Equal([0, 1], Beam.Assign(apart, span).Presses.Select(p => p.Finger));
    }
}
