using Legato.RobotDriver.Configuration;
using Legato.Runtime.Cli;

namespace Legato.Runtime.Hil;

/// <summary>The scenarios of a folder.</summary>
/// <remarks>Immutable.</remarks>
public sealed class ScenarioCatalogue
{
    private readonly IReadOnlyList<Scenario> _scenarios;

    private ScenarioCatalogue(IReadOnlyList<Scenario> scenarios) => _scenarios = scenarios;

    /// <summary>All of them, in order of name.</summary>
    public IReadOnlyList<Scenario> Scenarios => _scenarios;

    /// <summary>Reads every YAML file of a folder.</summary>
    /// <exception cref="InputException">A file is wrong, or there is none.</exception>
    public static ScenarioCatalogue Load(string folder)
    {
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.yaml") : [];
        if (files.Length == 0)
            throw new InputException($"{folder}: has no scenarios (*.yaml)");
        return new ScenarioCatalogue([.. files.Order(StringComparer.Ordinal).Select(Scenario.Load)]);
    }

    /// <summary>Some of them.</summary>
    /// <param name="names">Names; empty for all.</param>
    /// <param name="isShort">Whether only those of the short form.</param>
    /// <exception cref="InputException">There is none of a name.</exception>
    public IReadOnlyList<Scenario> Select(IReadOnlyList<string> names, bool isShort)
    {
        foreach (string name in names)
        {
            if (_scenarios.Any(s => s.Name == name))
                continue;
            string? near = Suggestion.For(name, _scenarios.Select(s => s.Name));
            throw new InputException($"no scenario '{name}'{(near is null ? "" : $"; did you mean '{near}'?")} ('legato hil --list' has them all)");
        }
        return [.. _scenarios.Where(s => (names.Count == 0 || names.Contains(s.Name)) && (!isShort || s.IsShort))];
    }

    /// <summary>Why a scenario is not run on a robot; null if it is.</summary>
    public static string? SkipReason(Scenario scenario, RobotConfiguration robot)
    {
        bool isHardware = robot.Kind == RobotKind.Lab && robot.StandInReality is null;
        if (isHardware && scenario.IsHazard)
            return "could hurt real hands";
        RigFault? lacking = scenario.Faults.OfType<RigFault>().FirstOrDefault(f => f.Need switch
        {
            RigNeed.StandIn => robot.StandInReality is null,
            RigNeed.Ros => robot.Kind == RobotKind.Sim,
            _ => false,
        });
        return lacking is null ? null : $"'{lacking.Kind}' needs {(lacking.Need == RigNeed.Ros ? "hands on ROS 2" : "the stand-in")}";
    }
}
