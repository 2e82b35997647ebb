using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Legato.Sim.Configuration;

namespace Legato.Tests.Sim;

/// <summary>Every mistake in a file is one line that names file, line, key and what was expected, in any culture.</summary>
public sealed class StrictYamlTests : IDisposable
{
    private const string Good = """
        name: rig
        gain: 1.5
        count: 3
        live: true
        mode: fast
        rails:
          speed: 0.25
        ports: [a, b]
        """;

    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;

    public StrictYamlTests() => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");

    public void Dispose() => CultureInfo.CurrentCulture = _culture;

    [Fact]
    public void AGoodFileIsReadInvariantly()
    {
        Assert.Equal("1,5", 1.5.ToString(CultureInfo.CurrentCulture));
        Assert.Equal(new Settings("rig", 1.5, 3, true, "fast", 0.25, "a b"), Read(Good));
    }

    [Fact]
    public void AbsentKeysGiveTheirDefaults() => Assert.Equal(new Settings("rig", 2.5, 4, false, "slow", 1, ""), Read("name: rig"));

    [Theory]
    [InlineData("gain: 1.5", "rig.yaml:1: 'name' is missing")]
    [InlineData("", "rig.yaml:1: 'name' is missing")]
    [InlineData("- a\n- b", "rig.yaml:1: the file must be a mapping (key: value)")]
    [InlineData("just text", "rig.yaml:1: the file must be a mapping (key: value)")]
    [InlineData("name: rig\ngain: many", "rig.yaml:2: 'gain' must be a number, not 'many'")]
    [InlineData("name: rig\ngain: 1,5", "rig.yaml:2: 'gain' must be a number, not '1,5'")]
    [InlineData("name: rig\ngain: NaN", "rig.yaml:2: 'gain' must be a number, not 'NaN'")]
    [InlineData("name: rig\ngain: 1e999", "rig.yaml:2: 'gain' must be a number, not '1e999'")]
    [InlineData("name: rig\ngain:", "rig.yaml:2: 'gain' must be a number, not ''")]
    [InlineData("name: rig\ngain: 10.5", "rig.yaml:2: 'gain' is 10.5, outside 0.5..9.5")]
    [InlineData("name: rig\ngain: [1]", "rig.yaml:2: 'gain' must be a single value")]
    [InlineData("name: rig\ncount: 2.5", "rig.yaml:2: 'count' must be a whole number")]
    [InlineData("name: rig\ncount: 99999999999", "rig.yaml:2: 'count' is 99999999999, outside 1..10")]
    [InlineData("name: rig\nlive: yes", "rig.yaml:2: 'live' must be true or false, not 'yes'")]
    [InlineData("name: rig\nmode: quick", "rig.yaml:2: 'mode' is 'quick', must be one of slow, fast")]
    [InlineData("name: rig\nrails: 3", "rig.yaml:2: 'rails' must be a mapping (key: value)")]
    [InlineData("name: rig\n\nrails:\n  speed: fast", "rig.yaml:4: 'rails.speed' must be a number, not 'fast'")]
    [InlineData("name: rig\nrails:\n  speed: 1\n  sped: 2", "rig.yaml:4: unknown key 'rails.sped'; known here: speed")]
    [InlineData("name: rig\nports: a", "rig.yaml:2: 'ports' must be a list")]
    [InlineData("name: rig\nports: [[a]]", "rig.yaml:2: 'ports' must be a single value")]
    [InlineData("name: rig\ngian: 2", "rig.yaml:2: unknown key 'gian'; known here: count, gain, live, mode, name, ports, rails")]
    [InlineData("name: rig\n? [a, b]\n: 2", "rig.yaml:2: a key must be a single value")]
    [InlineData("name: rig\n---\nname: other", "rig.yaml:3: a second document; one file holds one")]
    public void AMistakeIsNamedWithFileAndLine(string text, string message)
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(() => Read(text));
        Assert.Equal(message, e.Message);
    }

    [Theory]
    [InlineData("name: rig\nname: other", "rig.yaml:2: not valid YAML: ")]
    [InlineData("name: [rig", "rig.yaml:")]
    [InlineData("name: rig\n\tgain: 2", "rig.yaml:1: not valid YAML: ")]
    [InlineData("name: *nowhere", "rig.yaml:1: not valid YAML: ")]
    public void WhatIsNoYamlIsNamedWithFileAndLine(string text, string start)
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(() => Read(text));
        Assert.StartsWith(start, e.Message, StringComparison.Ordinal);
        Assert.Contains("not valid YAML: ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void AMissingKeyOfAnAbsentMappingIsNamedWhereTheMappingShouldStand()
    {
        YamlMap map = StrictYaml.Parse("# comment\nname: rig\n", "rig.yaml");
        ConfigurationException e = Assert.Throws<ConfigurationException>(() => map.Map("rails").RequireText("port"));
        Assert.Equal("rig.yaml:2: 'rails.port' is missing", e.Message);
    }

    [Fact]
    public void ErrorsOfCallersCarryTheKeysLine()
    {
        YamlMap map = StrictYaml.Parse(Good, "rig.yaml");
        Assert.Equal("rig.yaml:7: 'rails.speed' is too fast for this rail", map.Map("rails").Error("speed", "is too fast for this rail").Message);
        Assert.Equal(["name", "gain", "count", "live", "mode", "rails", "ports"], map.Keys);
    }

    [Fact]
    public void AFileThatCannotBeReadIsNamed()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "rig.yaml");
        ConfigurationException missing = Assert.Throws<ConfigurationException>(() => StrictYaml.ReadFile(path));
        ConfigurationException folder = Assert.Throws<ConfigurationException>(() => StrictYaml.ReadFile(Path.GetTempPath()));
        Assert.StartsWith($"{path}: cannot be read (", missing.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{Path.GetTempPath()}: cannot be read (", folder.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedFilesGiveOneLineAndNothingElse() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), IsOneLineOrFine).Holds(500);

    // A text on which the parser throws an ArgumentException.
    [Fact]
    public void ABrokenMappingGivesOneLine() => Assert.True(IsOneLineOrFine(283863728));

    private static bool IsOneLineOrFine(int seed)
    {
        var random = new Random(seed);
        char[] text = Good.ToCharArray();
        const string Junk = ":-[]{}&*?|>'\"%@`#,\n\t \0!~é";
        for (int i = 0; i < 6; i++)
            text[random.Next(text.Length)] = Junk[random.Next(Junk.Length)];
        try
        {
            Read(new string(text));
            return true;
        }
        catch (ConfigurationException e)
        {
            return e.Message.StartsWith("rig.yaml:", StringComparison.Ordinal) && !e.Message.Contains('\n', StringComparison.Ordinal);
        }
    }

    private static Settings Read(string text)
    {
        YamlMap map = StrictYaml.Parse(text, "rig.yaml");
        YamlMap rails = map.Map("rails");
        var settings = new Settings(
            map.RequireText("name"),
            map.Number("gain", 2.5, 0.5, 9.5),
            map.Integer("count", 4, 1, 10),
            map.Flag("live", false),
            map.Choice("mode", "slow", "slow", "fast"),
            rails.Number("speed", 1),
            string.Join(' ', map.Texts("ports")));
        map.RejectUnknown();
        rails.RejectUnknown();
        return settings;
    }

    private sealed record Settings(string Name, double Gain, int Count, bool Live, string Mode, double Speed, string Ports);
}
