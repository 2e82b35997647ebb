using Legato.Policy.Fingering;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Tests.Policy;

public sealed class TransportFingeringTests : FingeringRules
{
    private static readonly HandSide[] Sides = [HandSide.Right, HandSide.Left];

    protected override IFingeringStrategy Strategy { get; } = new TransportFingering();

    [Fact]
    public void TheFingertipsMoveAsLittleAsAnyAssignmentAllows()
    {
        // Fingers that reach far, so that only the distances decide.
        HandSpan span = new([.. from side in Sides from digit in Enumerable.Range(0, 3) select new FingerReach(side, digit, (side == HandSide.Right ? 1 : -1) * 0.0235 * (digit - 1), 0.6)], 0.13);
        var random = new Random(7);
        for (int trial = 0; trial < 50; trial++)
        {
            KeyPress[] chord = [.. Enumerable.Range(0, 88).OrderBy(_ => random.Next()).Take(random.Next(1, 5)).Order().Select(k => new KeyPress(k, 0, 5))];
            FingeringPlan plan = Strategy.Assign(chord, span);

            Assert.Empty(plan.Unreachable);
            Assert.Equal(LeastWay(chord, 0, []), plan.Presses.Sum(p => Way(p.Press, p.Finger)), 1e-9);
        }

        double Way(KeyPress press, int finger) =>
            Math.Abs(PianoGeometry.Keys[press.Key].Y - span.Fingers[finger].Side.RootY() - span.Fingers[finger].Offset);

        double LeastWay(KeyPress[] chord, int next, int[] used) => next == chord.Length ? 0
            : Enumerable.Range(0, span.Fingers.Count).Except(used).Min(f => Way(chord[next], f) + LeastWay(chord, next + 1, [.. used, f]));
    }

    [Fact]
    public void AHandFollowsItsFingersAsFastAsItsCarriage()
    {
        // Half a metre away: too far for one step, and for a finger; near enough for a second.
        KeyPress here = new(51, 0, 2), soon = new(84, 3, 6), later = new(84, 23, 26);
        Assert.Equal([soon], Strategy.Assign([here, soon], Span(5)).Unreachable);
        Assert.Empty(Strategy.Assign([here, later], Span(5)).Unreachable);
    }

    [Fact]
    public void ItIsCalledOt() => Assert.Equal("ot", Strategy.Name);
}
