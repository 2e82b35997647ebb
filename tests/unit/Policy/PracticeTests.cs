using Legato.Music;
using Legato.Policy.Planning;
using Legato.Policy.Refinement;
using Legato.Policy.Robustness;
using Legato.Sim.Parameters;

namespace Legato.Tests.Policy;

/// <summary>Learning from performances on a rig that is not what the plan was made for.</summary>
public sealed class PracticeTests(Rig rig) : IClassFixture<Rig>
{
    private const int Performances = 8;

    [Theory]
    [InlineData("piano.z", -0.009)]
    [InlineData("piano.y", 0.013)]
    [InlineData("piano.y", -0.013)]
    [InlineData("flexion.damping", 4)]
    public void ARigThatDiffersIsLearnt(string parameter, double value)
    {
        using var other = new PerturbedRig(rig.Scene, SimParameters.Nominal.With(parameter, value));
        using Practice practice = Practise();

        PerformanceScore[] scores = [.. Enumerable.Range(0, Performances).Select(_ => practice.Learn(Perform(other, practice.Next)))];

        // Most of what was wrong is mended.
        Assert.True(scores[0].F1 < 0.98, $"F1 {string.Join(' ', scores.Select(s => s.F1))}");
        Assert.True(1 - practice.Best!.Score.F1 < 0.6 * (1 - scores[0].F1), $"F1 {string.Join(' ', scores.Select(s => s.F1))}");
        Assert.Equal(practice.Best.Score, Perform(other, practice.Best).Score(Rig.Melody.ToKeyRoll()));
    }

    [Fact]
    public void WhatIsFlawlessStays()
    {
        using var same = new PerturbedRig(rig.Scene, SimParameters.Nominal);
        using Practice practice = Practise();

        Assert.Null(practice.Best);
        Assert.Equal(1, practice.Learn(Perform(same, practice.Next)).F1);
        practice.Learn(Perform(same, practice.Next));
        Assert.Equal((1, 1), (practice.Best!.Score.F1, practice.Best.Score.OnsetF1));
    }

    [Fact]
    public void APlanOfAnotherSongIsRefused()
    {
        Assert.Throws<ArgumentException>(() => Practise(Rig.Song((39, 0))));
    }

    private Practice Practise(NoteTrajectory? song = null)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        return new Practice(rig.Scene, Rig.Quick, rig.Plan(Rig.Melody), song ?? Rig.Melody, stop);
    }

    // As a robot reports it: joints and keys, no depths.
    private RolloutTrace Perform(PerturbedRig other, SongPlan plan)
    {
        var exact = new RolloutTrace(plan.Commands.Steps, rig.Scene.Joints.Count);
        other.Play(plan.Commands, exact);
        var reported = new RolloutTrace(exact.Steps, rig.Scene.Joints.Count);
        for (int t = 0; t < exact.Steps; t++)
        {
            UInt128 down = 0;
            for (int k = 0; k < exact.Keys(t).Length; k++)
                down |= exact.Keys(t)[k] ? UInt128.One << k : 0;
            reported.Set(t, exact.Joints(t), down);
        }
        return reported;
    }
}
