using Legato.Policy.Fingering;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Policy.Kinematics;

/// <summary>
/// Plans where each hand's carriage is at every step: near the mean of what its fingers play, moving as smoothly as that allows.
/// </summary>
/// <remarks>Minimises Σ w(y−d)² + α Σ(Δ²y)² + β Σ(Δy)² over the whole song: one banded system per hand, linear in its length.</remarks>
public static class CarriagePlanner
{
    // Prices of a change of speed and of a move between steps, relative to a deviation of the same size while playing.
    private const double Acceleration = 6;
    private const double Velocity = 0.02;

    // Pull towards home: it decides only where nothing else does.
    private const double Home = 1e-6;

    /// <summary>Carriage targets (m, actuator coordinates) of the right and of the left hand for every step, the hands kept apart.</summary>
    public static double[][] PlanBoth(PianoScene scene, FingeringPlan fingering, HandSpan span, int leadIn, int songSteps)
    {
        (double[] Y, bool[] Plays)[] plans = [.. ((HandSide[])[HandSide.Right, HandSide.Left]).Select(side => Plan(side, fingering, span, leadIn, songSteps, side.RootY()))];
        double[][] plan = [plans[0].Y, plans[1].Y];
        int right = scene.Actuators.Require("rh_forearm_tx"), left = scene.Actuators.Require("lh_forearm_tx");
        double rightRoot = HandSide.Right.RootY(), leftRoot = HandSide.Left.RootY();
        double rightHigh = rightRoot + scene.ControlHigh[right], leftLow = leftRoot + scene.ControlLow[left];
        for (int t = 0; t < leadIn + songSteps; t++)
        {
            double missing = span.HandWidth - (plan[0][t] - plan[1][t]);
            if (missing > 0)
            {
                // The hand that has nothing to play gives way; otherwise both do.
                double share = plans[0].Plays[t] == plans[1].Plays[t] ? 0.5 : plans[0].Plays[t] ? 0 : 1;
                plan[0][t] += share * missing;
                plan[1][t] -= (1 - share) * missing;
            }
            // At the end of a rail the other hand makes room, so that the distance stays.
            plan[0][t] = Math.Clamp(plan[0][t] - rightRoot, Math.Max(scene.ControlLow[right], leftLow + span.HandWidth - rightRoot), scene.ControlHigh[right]);
            plan[1][t] = Math.Clamp(plan[1][t] - leftRoot, scene.ControlLow[left], Math.Min(scene.ControlHigh[left], rightHigh - span.HandWidth - leftRoot));
        }
        return plan;
    }

    // Positions of a hand along the keyboard (m, world), and whether it plays, for every step.
    private static (double[] Y, bool[] Plays) Plan(HandSide side, FingeringPlan fingering, HandSpan span, int leadIn, int songSteps, double home)
    {
        int steps = leadIn + songSteps;
        var weight = new double[steps];
        var desired = new double[steps];
        foreach (FingeredPress p in fingering.Presses)
        {
            FingerReach reach = span.Fingers[p.Finger];
            if (reach.Side != side)
                continue;
            double y = PianoGeometry.Keys[p.Press.Key].Y - reach.Offset;
            // Settled one step before the onset and until the key is up again.
            for (int t = Math.Max(0, p.Press.Start - 1); t <= Math.Min(songSteps - 1, p.Press.End); t++)
            {
                weight[t + leadIn] += 1;
                desired[t + leadIn] += y;
            }
        }
        if (weight.All(w => w == 0))
            return ([.. Enumerable.Repeat(home, steps)], new bool[steps]);

        var system = new BandedSystem(steps, 2);
        var right = new double[steps];
        for (int t = 0; t < steps; t++)
        {
            double w = weight[t] > 0 ? 1 : 0;
            system.Add(t, t, w + Home);
            right[t] = (w > 0 ? desired[t] / weight[t] : 0) + (Home * home);
            if (t + 1 < steps)
                system.AddSquare(t, [-1, 1], Velocity);
            if (t + 2 < steps)
                system.AddSquare(t, [1, -2, 1], Acceleration);
        }
        system.Factor();
        system.Solve(right);
        return (right, [.. weight.Select(w => w > 0)]);
    }
}
