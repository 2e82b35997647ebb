using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Tests.Sim.Parameters;

public sealed class ParameterSchemaTests
{
    [Fact]
    public void NamesAreUniqueAndDefaultsAreInRange()
    {
        Assert.Equal(ParameterSchema.Definitions.Count, ParameterSchema.Definitions.DistinctBy(d => d.Name).Count());
        Assert.All(ParameterSchema.Definitions, d =>
        {
            Assert.InRange(d.Default, d.Min, d.Max);
            Assert.NotEmpty(d.Unit);
            Assert.EndsWith(".", d.Description, StringComparison.Ordinal);
            Assert.Same(d, ParameterSchema.Find(d.Name));
        });
    }

    [Fact]
    public void EveryActuatorOfTheSceneIsADriveOfAGroup()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        Assert.Equal(scene.Actuators.Names.Select(SceneParameters.DriveName), ParameterSchema.Drives);
        Assert.All(ParameterSchema.Drives, drive => Assert.Contains(ParameterSchema.GroupOf(drive), ParameterSchema.Groups));
    }

    [Fact]
    public void TheJsonSchemaHasTheSameNamesAndRanges()
    {
        JsonElement root = JsonDocument.Parse(File.ReadAllText(RepositoryFile("hardware/config/parameters.schema.json"))).RootElement;
        foreach (ParameterDefinition d in ParameterSchema.Definitions)
        {
            JsonElement section = Section(root, d);
            JsonElement property = section.GetProperty("properties").GetProperty(d.Key);
            Assert.Equal(d.Min, property.GetProperty("minimum").GetDouble());
            Assert.Equal(d.Max, property.GetProperty("maximum").GetDouble());
            Assert.False(section.GetProperty("additionalProperties").GetBoolean());
            Assert.Equal(ParameterSchema.Definitions.Count(o => o.Section == d.Section), section.GetProperty("properties").EnumerateObject().Count());
        }
        IEnumerable<string> sections = ParameterSchema.Definitions.Where(d => d.Inherits is null).Select(d => d.Section).Distinct();
        Assert.Equal(sections.Append("joints").Order(), root.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order());
    }

    [Fact]
    public void TheDocumentHasARowForEveryParameter()
    {
        string[] lines = File.ReadAllLines(RepositoryFile("docs/parameters.md"));
        foreach (ParameterDefinition d in ParameterSchema.Definitions.Where(d => d.Inherits is null))
        {
            string range = string.Create(CultureInfo.InvariantCulture, $"{d.Min}..{d.Max}").Replace('-', '−');
            string fallback = d.Default.ToString("0.######", CultureInfo.InvariantCulture);
            Assert.Contains($"| `{d.Key}` | {d.Unit} | {fallback} | {range} | {d.Description} |", lines);
        }
    }

    internal static string RepositoryFile(string path)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Robot.sln")))
            folder = folder.Parent;
        Assert.NotNull(folder);
        return Path.Combine(folder.FullName, path);
    }

    private static JsonElement Section(JsonElement root, ParameterDefinition d)
    {
        JsonElement properties = root.GetProperty("properties");
        JsonElement reference = d.Inherits is null
            ? properties.GetProperty(d.Section)
            : properties.GetProperty("joints").GetProperty("patternProperties").EnumerateObject().Single(p => Regex.IsMatch(d.Section, p.Name)).Value;
        return root.GetProperty("$defs").GetProperty(reference.GetProperty("$ref").GetString()!["#/$defs/".Length..]);
    }
}
