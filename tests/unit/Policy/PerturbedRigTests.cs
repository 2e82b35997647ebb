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

    private SongPlan Plan(PlannerOptions options) =>
        new SongPlanner(rig.Scene, options).Plan("melody", Rig.Melody, null, TestContext.Current.CancellationToken);
}
