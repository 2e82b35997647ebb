using Legato.Music;
using Legato.Policy.Fingering;
using Legato.Sim.Scene;

namespace Legato.Tests.Policy;

public class LabelledFingeringTests
{
    private static readonly KeyPress[] Scale = [.. ((int[])[39, 41, 43, 44, 46]).Select((k, i) => new KeyPress(k, 10 * i, (10 * i) + 10))];

    [Theory]
    [InlineData(0, 1, 2, 3, 4)]
    [InlineData(1, 2, 1, 2, 3)]
    [InlineData(9, 8, 7, 6, 5)]
    public void FingersAreThoseOfTheLabels(params int[] parts)
    {
        LabelledFingering labelled = LabelledFingering.Match(Labels(parts), Scale, 1, "file");
        FingeringPlan plan = labelled.Assign(Scale, Span(5));

        Assert.Equal(parts, plan.Presses.Select(p => p.Finger));
        Assert.Equal((5, 5), (labelled.Matched, labelled.Notes));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.25)]
    public void LabelsFollowTheTempoAndTheFirstNote(double tempo)
    {
        PigNote[] late = [.. Labels(0, 1, 2, 3, 4).Select(n => n with { Onset = n.Onset + 7.3, Offset = n.Offset + 7.3 })];
        KeyPress[] song = [.. Scale.Select(p => p with { Start = 30 + (int)(p.Start / tempo), End = 30 + (int)(p.End / tempo) })];
        Assert.Equal(5, LabelledFingering.Match(late, song, tempo, "file").Matched);
    }

    [Fact]
    public void ALabelBelongsToOneOfTwoRepetitions()
    {
        KeyPress[] twice = [new(39, 0, 2), new(39, 3, 5)];
        PigNote[] labels = [Label(0, 39, 1), Label(0.15, 39, 2)];
        Assert.Equal([1, 2], LabelledFingering.Match(labels, twice, 1, "file").Assign(twice, Span(5)).Presses.Select(p => p.Finger));
        Assert.Equal(1, LabelledFingering.Match(labels[..1], twice, 1, "file").Matched);
    }

    [Fact]
    public void WithoutALabelTheBeamDecides()
    {
        FingeringPlan plan = LabelledFingering.Match(Labels(0, 1, 2), Scale, 1, "file").Assign(Scale, Span(5));
        Assert.Equal([0, 1, 2], plan.Presses.Take(3).Select(p => p.Finger));
        Assert.Empty(plan.Unreachable);
    }

    [Fact]
    public void ADigitThatTheHandDoesNotHaveIsLeftToTheBeam()
    {
        HandSpan four = Span(4);
        FingeringPlan plan = LabelledFingering.Match(Labels(0, 1, 2, 3, 4), Scale, 1, "file").Assign(Scale, four);
        Assert.Equal([0, 1, 2, 3], plan.Presses.Take(4).Select(p => four.Fingers[p.Finger].Part));
        Assert.Empty(plan.Unreachable);
    }

    [Fact]
    public void ALabelThatTheHandCannotFollowDoesNotCostTheNote()
    {
        // One finger for two keys at once.
        KeyPress[] chord = [new(39, 0, 10), new(43, 0, 10)];
        LabelledFingering labelled = LabelledFingering.Match([Label(0, 39, 1), Label(0, 43, 1)], chord, 1, "file");
        FingeringPlan plan = labelled.Assign(chord, Span(5));
        Assert.Empty(plan.Unreachable);
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        Assert.Equal((2, 1), (labelled.Matched, labelled.Followed(plan, scene)));
    }

    [Fact]
    public void TheFingeringOfAnotherSongIsRefused()
    {
        var e = Assert.Throws<InputException>(() => LabelledFingering.Match(Labels(0, 1), Scale, 1, "other.txt"));
        Assert.StartsWith("other.txt: fingers for 2 of 5 notes", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Throws<InputException>(() => LabelledFingering.Match([], Scale, 1, "other.txt"));
    }

    private static PigNote[] Labels(params int[] parts) => [.. parts.Select((part, i) => Label(Scale[i].Start * 0.05, Scale[i].Key, part))];

    private static PigNote Label(double onset, int key, int part) => PigNote.ForPart(onset, onset + 0.4, key, part);

    private static HandSpan Span(int fingers) => new(
        [.. from side in (HandSide[])[HandSide.Right, HandSide.Left] from digit in Enumerable.Range(0, fingers) select new FingerReach(side, digit, (side == HandSide.Right ? 1 : -1) * 0.0235 * (digit - 2), 0.03)], 0.13);
}
