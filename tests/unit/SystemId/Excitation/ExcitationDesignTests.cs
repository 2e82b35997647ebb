using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Excitation;
using Legato.SystemId.Parameters;
using Legato.SystemId.Rollouts;

namespace Legato.Tests.SystemId.Excitation;

public sealed class ExcitationDesignTests
{
    private static readonly string[] Names =
        ["flexion.gain", "flexion.damping", "flexion.friction", "wrist.gain", "wrist.damping", "rails.gain", "right_hand.delay", "keys.stiffness"];

    [Fact]
    public void ChosenMotionTellsMoreThanRandomMotionAndNamesWhatNoneOfThemShows()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        ExcitationLimits limits = Rig.Limits(scene);
        ExcitationBlock random;
        ExcitationBlock[] blocks = Rig.Blocks(limits, "flexion chirp", "flexion ramp", "flexion steps", "wrist pitch chirp", "wrist yaw chirp", "rails multisine", "hands multisine", "hands steps", "thumb tip chirp");
        using (var rehearsal = new BlockRehearsal(scene, SimParameters.Nominal, limits))
        {
            blocks = [.. blocks.Select(block => rehearsal.MakeSafe(block)!)];
            random = rehearsal.MakeSafe(new FreeMotions(limits).Random(3))!;
        }
        var parameters = ParameterVector.Of(Names, SimParameters.Nominal);
        var source = new BlockInformation(scene, SimParameters.Nominal, parameters, new InformationOptions { Threads = 2 });
        IReadOnlyList<double[,]> information = source.Of([.. blocks, random], null, TestContext.Current.CancellationToken);

        const double Budget = 20;
        IReadOnlyList<int> chosen = ExcitationDesign.Choose([.. information.Take(blocks.Length)], [.. blocks.Select(b => b.Seconds)], Budget);
        double length = chosen.Sum(b => blocks[b].Seconds);
        Assert.InRange(length, 0.5 * Budget, Budget);
        Assert.DoesNotContain(blocks.Length - 1, chosen);
        var planned = new Posterior(Names.Length);
        foreach (int b in chosen)
            planned.Add(information[b]);
        var beside = new Posterior(Names.Length);
        beside.Add(information[^1], length / random.Seconds);
        Assert.True(LogVariance(planned) < LogVariance(beside) - 1, $"{LogVariance(planned)} against {LogVariance(beside)}");

        IReadOnlyList<PredictedInterval> predicted = ExcitationDesign.Predict(parameters, planned, beside);
        PredictedInterval hidden = Assert.Single(predicted, p => !p.IsObservable);
        Assert.Equal("keys.stiffness", hidden.Name);
        Assert.Equal(hidden.Prior, hidden.Planned);
        Assert.All(predicted.Where(p => p.IsObservable), p => Assert.True(p.Planned < 0.3 * p.Prior, $"{p}"));
    }

    [Fact]
    public void ALagIsKnownAsWellAsTheSpeedOfTheJointsSays()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        ExcitationLimits limits = Rig.Limits(scene);
        ExcitationBlock block = Rig.Blocks(limits, "wrist pitch chirp")[0];
        SimParameters around = SimParameters.Nominal.With("right_hand.report_lag", 0.02);
        var parameters = ParameterVector.Of(["right_hand.report_lag"], around);
        var options = new InformationOptions { Noise = new EncoderNoise(Angle: 0.002), Threads = 1 };
        double information = new BlockInformation(scene, around, parameters, options).Of([block], null, TestContext.Current.CancellationToken)[0][0, 0];

        // A wrist that followed at once would be read with the speed of its target: servo and smoothing take some of it.
        int wrist = scene.Actuators.Require("rh_A_WRJ1");
        double squares = 0;
        for (int t = 1; t < block.Targets.Count; t++)
            squares += Math.Pow((block.Targets[t][wrist] - block.Targets[t - 1][wrist]) / SceneOptions.ControlPeriod, 2);
        double ideal = squares * Math.Pow(parameters.Priors[0].Sd / 0.002, 2);
        Assert.InRange(information, 0.2 * ideal, 1.5 * ideal);
    }

    [Fact]
    public void TheFirstChoiceTellsMostPerSecondAndTheTimeIsKept()
    {
        // Of parameter 0 much in a long time, of parameter 1 less in a short one.
        double[][,] information = [new double[,] { { 30, 0 }, { 0, 0 } }, new double[,] { { 0, 0 }, { 0, 3 } }, new double[2, 2]];
        double[] seconds = [10, 2, 0.1];
        IReadOnlyList<int> chosen = ExcitationDesign.Choose(information, seconds, 17);
        Assert.Equal(1, chosen[0]);
        Assert.Contains(0, chosen);
        // What tells nothing is not taken, however short it is.
        Assert.DoesNotContain(2, chosen);
        Assert.True(chosen.Sum(b => seconds[b]) is <= 17 and > 15);
    }

    [Fact]
    public void ThePosteriorIsThatOfTheNormalDistribution()
    {
        var posterior = new Posterior(2);
        posterior.Add(new double[,] { { 4, 2 }, { 2, 2 } }, times: 2);
        // The inverse of {{9, 4}, {4, 5}}.
        Assert.Equal(Math.Log(29), posterior.LogDeterminant(), 12);
        Assert.Equal(Math.Sqrt(5 / 29.0), posterior.StandardDeviations()[0], 12);
        Assert.Equal(Math.Sqrt(9 / 29.0), posterior.StandardDeviations()[1], 12);
    }

    private static double LogVariance(Posterior posterior) => posterior.StandardDeviations().Sum(sd => 2 * Math.Log(sd));
}
