using FsCheck;
using FsCheck.Fluent;

using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Checks;
using Legato.SystemId.Parameters;
using Legato.SystemId.Rollouts;

namespace Legato.Tests.SystemId.Checks;

public sealed class IdentifiabilityTests
{
    private static readonly ParameterVector Three = ParameterVector.Of(["wrist.gain", "flexion.gain", "coupled.gain"], SimParameters.Nominal);

    [Fact]
    public void OneParameterHasTheTextbookPosterior()
    {
        // Precisions add: 8 of the data (two residuals of slope 2) and 1 of the prior.
        Identifiability outlook = Identifiability.Of(ParameterVector.Of(["wrist.gain"], SimParameters.Nominal), [[2, 2]]);
        Assert.Equal(outlook.Parameters[0].PriorSd / 3, outlook.Parameters[0].PredictedSd, 12);
        Assert.Null(outlook.Parameters[0].Frozen);
    }

    [Fact]
    public void ParametersThatCannotBeToldApartAreNamedAndOneIsFrozen()
    {
        Identifiability outlook = Identifiability.Of(Three, [[100, 0, 50], [100, 0, 50], [0, 80, 0]]);
        EntangledPair pair = Assert.Single(outlook.Pairs);
        Assert.Equal(("wrist.gain", "flexion.gain"), (pair.First, pair.Second));
        Assert.True(pair.Correlation < -0.99);
        Assert.Equal(["flexion.gain", "wrist.gain"], Assert.Single(outlook.NullDirections).Order());
        Assert.Equal(["wrist.gain", "coupled.gain"], outlook.Identifiable);
        Assert.Equal("cannot be told apart from wrist.gain", outlook.Parameters[1].Frozen);
    }

    [Fact]
    public void ParametersWithoutEffectAreFrozenAndHideNothing()
    {
        Identifiability outlook = Identifiability.Of(Three, [[100, 0], [0, 0], [0, 1]]);
        Assert.Equal(["wrist.gain"], outlook.Identifiable);
        Assert.Equal("has no effect on these data", outlook.Parameters[1].Frozen);
        Assert.Contains("71 %", outlook.Parameters[2].Frozen, StringComparison.Ordinal);
        Assert.Equal(outlook.Parameters[1].PriorSd, outlook.Parameters[1].PredictedSd);
    }

    [Fact]
    public void DifferencesOfALinearModelAreItsJacobianAlsoAtABound()
    {
        // Friction begins at its lower bound, the gain's prior is put at its upper one.
        SimParameters prior = SimParameters.Nominal.With("wrist.gain", 2);
        ParameterVector vector = ParameterVector.Of(["wrist.gain", "wrist.friction"], prior);
        Identifiability differences = Identifiability.Predict(vector, points => [.. points.Select(p => (double[])[3 * p[0], (2 * p[0]) + (400 * p[1]), 100 * p[1]])]);
        double gain = vector.Priors[0].Sd, friction = vector.Priors[1].Sd;
        Identifiability exact = Identifiability.Of(vector, [[3 * gain, 2 * gain, 0], [0, 400 * friction, 100 * friction]]);
        foreach ((ParameterOutlook d, ParameterOutlook e) in differences.Parameters.Zip(exact.Parameters))
            Assert.Equal(e.PredictedSd, d.PredictedSd, 9);
    }

    [Fact]
    public void MoreDataNeverWidenAnInterval() => Prop.ForAll(
        Gen.Choose(-40, 40).Select(x => 0.1 * x).ArrayOf(12).ToArbitrary(),
        slopes =>
        {
            double[][] all = [slopes[..4], slopes[4..8], slopes[8..]];
            double[][] fewer = [.. all.Select(column => column[..3])];
            // Without freezing: that of the linear model alone.
            double[] Widths(double[][] columns) => [.. Enumerable.Range(0, 3).Select(j => Identifiability.Of(Three, columns).Parameters[j].PredictedSd)];
            int IdentifiableOf(double[][] columns) => Identifiability.Of(Three, columns).Identifiable.Count;
            return IdentifiableOf(fewer) < 3 || Widths(all).Zip(Widths(fewer)).All(w => w.First <= w.Second * (1 + 1e-9));
        }).Holds();

    [Fact]
    public void MotionOfOneFingerDeterminesItsDrivesAndNothingElse()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Contacts = ContactSet.None });
        RawRecording recording = Recordings.Make(scene, drive => drive is "rh_FFJ3", seconds: 3);
        string[] names = ["flexion.gain", "flexion.damping", "wrist.gain", "right_hand.delay", "right_hand.report_lag"];
        ParameterVector vector = ParameterVector.Of(names, SimParameters.Nominal);
        CheckResult result = new DataCheck(scene, new ReplayOptions { SegmentLength = 2, Threads = 2 }).Run([recording], new HashSet<string>(), vector, SimParameters.Nominal);
        Assert.True(result.IsPassed, string.Join('\n', result.Findings));
        Assert.NotNull(result.Outlook);
        // Of delay and lag only the sum shows; the one with the narrower prior stays there.
        Assert.Equal(["flexion.gain", "flexion.damping", "right_hand.report_lag"], result.Outlook.Identifiable);
        Assert.Equal("has no effect on these data", result.Outlook.Parameters[2].Frozen);
        Assert.Contains(result.Outlook.Pairs, p => (p.First, p.Second) == ("right_hand.delay", "right_hand.report_lag"));
        Assert.Contains(result.Findings, f => f.Code == "frozen-at-prior" && f.Message.StartsWith("right_hand.delay", StringComparison.Ordinal));
    }

    [Fact]
    public void RefusedDataAreNotAskedWhatTheyDetermine()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Contacts = ContactSet.None });
        RawRecording recording = Recordings.Make(scene, drive => drive is "rh_FFJ3", seconds: 2) with { Losses = ["the end is missing"] };
        CheckResult result = new DataCheck(scene, new ReplayOptions()).Run([recording], new HashSet<string>(), Three, SimParameters.Nominal);
        Assert.False(result.IsPassed);
        Assert.Null(result.Outlook);
    }
}
