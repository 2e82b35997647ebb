using Legato.Sim.Parameters;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Tests.Sim.Tasks;

public sealed class RigDrawTests(Scenes scenes) : IClassFixture<Scenes>
{
    private static readonly SimParameters Fitted = SimParameters.Nominal
        .With("flexion.gain", 0.8).With("rh_FFJ3.gain", 0.7).With("keys.stiffness", 1.3).With("piano.y", 0.003).With("wrist.slew", 3).With("hands.coupling", 1.2).With("keys.activation_white", 0.7);

    [Fact]
    public void WithoutSeverityARigIsWhatItIsDrawnAround()
    {
        Assert.Equal(SimParameters.Nominal, RigDraw.Draw(5, 0));
        Assert.Equal(Fitted, RigDraw.Draw(5, 0, Fitted));
    }

    [Fact]
    public void EveryParameterIsDrawn()
    {
        SimParameters[] drawn = [.. Enumerable.Range(0, 25).Select(seed => RigDraw.Draw(seed, 1))];
        foreach (ParameterDefinition d in ParameterSchema.Definitions)
            Assert.True(drawn.Select(p => p[d.Name]).Distinct().Count() > 2, $"{d.Name} is {drawn[0][d.Name]} in all rigs");
    }

    [Fact]
    public void TheSeedDecides()
    {
        Assert.Equal(RigDraw.Draw(5, 0.4), RigDraw.Draw(5, 0.4));
        Assert.NotEqual(RigDraw.Draw(5, 0.4), RigDraw.Draw(6, 0.4));
        Assert.Throws<ArgumentOutOfRangeException>(() => RigDraw.Draw(1, 1.1));
    }

    [Fact]
    public void ScalesMultiplyAndPlacesAdd()
    {
        SimParameters plain = RigDraw.Draw(8, 0.3), around = RigDraw.Draw(8, 0.3, Fitted);
        Assert.Equal(0.8 * plain["flexion.gain"], around["flexion.gain"], 1e-12);
        Assert.Equal(0.7 * plain["rh_FFJ3.gain"], around["rh_FFJ3.gain"], 1e-12);
        Assert.Equal(0.003 + plain["piano.y"], around["piano.y"], 1e-12);
        Assert.Equal(plain["keys.activation_white"] - 0.868907, around["keys.activation_white"] - 0.7, 1e-6);
        // What hands have, they have.
        Assert.Equal(1.2, around["hands.coupling"]);
        Assert.InRange(around["wrist.slew"], 0.1, 3);
    }

    [Fact]
    public void SomeHandsAreCoupledAndSomeDrivesAreSlow()
    {
        SimParameters[] drawn = [.. Enumerable.Range(0, 200).Select(seed => RigDraw.Draw(seed, 0.6))];
        Assert.InRange(drawn.Count(p => p["hands.coupling"] > 0), 40, 80);
        Assert.InRange(drawn.Count(p => p["flexion.slew"] > 0), 40, 80);
        Assert.All(drawn.Where(p => p["flexion.slew"] > 0), p => Assert.InRange(p["flexion.slew"], 3, 10.1));
        Assert.All(drawn, p => Assert.Equal(p["flexion.slew"], p["rh_FFJ3.slew"]));
    }

    [Fact]
    public void HandsFilterWhatTheyReport()
    {
        double[] filters = [.. Enumerable.Range(0, 100).Select(seed => new RandomRigs(0.5, SimParameters.Nominal).Draw(seed).ReportFilter)];
        Assert.All(filters, f => Assert.InRange(f, 0, 0.05));
        Assert.InRange(filters.Average(), 0.02, 0.03);
        Assert.Equal(filters[3] / 2, RigDraw.DrawReportFilter(3, 0.25), 1e-15);
        Assert.Equal(filters[3], RigDraw.DrawReportFilter(3, 1), 1e-15);
        Assert.Equal(new DrawnRig(Fitted), new RandomRigs(0, Fitted).Draw(3));
    }

    [Fact]
    public void APoolRepeatsAndItsRigsDiffer()
    {
        using RigPool pool = RigPool.Draw(scenes.Full, 3, 0.5, seed: 4), again = RigPool.Draw(scenes.Full, 2, 0.5, seed: 4), other = RigPool.Draw(scenes.Full, 2, 0.5, seed: 5);
        Assert.Equal(pool.Rigs.Take(2).Select(r => r.Parameters), again.Rigs.Select(r => r.Parameters));
        Assert.Equal(pool.Rigs[1].Scene.Model.JntStiffness.ToArray(), again.Rigs[1].Scene.Model.JntStiffness.ToArray());
        Assert.Equal(5, pool.Rigs.Concat(other.Rigs).Select(r => r.Parameters).Distinct().Count());
        Assert.NotEqual(pool.Rigs[0].Scene.Drives.Delay[0], pool.Rigs[1].Scene.Drives.Delay[0]);

        // A part of a set has the same rigs as the whole.
        using RigPool part = RigPool.Draw(scenes.Full, new RigSet(new RandomRigs(0.5, SimParameters.Nominal), 3, 4), first: 1, count: 2);
        Assert.Equal(pool.Rigs.Skip(1).Select(r => (r.Parameters, r.ReportFilter)), part.Rigs.Select(r => (r.Parameters, r.ReportFilter)));
        Assert.Equal(pool.Rigs[2].Scene.Model.JntStiffness.ToArray(), part.Rigs[1].Scene.Model.JntStiffness.ToArray());
    }
}
