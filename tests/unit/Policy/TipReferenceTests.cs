using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Sim.Piano;

namespace Legato.Tests.Policy;

/// <summary>The schedule of a keystroke: over the key, pre-touch, down, released, up.</summary>
public sealed class TipReferenceTests(Rig rig) : IClassFixture<Rig>
{
    private const int LeadIn = 5;
    private const int Finger = 2;

    [Fact]
    public void AFingerPressesExactlyWhileItsKeyIsWanted()
    {
        TipReference tips = Reference(new KeyPress(39, 20, 26), new KeyPress(43, 40, 41));
        for (int t = 0; t < tips.Steps; t++)
        {
            int step = t - LeadIn;
            int expected = step is >= 20 and < 26 ? 39 : step == 40 ? 43 : -1;
            Assert.Equal((expected, expected >= 0), (tips[t, Finger].Key, tips[t, Finger].Pressing));
        }
    }

    [Fact]
    public void AStrokeGoesDownBeforeItSoundsAndUpAfterwards()
    {
        TipReference tips = Reference(new KeyPress(39, 20, 26));
        double Height(int step) => tips[step + LeadIn, Finger].Z - rig.Kinematics.TipRadius[Finger];
        PianoKey key = PianoGeometry.Keys[39];
        double x = rig.Style.WhiteX;
        double up = KeySurface.Height(key, x, 0), down = KeySurface.Height(key, x, 1);
        double sounds = KeySurface.Height(key, x, rig.Scene.KeyActivation[39] / rig.Scene.KeyTravel[39]);

        Assert.True(Height(18) > up + 0.005, "waits above the key");
        Assert.InRange(Height(19), sounds, up);
        Assert.True(Height(20) < down, "aims beyond the stop");
        Assert.Equal(Height(20), Height(25));
        Assert.InRange(Height(26), up, up + 0.01);
        Assert.True(Height(27) > Height(26));
    }

    [Theory]
    [InlineData(39)]
    [InlineData(40)]
    public void APressIsAimedAtTheMiddleOfItsKey(int key)
    {
        TipTarget press = Reference(new KeyPress(key, 20, 26))[22 + LeadIn, Finger];
        PianoKey piano = PianoGeometry.Keys[key];
        Assert.Equal(piano.Y, press.Y);
        Assert.InRange(press.X, piano.Shape.HingeX, piano.Shape.X + (0.5 * piano.Shape.Length));
        Assert.Equal((1, 1), (press.WeightY, press.WeightZ));
    }

    [Fact]
    public void AKeyRepeatedAtOnceComesUpInBetween()
    {
        TipReference tips = Reference(new KeyPress(39, 10, 19), new KeyPress(39, 20, 29));
        TipTarget between = tips[19 + LeadIn, Finger];
        Assert.False(between.Pressing);
        Assert.True(between.Z - rig.Kinematics.TipRadius[Finger] > KeySurface.Height(PianoGeometry.Keys[39], rig.Style.WhiteX, 0));
    }

    [Fact]
    public void TheNearerThePressTheMoreItMattersToBeOverTheKey()
    {
        TipReference tips = Reference(new KeyPress(39, 40, 50));
        double[] weights = [.. Enumerable.Range(0, 40).Select(step => tips[step + LeadIn, Finger].WeightY)];
        Assert.Equal(weights.Order(), weights);
        Assert.True(weights[^1] > 10 * weights[0]);
        Assert.All(Enumerable.Range(51, 5), step => Assert.Equal(0, tips[step + LeadIn, Finger].WeightY));
    }

    [Fact]
    public void FingersWithoutPressesWaitAboveTheKeys()
    {
        TipReference tips = Reference(new KeyPress(39, 10, 20));
        for (int t = 0; t < tips.Steps; t++)
        {
            for (int f = 0; f < rig.Scene.Fingers.Count; f++)
            {
                if (f != Finger)
                    Assert.True(tips[t, f] is { Pressing: false, WeightY: 0 } idle && idle.Z - rig.Kinematics.TipRadius[f] > PianoGeometry.White.Top);
            }
        }
    }

    private TipReference Reference(params KeyPress[] presses) =>
        new(rig.Scene, new FingeringPlan([.. presses.Select(p => new FingeredPress(p, Finger))], []), LeadIn, 60, rig.Kinematics.TipRadius, rig.Style);
}
