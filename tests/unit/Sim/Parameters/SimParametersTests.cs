using FsCheck;
using FsCheck.Fluent;

using Legato.Sim.Configuration;
using Legato.Sim.Parameters;

namespace Legato.Tests.Sim.Parameters;

public sealed class SimParametersTests
{
    /// <summary>Up to a dozen parameters, each anywhere in its range.</summary>
    internal static Arbitrary<SimParameters> AnyParameters() =>
        (from choice in Gen.ListOf(Gen.Elements(ParameterSchema.Definitions.AsEnumerable()), 12)
         from fraction in Gen.ArrayOf(Gen.Choose(0, 1000), 12)
         select choice.Zip(fraction).Aggregate(
             SimParameters.Nominal,
             (p, c) => p.With(c.First.Name, c.First.Min + ((c.First.Max - c.First.Min) * c.Second / 1000.0)))).ToArbitrary();

    [Fact]
    public void WhatIsWrittenIsReadBack() => Prop.ForAll(AnyParameters(), parameters =>
    {
        SimParameters read = SimParameters.Parse(parameters.ToYaml(), "p.yaml");
        Assert.Equal(parameters, read);
        foreach (ParameterDefinition definition in ParameterSchema.Definitions)
            Assert.Equal(parameters[definition.Name], read[definition.Name]);
    }).Holds();

    [Fact]
    public void AVectorSetsWhatItNamesAndNothingElse() => Prop.ForAll(AnyParameters(), parameters =>
    {
        string[] names = ["wrist.gain", "rh_FFJ3.damping", "piano.z"];
        SimParameters changed = parameters.WithVector(names, [0.5, 2, 0.01]);
        Assert.Equal([0.5, 2, 0.01], changed.ToVector(names));
        foreach (ParameterDefinition d in ParameterSchema.Definitions.Where(d => !names.Contains(d.Name) && !names.Contains(d.Inherits)))
            Assert.Equal(parameters[d.Name], changed[d.Name]);
    }).Holds();

    [Fact]
    public void ADriveHasItsGroupsValueUntilItHasItsOwn()
    {
        SimParameters group = SimParameters.Nominal.With("flexion.gain", 0.8);
        Assert.Equal(0.8, group["lh_RFJ3.gain"]);
        Assert.Equal(0.8, group.Drive("lh_RFJ3").Gain);
        Assert.Equal(1, group.Drive("lh_RFJ4").Gain);

        SimParameters own = group.With("lh_RFJ3.gain", 1.2).With("flexion.gain", 0.7);
        Assert.Equal(1.2, own.Drive("lh_RFJ3").Gain);
        Assert.Equal(0.7, own.Drive("rh_RFJ3").Gain);
    }

    [Fact]
    public void TheHashIsOfWhatDiffersFromTheDefaults()
    {
        Assert.Equal(SimParameters.Nominal.Hash, SimParameters.Parse("wrist: {gain: 1}\npiano: {x: 0.0}\n", "p.yaml").Hash);
        Assert.Equal(SimParameters.Parse("keys: {damping: 2}\nwrist: {gain: 0.9}", "a").Hash, SimParameters.Parse("wrist: {gain: 0.90}\nkeys: {damping: 2.0}", "b").Hash);
        string[] hashes = [.. ParameterSchema.Definitions.Select(d => SimParameters.Nominal.With(d.Name, d.Default == d.Max ? d.Min : d.Max).Hash), SimParameters.Nominal.Hash];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.All(hashes, hash => Assert.Matches("^[0-9a-f]{64}$", hash));
    }

    [Theory]
    [InlineData("wrist:\n  gain: 3", "p.yaml:2: 'wrist.gain' is 3, outside 0.3..2")]
    [InlineData("wrist:\n  gains: 1", "p.yaml:2: unknown key 'wrist.gains'")]
    [InlineData("piano: {x: 1 mm}", "p.yaml:1: 'piano.x' must be a number")]
    [InlineData("fingers: {gain: 1}", "p.yaml:1: unknown key 'fingers'")]
    [InlineData("joints:\n  rh_FFJ1: {gain: 1}", "p.yaml:2: unknown key 'joints.rh_FFJ1'")]
    [InlineData("joints:\n  rh_forearm_tx: {armature: 1}", "p.yaml:2: unknown key 'joints.rh_forearm_tx.armature'")]
    [InlineData("rails: {offset: 0.05}", "p.yaml:1: 'rails.offset' is 0.05, outside -0.02..0.02")]
    [InlineData("piano: 3", "p.yaml:1: 'piano' must be a mapping")]
    public void AWrongFileIsRefusedInOneLineThatSaysWhere(string text, string start)
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(() => SimParameters.Parse(text, "p.yaml"));
        Assert.StartsWith(start, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void AMissingFileIsNamed() =>
        Assert.StartsWith("/no/such.yaml: ", Assert.Throws<ConfigurationException>(() => SimParameters.Load("/no/such.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void ValuesOutsideTheirRangeAreRefused()
    {
        foreach (ParameterDefinition d in ParameterSchema.Definitions)
        {
            Assert.Equal(d.Min, SimParameters.Nominal.With(d.Name, d.Min)[d.Name]);
            Assert.Equal(d.Max, SimParameters.Nominal.With(d.Name, d.Max)[d.Name]);
            foreach (double wrong in (double[])[d.Min - 1e-9, d.Max + 1e-9, double.NaN])
                Assert.Throws<ArgumentOutOfRangeException>(() => SimParameters.Nominal.With(d.Name, wrong));
        }
        Assert.Throws<InputException>(() => SimParameters.Nominal["wrist.gian"]);
        Assert.Throws<InputException>(() => SimParameters.Nominal.With("wrist.gian", 1));
    }
}
