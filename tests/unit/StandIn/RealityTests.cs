using System.Globalization;
using System.Text.Json;

using FsCheck;
using FsCheck.Fluent;

using Legato.RobotDriver.StandIn;
using Legato.Sim.Configuration;
using Legato.Sim.Parameters;
using Legato.Tests.Sim.Parameters;

namespace Legato.Tests.StandIn;

public sealed class RealityTests
{
    [Theory]
    [InlineData("nominal")]
    [InlineData("mild")]
    [InlineData("hard")]
    [InlineData("shadow_like")]
    public void TheFilesLoadAndSurviveBeingWritten(string name)
    {
        Reality reality = Reality.Load(ParameterSchemaTests.RepositoryFile($"hardware/config/realities/{name}.yaml"));
        Assert.Equal(name, reality.Name);
        Assert.Equal(reality, Reality.Parse(reality.ToYaml(), "again.yaml"));
    }

    [Fact]
    public void TheNominalFilesAreTheSimulator()
    {
        Assert.Equal(Reality.Nominal, Reality.Load(ParameterSchemaTests.RepositoryFile("hardware/config/realities/nominal.yaml")));
        Assert.Equal(SimParameters.Nominal, SimParameters.Load(ParameterSchemaTests.RepositoryFile("hardware/config/params/nominal.yaml")));
    }

    [Fact]
    public void GeneratedRealitiesAreValidAndFollowFromSeedAndSeverity() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(1, 1000).Select(i => i / 1000.0).ToArbitrary(), (seed, severity) =>
    {
        Reality reality = RealityGenerator.Generate(seed, severity);
        Assert.Equal(reality, RealityGenerator.Generate(seed, severity));
        Assert.Equal(reality, Reality.Parse(reality.ToYaml(), "generated.yaml"));
        Assert.NotEqual(reality.Parameters, RealityGenerator.Generate(seed ^ 1, severity).Parameters);

        Reality none = RealityGenerator.Generate(seed, 0);
        Assert.Equal(SimParameters.Nominal, none.Parameters);
        Assert.Equal(new RealityEffects(), none.Effects);
    }).Holds(20);

    [Theory]
    [InlineData(-1, 0.5)]
    [InlineData(1, 1.01)]
    [InlineData(1, double.NaN)]
    public void ASeverityOutsideItsRangeIsRefused(int seed, double severity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RealityGenerator.Generate(seed, severity));

    [Fact]
    public void AFileWithoutNameIsCalledAfterItself() => Assert.Equal("my_rig", Reality.Parse("seed: 3", "/a/my_rig.yaml").Name);

    [Theory]
    [InlineData("seed: -1", "r.yaml:1: 'seed' is -1, outside 0..2147483647")]
    [InlineData("seed: 1\neffects:\n  report: {filter: 2}", "r.yaml:3: 'effects.report.filter' is 2, outside 0..0.5")]
    [InlineData("effects: {reports: {}}", "r.yaml:1: unknown key 'effects.reports'")]
    [InlineData("effects: {report: {quantisation: maybe}}", "r.yaml:1: 'effects.report.quantisation' must be true or false, not 'maybe'")]
    [InlineData("effects: {motors: {ambient: 50, trip: 40}}", "r.yaml:1: 'effects.motors.trip' is 40, must be above ambient (50)")]
    [InlineData("wiring: {rails: {sign: 2}}", "r.yaml:1: 'wiring.rails.sign' is '2', must be one of 1, -1")]
    [InlineData("parameters:\n  piano:\n    x: 1", "r.yaml:3: 'parameters.piano.x' is 1, outside -0.02..0.02")]
    [InlineData("reality: 1", "r.yaml:1: unknown key 'reality'")]
    public void AWrongFileIsRefusedInOneLineThatSaysWhere(string text, string start)
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(() => Reality.Parse(text, "r.yaml"));
        Assert.StartsWith(start, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void TheJsonSchemaAllowsWhatTheReaderAllows()
    {
        JsonElement root = JsonDocument.Parse(File.ReadAllText(ParameterSchemaTests.RepositoryFile("hardware/config/reality.schema.json"))).RootElement;
        string yaml = Reality.Nominal.ToYaml();
        int numbers = 0;
        foreach (string part in (string[])["effects", "wiring"])
        {
            foreach (JsonProperty section in root.GetProperty("properties").GetProperty(part).GetProperty("properties").EnumerateObject())
            {
                foreach (JsonProperty key in section.Value.GetProperty("properties").EnumerateObject())
                {
                    // The writer writes every key, and the reader knows what it writes.
                    Assert.Contains($"{key.Name}: ", yaml, StringComparison.Ordinal);
                    if (!key.Value.TryGetProperty("minimum", out JsonElement minimum))
                        continue;
                    double low = minimum.GetDouble(), high = key.Value.GetProperty("maximum").GetDouble();
                    numbers++;
                    // A trip must lie above ambient: the lowest one needs a cold room.
                    string beside = key.Name switch { "trip" => ", ambient: 0", "ambient" => ", trip: 120", _ => "" };
                    foreach (double good in (double[])[low, high])
                        Reality.Parse(Text(good), "r.yaml");
                    foreach (double bad in (double[])[low - 1e-6, high + 1e-6])
                        Assert.Throws<ConfigurationException>(() => Reality.Parse(Text(bad), "r.yaml"));

                    string Text(double value) => string.Create(CultureInfo.InvariantCulture, $"{part}: {{{section.Name}: {{{key.Name}: {value:R}{beside}}}}}");
                }
            }
        }
        Assert.Equal(14, numbers);
    }
}
