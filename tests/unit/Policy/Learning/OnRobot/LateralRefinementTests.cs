using Legato.Music;
using Legato.Policy;
using Legato.Policy.Learning.OnRobot;
using Legato.Policy.Planning;
using Legato.Policy.Refinement;
using Legato.Policy.Robustness;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Tests.Policy.Learning.OnRobot;

/// <summary>Corrections sideways, from keys that sounded.</summary>
public sealed class LateralRefinementTests(Rig rig) : IClassFixture<Rig>
{
    // Both hands, so that both signs of a lateral joint are met.
    private static readonly NoteTrajectory TwoHands = NoteTrajectory.FromScore(new Score("hands", [new ScoreNote(0.2, 0.8, 27, 80), new ScoreNote(1, 1.6, 51, 80)]));

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void TheFingerMovesAwayFromTheWrongKey(int side)
    {
        SongPlan plan = rig.Plan(TwoHands);
        var refinement = new LateralRefinement(rig.Scene, plan, TwoHands);
        refinement.Learn(Heard(plan, TwoHands, key => key + (2 * side)));
        CommandTable corrected = refinement.Corrected();
        Assert.Equal([HandSide.Right, HandSide.Left], plan.Fingering.Presses.Select(p => rig.Scene.Fingers[p.Finger].Side).Distinct().Order());
        foreach ((int start, int finger) in plan.Fingering.Presses.Select(p => (plan.LeadIn + p.Press.Start, p.Finger)))
        {
            double moved = TipY(corrected, start, finger) - TipY(plan.Commands, start, finger);
            Assert.InRange(moved * -side, 0.004, 0.009);
            Assert.Equal(0, refinement.Direction(start / LateralRefinement.Chunk, plan.Fingering.Presses.First(p => p.Finger != finger).Finger));
        }
    }

    [Fact]
    public void WhatSoundsRightIsLeftAlone()
    {
        SongPlan plan = rig.Plan(TwoHands);
        var refinement = new LateralRefinement(rig.Scene, plan, TwoHands);
        refinement.Learn(Heard(plan, TwoHands, key => key));
        // A key that another finger must have hit.
        refinement.Learn(Heard(plan, TwoHands, key => key + 12));
        Assert.Equal(plan.Commands.Values.ToArray(), refinement.Corrected().Values.ToArray());
    }

    [Fact]
    public void CorrectionsStayWithinTheirBound()
    {
        SongPlan plan = rig.Plan(TwoHands);
        var refinement = new LateralRefinement(rig.Scene, plan, TwoHands);
        for (int i = 0; i < 40; i++)
            refinement.Learn(Heard(plan, TwoHands, key => key + 1));
        double[] changes = [.. refinement.Corrected().Values.ToArray().Zip(plan.Commands.Values.ToArray(), (a, b) => Math.Abs(a - b))];
        Assert.InRange(changes.Max(), 0.15, LateralRefinement.Largest + 1e-12);
    }

    [Theory]
    [InlineData(0.013)]
    [InlineData(-0.013)]
    public void APianoThatStandsAsideIsLearnt(double y)
    {
        using var other = new PerturbedRig(rig.Scene, SimParameters.Nominal.With("piano.y", y));
        SongPlan plan = rig.Plan(Rig.Melody);
        var refinement = new LateralRefinement(rig.Scene, plan, Rig.Melody);
        var trace = new RolloutTrace(plan.Commands.Steps, rig.Scene.Joints.Count);
        double[] f1 = [.. Enumerable.Range(0, 8).Select(_ =>
        {
            other.Play(refinement.Corrected(), trace);
            refinement.Learn(trace);
            return trace.Score(Rig.Melody.ToKeyRoll()).F1;
        })];
        Assert.True(f1[0] < 0.98 && f1.Max() > f1[0] + 0.02, string.Join(' ', f1));
    }

    private RolloutTrace Heard(SongPlan plan, NoteTrajectory song, Func<int, int> sounds)
    {
        var trace = new RolloutTrace(plan.Commands.Steps, rig.Scene.Joints.Count);
        double[] joints = new double[rig.Scene.Joints.Count];
        for (int t = 0; t < trace.Steps; t++)
        {
            UInt128 down = 0;
            foreach (TrajectoryNote note in t < plan.LeadIn ? [] : song.Steps[t - plan.LeadIn])
                down |= UInt128.One << sounds(note.Key);
            trace.Set(t, joints, down);
        }
        return trace;
    }

    private double TipY(CommandTable commands, int step, int finger)
    {
        double[] tip = new double[3];
        rig.Kinematics.SetPose(commands[step]);
        rig.Kinematics.Tip(finger, tip);
        return tip[1];
    }
}
