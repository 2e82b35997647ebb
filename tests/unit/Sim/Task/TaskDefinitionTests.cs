using System.Text.Json;

using Legato.Sim.Configuration;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Observations;
using Legato.Sim.Tasks.Rewards;
using Legato.Tests.Sim.Parameters;

namespace Legato.Tests.Sim.Tasks;

public sealed class TaskDefinitionTests(Scenes scenes) : IClassFixture<Scenes>
{
    [Theory]
    [InlineData("robopianist", 1124)]
    [InlineData("rp1m", 1144)]
    [InlineData("pianomime", 979 + 30 + 46 + 46 + 88 + 1 + 39)]
    [InlineData("lasr", (6 * 89) + 46 + 88)]
    public void TheFilesInTheRepositoryAreTasks(string name, int observations)
    {
        TaskDefinition definition = Load(name);
        PriorTable prior = Scenes.Hold(scenes.Reduced, Scenes.Song.Steps, Scenes.Pressing);
        PianoTask task = new(definition, scenes.Reduced, Scenes.Song, prior, new TipTable(10, new double[30 * Scenes.Song.Steps]));
        Assert.Equal(observations, task.Observations.Layout.Size);
        Assert.Equal(39, task.Actions.Size);
    }

    [Fact]
    public void TheJsonSchemaHasTheSameNamesAndRanges()
    {
        JsonElement root = JsonDocument.Parse(File.ReadAllText(ParameterSchemaTests.RepositoryFile("hardware/config/task.schema.json"))).RootElement.GetProperty("properties");
        Assert.Equal(ObservationKinds.Names, root.GetProperty("observations").GetProperty("items").GetProperty("enum").EnumerateArray().Select(o => o.GetString()));
        JsonElement rewards = root.GetProperty("rewards").GetProperty("properties");
        Assert.Equal(RewardKinds.Names, rewards.EnumerateObject().Select(r => r.Name));
        foreach (string reward in RewardKinds.Names)
        {
            JsonElement own = rewards.GetProperty(reward).GetProperty("properties");
            Assert.Equal(RewardKinds.ParametersOf(reward).Select(p => p.Key).Prepend("weight"), own.EnumerateObject().Select(p => p.Name));
            Assert.All(RewardKinds.ParametersOf(reward), p => Assert.Equal((p.Min, p.Max), (own.GetProperty(p.Key).GetProperty("minimum").GetDouble(), own.GetProperty(p.Key).GetProperty("maximum").GetDouble())));
        }
        // What is written has every key that there is.
        string[] written = [.. Load("pianomime").ToYaml().Split('\n').Where(line => line.Length > 0 && char.IsAsciiLetter(line[0])).Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)])];
        Assert.Equal(written, root.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void ThePublishedSettingsAreInTheFiles()
    {
        Assert.Equal(3.5, Load("robopianist").Rewards.Where(r => r.Name != "energy").Sum(r => r.Weight));
        Assert.Equal(0.005, Load("robopianist").Rewards.Single(r => r.Name == "energy").Weight);
        Assert.Equal(550, Load("rp1m").MaxSteps);
        Assert.Equal(new ActionSettings { Kind = ActionKind.Residual, Factor = 0.03, Pedal = PedalSource.Song }, Load("pianomime").Action);
        Assert.Equal(2, Load("pianomime").Rewards.Single(r => r.Name == "key_press").Weight);
        Assert.Equal(5, Load("lasr").Lookahead);
    }

    [Theory]
    [InlineData("robopianist")]
    [InlineData("rp1m")]
    [InlineData("pianomime")]
    [InlineData("lasr")]
    public void WhatIsWrittenIsReadBack(string name)
    {
        TaskDefinition definition = Load(name) with { RandomStart = 0.25, EndOnWrongPress = true, Privileged = true };
        TaskDefinition back = TaskDefinition.Parse(definition.ToYaml(), "back.yaml");
        Assert.Equal(definition.Observations, back.Observations);
        Assert.Equal(definition.Rewards.Select(Text), back.Rewards.Select(Text));
        Assert.Equal(definition with { Observations = back.Observations, Rewards = back.Rewards }, back);

        static string Text(RewardSettings reward) => $"{reward.Name} {reward.Weight} {string.Join(' ', reward.Values)}";
    }

    [Fact]
    public void AbsentKeysHaveTheirDefaults()
    {
        TaskDefinition definition = TaskDefinition.Parse("observations: [goal]\nrewards: {energy: {}, transport_sum: {weight: 2}}", "task.yaml");
        Assert.Equal(new ActionSettings(), definition.Action);
        Assert.Equal((10, false, 0, 0.0, false), (definition.Lookahead, definition.Privileged, definition.MaxSteps, definition.RandomStart, definition.EndOnWrongPress));
        Assert.Equal([1, 2], definition.Rewards.Select(r => r.Weight));
        Assert.Equal(230.259, definition.Rewards[1].Values.Single());
    }

    [Theory]
    [InlineData("lookahaed: 3", "task.yaml:3: unknown key 'lookahaed'")]
    [InlineData("lookahead: 101", "task.yaml:3: 'lookahead' is 101, outside 0..100")]
    [InlineData("action: {kind: delta}", "task.yaml:3: 'action.kind' is 'delta', must be one of canonical, residual")]
    [InlineData("action: {factor: 2}", "task.yaml:3: 'action.factor' is 2, outside")]
    [InlineData("action: {residual: 2}", "task.yaml:3: unknown key 'action.residual'")]
    [InlineData("episode: {random_start: 1.5}", "task.yaml:3: 'episode.random_start' is 1.5, outside 0..1")]
    [InlineData("episode: {length: 3}", "task.yaml:3: unknown key 'episode.length'")]
    public void AMistakeIsOneLineWithItsPlace(string line, string expected) => Refused($"observations: [goal]\nrewards: {{key_press: {{weight: 1}}}}\n{line}", expected);

    [Theory]
    [InlineData("observations: [goal, gaol]\nrewards: {key_press: {}}", "task.yaml:1: 'observations' names 'gaol', must be some of action,")]
    [InlineData("observations: [goal, goal]\nrewards: {key_press: {}}", "task.yaml:1: 'observations' names 'goal' twice")]
    [InlineData("rewards: {key_press: {}}", "task.yaml:1: 'observations' must name what is observed")]
    [InlineData("observations: [goal]", "task.yaml:1: 'rewards' must have at least one of action_rate,")]
    [InlineData("observations: [goal]\nrewards:\n  keypress: {}\n  energy: {}", "task.yaml:3: unknown key 'rewards.keypress'; known here: action_rate,")]
    [InlineData("observations: [goal]\nrewards:\n  energy: {wieght: 1}", "task.yaml:3: unknown key 'rewards.energy.wieght'; known here: rails, weight")]
    [InlineData("observations: [goal]\nrewards:\n  energy: {rails: -1}", "task.yaml:3: 'rewards.energy.rails' is -1, outside 0..10")]
    public void AMistakeInAListIsOneLineToo(string text, string expected) => Refused(text, expected);

    private static void Refused(string text, string expected)
    {
        string message = Assert.Throws<ConfigurationException>(() => TaskDefinition.Parse(text, "task.yaml")).Message;
        Assert.StartsWith(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static TaskDefinition Load(string name) => TaskDefinition.Load(ParameterSchemaTests.RepositoryFile($"hardware/config/tasks/{name}.yaml"));
}
