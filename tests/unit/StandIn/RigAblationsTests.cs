using Legato.RobotDriver.StandIn;
using Legato.Sim.Parameters;

namespace Legato.Tests.StandIn;

public sealed class RigAblationsTests
{
    private static readonly Reality Rig = RealityGenerator.Generate(seed: 3, severity: 1);

    [Fact]
    public void ASimulatorThatKnowsEverythingLeavesOnlyEffects()
    {
        Assert.Empty(RigAblations.Of(Reality.Nominal, SimParameters.Nominal));
        Assert.All(RigAblations.Of(Rig, Rig.Parameters), a => Assert.Equal(Rig.Parameters, a.Reality.Parameters));
    }

    [Fact]
    public void WithoutEverythingTheRigIsTheSimulator()
    {
        SimParameters simulator = ParameterDoubts.Draw(seed: 4, severity: 0.5);
        RigAblation last = RigAblations.Of(Rig, simulator)[^1];

        Assert.Equal(RigAblations.Everything, last.Name);
        Assert.Equal(simulator, last.Reality.Parameters);
        Assert.Equal(Reality.Nominal.Effects with { HeatTime = Rig.Effects.HeatTime }, last.Reality.Effects);
    }

    [Fact]
    public void EachDifferenceIsTakenAwayOnceAndNoOtherTouched()
    {
        SimParameters simulator = ParameterDoubts.Draw(seed: 5, severity: 1);
        IReadOnlyList<RigAblation> ablations = [.. RigAblations.Of(Rig, simulator).SkipLast(1)];

        Assert.Equal(ablations.Count, ablations.Select(a => a.Name).Distinct().Count());
        foreach (ParameterDefinition d in ParameterSchema.Definitions.Where(d => Rig.Parameters[d.Name] != simulator[d.Name]))
        {
            RigAblation taken = Assert.Single(ablations, a => a.Reality.Parameters[d.Name] != Rig.Parameters[d.Name]);
            Assert.Equal(simulator[d.Name], taken.Reality.Parameters[d.Name]);
        }
        RigAblation zeros = Assert.Single(ablations, a => a.Name == "zeros of joints");
        Assert.Equal(Rig.Effects with { CalibrationSpread = 0 }, zeros.Reality.Effects);
        Assert.Equal(Rig.Parameters["piano.z"], zeros.Reality.Parameters["piano.z"]);
    }
}
