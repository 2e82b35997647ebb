using System.Text.Json;

using Legato.Sim.Scene;

namespace Legato.RobotDriver.StandIn;

/// <summary>A fault of the stand-in's wires.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, for people.</param>
/// <param name="Set">Begins or ends it.</param>
internal sealed record StandInFault(string Name, string Description, Action<bool> Set);

/// <summary>
/// What whoever started the stand-in can ask of it, a line each: <c>keys</c>, and <c>&lt;fault&gt; on</c> or <c>off</c>. Every line is answered by
/// one of JSON on standard output.
/// </summary>
/// <param name="faults">The faults of its wires.</param>
/// <param name="keysDown">Tells which keys are down.</param>
internal sealed class StandInControl(IReadOnlyList<StandInFault> faults, Func<IReadOnlyList<int>> keysDown)
{
    /// <summary>The faults of a stand-in's devices.</summary>
    public static IReadOnlyList<StandInFault> FaultsOf(RailEndpoint right, RailEndpoint left, KeyboardEndpoint keyboard, HandEndpoint rightHand) =>
    [
        new("half_lines", "the right rail answers half lines", on => right.AnswersHalf = on),
        new("corrupt_states", "messages that are none come between the joint states", on => rightHand.IsCorrupt = on),
        new("unplug_rail", "the right rail's cable is pulled", on => Plug(right.Port, on)),
        new("unplug_left_rail", "the left rail's cable is pulled", on => Plug(left.Port, on)),
        new("unplug_keyboard", "the keyboard's cable is pulled", on => Plug(keyboard.Port, on)),
    ];

    /// <summary>Answers until the lines end.</summary>
    /// <param name="lines">From whoever started the stand-in.</param>
    /// <param name="output">Receives the answers.</param>
    public void Serve(TextReader lines, TextWriter output)
    {
        while (lines.ReadLine() is { } line)
        {
            if (line.Length == 0)
                continue;
            output.WriteLine(Answer(line));
            output.Flush();
        }
    }

    private string Answer(string line)
    {
        if (line == "keys")
            return JsonSerializer.Serialize(new { keys = keysDown() });
        string[] words = line.Split(' ');
        if (words is not [_, "on" or "off"] || faults.FirstOrDefault(f => f.Name == words[0]) is not { } fault)
            return JsonSerializer.Serialize(new { error = $"'{line}' is none of keys, {string.Join(", ", faults.Select(f => $"{f.Name} on|off"))}" });
        fault.Set(words[1] == "on");
        return JsonSerializer.Serialize(new { done = line });
    }

    private static void Plug(PluggablePort port, bool unplugged)
    {
        if (unplugged)
            port.Unplug();
        else
            port.Plug();
    }
}
