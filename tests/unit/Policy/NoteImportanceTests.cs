using Legato.Policy.Fingering;

namespace Legato.Tests.Policy;

public class NoteImportanceTests
{
    [Fact]
    public void MelodyMattersMoreThanBassAndBassMoreThanInnerVoices()
    {
        double[] weights = Weights(new(20, 0, 8), new(30, 0, 8), new(40, 0, 8));
        Assert.True(weights[2] > weights[0] && weights[0] > weights[1]);
    }

    [Fact]
    public void InnerNotesThatAnOctaveDoublesMatterLess()
    {
        double[] weights = Weights(new(20, 0, 8), new(32, 0, 8), new(33, 0, 8), new(40, 0, 8));
        Assert.True(weights[1] < weights[2]);
        // Outer voices matter whatever doubles them.
        double[] octave = Weights(new(20, 0, 8), new(32, 0, 8)), seventh = Weights(new(20, 0, 8), new(31, 0, 8));
        Assert.Equal(seventh, octave);
    }

    [Fact]
    public void LongerAndLouderNotesMatterMore()
    {
        Assert.True(Weights(new KeyPress(40, 0, 9))[0] > Weights(new KeyPress(40, 0, 8))[0]);
        Assert.True(Weights(new KeyPress(40, 0, 8, Velocity: 100))[0] > Weights(new KeyPress(40, 0, 8, Velocity: 40))[0]);
    }

    [Fact]
    public void NotesThatBeginAChordOrBreakASilenceMatterMore()
    {
        KeyPress bass = new(20, 0, 30), between = new(40, 5, 9), chord = new(40, 10, 14), with = new(44, 10, 14), passing = new(45, 15, 19), after = new(45, 40, 44);
        double[] weights = Weights(bass, between, with with { Key = 45 }, passing, after);
        Assert.Equal(weights[1], weights[2]);
        Assert.True(weights[4] > weights[3]);
        Assert.True(Weights(bass, chord, with)[2] > Weights(bass, with)[1]);
    }

    [Fact]
    public void EveryPressHasAWeightAboveZero() =>
        Assert.All(Weights([.. Enumerable.Range(0, 88).Select(k => new KeyPress(k, k / 7, (k / 7) + 1 + (k % 5), Velocity: 1 + k))]), w => Assert.True(w > 0));

    private static double[] Weights(params KeyPress[] presses) => [.. NoteImportance.Of(presses)];
}
