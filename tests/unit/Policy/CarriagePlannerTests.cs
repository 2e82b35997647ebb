using FsCheck;
using FsCheck.Fluent;
using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Tests.Policy;

public sealed class CarriagePlannerTests(Rig rig) : IClassFixture<Rig>
{
    private const int LeadIn = 10;
    private const int Steps = 120;

    private HandSpan Span => rig.Posture.Span;

    [Fact]
    public void HandsStayApartAndOnTheirRailsWhateverTheyPlay() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            // Fingers at random: hands that wish to be at one place, crossed, or beyond the ends.
            var random = new Random(seed);
            FingeredPress[] presses = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ =>
            {
                int start = random.Next(Steps - 5);
                return new FingeredPress(new KeyPress(random.Next(88), start, start + random.Next(1, 5)), random.Next(10));
            })];
            double[][] plan = Plan(presses);
            int right = rig.Scene.Actuators.Require("rh_forearm_tx"), left = rig.Scene.Actuators.Require("lh_forearm_tx");
            return plan[0].Zip(plan[1]).All(p =>
                p.First >= rig.Scene.ControlLow[right] && p.First <= rig.Scene.ControlHigh[right]
                && p.Second >= rig.Scene.ControlLow[left] && p.Second <= rig.Scene.ControlHigh[left]
                && (p.First + 0.15) - (p.Second - 0.15) >= Span.HandWidth - 1e-9);
        }).Holds();

    [Fact]
    public void ACarriageIsOverItsKeyWhileTheKeyIsPlayed()
    {
        FingeredPress press = new(new KeyPress(60, 60, 80), 2);
        double[] carriage = Plan(press)[0];
        double wish = PianoGeometry.Keys[60].Y - Span.Fingers[2].Offset - 0.15;
        for (int t = press.Press.Start; t <= press.Press.End; t++)
            Assert.Equal(wish, carriage[t + LeadIn], 5e-3);
    }

    [Fact]
    public void AHandThatPlaysNothingWaitsAtHomeAndGivesWay()
    {
        Assert.All(Plan(new FingeredPress(new KeyPress(60, 60, 80), 2))[1], y => Assert.Equal(0, y));

        // The right hand goes to the bottom of the keyboard: the left one has to leave.
        double[][] plan = Plan(new FingeredPress(new KeyPress(20, 60, 80), 2));
        double right = plan[0][LeadIn + 70] + 0.15, left = plan[1][LeadIn + 70] - 0.15;
        Assert.Equal(PianoGeometry.Keys[20].Y - Span.Fingers[2].Offset, right, 5e-3);
        Assert.Equal(Span.HandWidth, right - left, 1e-9);
    }

    [Fact]
    public void BetweenTwoKeysTheCarriageMovesInOneDirection()
    {
        double[] carriage = Plan(new(new KeyPress(50, 20, 30), 2), new(new KeyPress(70, 80, 90), 2))[0];
        for (int t = LeadIn + 31; t < LeadIn + 78; t++)
            Assert.True(carriage[t + 1] >= carriage[t] - 1e-3, $"the carriage turns back at step {t}");
        Assert.True(carriage[LeadIn + 80] - carriage[LeadIn + 30] > 0.2);
    }

    [Fact]
    public void ALongSongIsPlannedAtOnce()
    {
        const int Long = 20_000;
        FingeredPress[] presses = [.. Enumerable.Range(0, Long / 20).Select(i => new FingeredPress(new KeyPress(48 + (i % 12), 20 * i, (20 * i) + 10), 1 + (i % 4)))];
        double[][] plan = CarriagePlanner.PlanBoth(rig.Scene, new FingeringPlan(presses, []), Span, LeadIn, Long);
        Assert.All(plan, hand => Assert.Equal(Long + LeadIn, hand.Length));
        Assert.All(plan.SelectMany(y => y), y => Assert.True(double.IsFinite(y)));
    }

    private double[][] Plan(params FingeredPress[] presses) =>
        CarriagePlanner.PlanBoth(rig.Scene, new FingeringPlan([.. presses.OrderBy(p => p.Press.Start)], []), Span, LeadIn, Steps);
}
