using FsCheck;
using FsCheck.Fluent;

using Legato.Sim.Parameters;
using Legato.SystemId.Fitting;
using Legato.SystemId.Parameters;

namespace Legato.Tests.SystemId.Parameters;

public sealed class ParameterVectorTests
{
    private static readonly string[] Chosen = ["flexion.gain", "rh_FFJ3.friction", "right_hand.delay", "piano.z"];

    [Fact]
    public void ValuesComeBackFromParameters() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        SimParameters rig = ParameterDoubts.Draw(seed, 0.7), other = ParameterDoubts.Draw(seed + 1, 0.7);
        ParameterVector vector = ParameterVector.Of(Chosen, rig);
        double[] values = vector.Read(other);
        SimParameters written = vector.Write(rig, values);
        return vector.Read(written).SequenceEqual(values) && written["wrist.gain"] == rig["wrist.gain"];
    }).Holds();

    [Fact]
    public void ScalingComesBack() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        ParameterVector vector = ParameterVector.Of(Chosen, ParameterDoubts.Draw(seed, 0.5));
        double[] values = vector.Read(ParameterDoubts.Draw(seed + 1, 0.5));
        return vector.Unscale(vector.Scale(values)).Zip(values, (a, b) => Math.Abs(a - b)).Max() < 1e-12;
    }).Holds();

    [Fact]
    public void ScaledValuesAreDeviationsFromThePriorWithinTheBounds()
    {
        ParameterVector vector = ParameterVector.Of(["wrist.gain", "piano.z"], SimParameters.Nominal).WithPrior("wrist.gain", new(1.2, 0.1));
        Assert.Equal([-2, 0], vector.Scale([1, 0]), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([2, -0.02], vector.Unscale([1000, -1000]));
    }

    [Fact]
    public void EveryParameterOfTheSchemaHasAPrior()
    {
        ParameterVector vector = ParameterVector.Of(ParameterSchema.Definitions.Select(d => d.Name), SimParameters.Nominal);
        for (int i = 0; i < vector.Count; i++)
        {
            ParameterDefinition d = vector.Definitions[i];
            Assert.Equal(d.Default, vector.Priors[i].Mean);
            Assert.InRange(vector.Priors[i].Sd, 0.01 * (d.Max - d.Min), 0.5 * (d.Max - d.Min));
        }
    }

    [Fact]
    public void TheVariablesOfAFitHaveBoundsScalesAndPriors()
    {
        FitVariable variable = ParameterVector.Of(["rh_WRJ1.gain"], SimParameters.Nominal.With("wrist.gain", 0.8)).WithPrior("rh_WRJ1.gain", new(0.9, 0.05)).Variables[0];
        Assert.Equal(("rh_WRJ1.gain", 0.3, 2.0, 0.05, 0.9, 0.05), (variable.Name, variable.Lower, variable.Upper, variable.Scale, variable.PriorMean, variable.PriorSd));
    }

    [Theory]
    [InlineData(ParameterKind.Geometry, "piano.z")]
    [InlineData(ParameterKind.Dynamics, "flexion.gain rh_FFJ3.friction")]
    [InlineData(ParameterKind.Timing, "right_hand.delay")]
    public void KindsAreToldApart(ParameterKind kind, string names) =>
        Assert.Equal(names.Split(' '), ParameterVector.Of(Chosen, SimParameters.Nominal).Only(kind).Names);

    [Fact]
    public void WrongChoicesAreRefusedByName()
    {
        Assert.Contains("'wrist.weight'", Refusal(() => ParameterVector.Of(["wrist.weight"], SimParameters.Nominal)), StringComparison.Ordinal);
        Assert.Contains("'wrist.gain'", Refusal(() => ParameterVector.Of(["wrist.gain", "wrist.gain"], SimParameters.Nominal)), StringComparison.Ordinal);
        ParameterVector vector = ParameterVector.Of(Chosen, SimParameters.Nominal);
        Assert.Contains("'wrist.gain'", Refusal(() => vector.WithPrior("wrist.gain", new(1, 1))), StringComparison.Ordinal);
        Assert.Contains("0.3..2", Refusal(() => vector.WithPrior("flexion.gain", new(3, 1))), StringComparison.Ordinal);
    }

    private static string Refusal(Func<object> action) => Assert.Throws<InputException>(action).Message;
}
