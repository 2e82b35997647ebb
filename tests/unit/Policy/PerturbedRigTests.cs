using Legato.Policy.Planning;
using Legato.Policy.Refinement;
using Legato.Policy.Robustness;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.World;

namespace Legato.Tests.Policy;

public sealed class PerturbedRigTests(Rig rig) : IClassFixture<Rig>
{
    private static readonly SimParameters Weak = ((string[])["wrist", "flexion", "coupled"]).Aggregate(SimParameters.Nominal, (p, group) => p.With($"{group}.gain", 0.5));

    [Fact]
    public void OnTheRigThatItWasMadeForAPlanScoresAsItWasPlanned()
    {
        SongPlan plan = Plan(Rig.Quick);
        using var same = new PerturbedRig(rig.Scene, SimParameters.Nominal);
        Assert.Equal(plan.Score, same.Play(plan.Commands, Rig.Melody.ToKeyRoll()));
    }

    [Fact]
    public void ThePlanLearnsFromARigThatIsWeaker()
    {
        SongPlan plain = Plan(Rig.Quick), robust = Plan(Rig.Quick with { LearningRigs = [Weak] });
        using var weak = new PerturbedRig(rig.Scene, Weak);
        double before = weak.Play(plain.Commands, Rig.Melody.ToKeyRoll()).F1, after = weak.Play(robust.Commands, Rig.Melody.ToKeyRoll()).F1;
        Assert.True(after >= before + 0.05, $"{before} before, {after} after");
        Assert.True(robust.Score.F1 >= 0.95, $"F1 {robust.Score.F1}");
        Assert.True(robust.EnvSteps > plain.EnvSteps);
    }

    [Fact]
    public void TheVerdictIsTheMeanOverTheDoubts()
    {
        SongPlan plan = Plan(Rig.Quick with { ContactRollouts = 1, Doubts = [SimParameters.Nominal, Weak] });
        using var weak = new PerturbedRig(rig.Scene, Weak);
        double expected = 0.5 * (plan.Score.F1 + weak.Play(plan.Commands, Rig.Melody.ToKeyRoll()).F1);
        Assert.Equal(expected, plan.RobustF1!.Value, 1e-12);
    }

    [Fact]
    public void ATraceIsTheSameWithAndWithoutDrivesThatDoNothing()
    {
        SongPlan plan = Plan(Rig.Quick with { FreeRollouts = 0, ContactRollouts = 1 });
        RolloutTrace direct = new(plan.Commands.Steps, rig.Scene.Joints.Count), driven = new(plan.Commands.Steps, rig.Scene.Joints.Count);
        using (var world = new PianoWorld(rig.Scene))
            direct.Record(world, plan.Commands);
        using (var world = new DrivenWorld(rig.Scene, SimParameters.Nominal))
            driven.Record(world, plan.Commands);
        for (int t = 0; t < direct.Steps; t++)
        {
            Assert.Equal(direct.Joints(t), driven.Joints(t));
            Assert.Equal(direct.Keys(t), driven.Keys(t));
        }
    }

    private SongPlan Plan(PlannerOptions options) =>
        new SongPlanner(rig.Scene, options).Plan("melody", Rig.Melody, null, TestContext.Current.CancellationToken);
}
