using Legato.Sim.Configuration;
using Legato.Sim.Piano;

namespace Legato.RobotDriver.Chaos;

/// <summary>A kind of fault: its name in scenario files, what it does, how to read its parameters.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, for people.</param>
/// <param name="Parameters">Names of its parameters, beside the window's.</param>
/// <param name="Read">Reads the parameters.</param>
public sealed record FaultKind(string Name, string Description, IReadOnlyList<string> Parameters, Func<YamlMap, FaultWindow, Fault> Read);

/// <summary>The kinds of faults that need nothing but a robot or a disk: they can be injected into every robot. Stateless.</summary>
public static class FaultCatalogue
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FaultKind> Kinds { get; } =
    [
        new("drop_reports", "joint reports are lost", ["share"], (map, window) => new DropReports(window, Share(map))),
        new("delay_reports", "joint reports arrive late, with their own stamps", ["delay"], (map, window) => new DelayReports(window, Seconds(map, "delay", 2))),
        new("duplicate_reports", "every second joint report is the one before it", [], (_, window) => new DuplicateReports(window)),
        new("reorder_reports", "joint reports overtake each other", [], (_, window) => new ReorderReports(window)),
        new("stale_reports", "the driver repeats its last report, stamp included", [], (_, window) => new StaleReports(window)),
        new("freeze_joint", "a joint's sensor, or without a name every one, stands still", ["joint"], (map, window) => new FreezeJoint(window, map.Has("joint") ? map.RequireText("joint") : null)),
        new("swap_joints", "two joints are reported as each other", ["joint", "other"], (map, window) => new SwapJoints(window, map.RequireText("joint"), map.RequireText("other"))),
        new("flip_joint", "a joint is reported with the wrong sign", ["joint"], (map, window) => new DistortJoint("flip_joint", window, map.RequireText("joint"), -1, 0)),
        new("offset_joint", "a joint is reported off by an angle or length: a wrong zero, an encoder that wraps", ["joint", "offset"], (map, window) => new DistortJoint("offset_joint", window, map.RequireText("joint"), 1, Offset(map))),
        new("nan_joint", "a joint's report is not a number", ["joint"], (map, window) => new DistortJoint("nan_joint", window, map.RequireText("joint"), 1, double.NaN)),
        new("clock_jump", "the stamps' clock jumps", ["by"], (map, window) => new ClockJump(window, TimeSpan.FromSeconds(Required(map, "by", -1e6, 1e6)))),
        new("fail_reading", "the driver throws when it is read", [], (_, window) => new FailReading(window)),
        new("drop_commands", "commands are lost", ["share"], (map, window) => new DropCommands(window, Share(map))),
        new("delay_commands", "commands arrive whole cycles late", ["cycles"], (map, window) => new DelayCommands(window, map.Integer("cycles", 1, 1, DelayCommands.Longest))),
        new("duplicate_commands", "every command is sent twice", [], (_, window) => new DuplicateCommands(window)),
        new("corrupt_command", "a target is changed behind the guard", ["actuator", "offset"], (map, window) => new CorruptCommand(window, map.RequireText("actuator"), Offset(map))),
        new("fail_writing", "the driver throws when it is written to", [], (_, window) => new FailWriting(window)),
        new("stall_writing", "sending a command takes too long", ["stall"], (map, window) => new StallWriting(window, Seconds(map, "stall", 5))),
        new("estop", "the rig's e-stop is pressed", [], (_, window) => new StopRun(window, operatorStops: false)),
        new("operator_stop", "the operator stops the run", [], (_, window) => new StopRun(window, operatorStops: true)),
        new("stuck_note", "a key that nobody touched is reported down for ever", ["key"], (map, window) => new StuckNote(window, Key(map))),
        new("drop_note_offs", "key-ups are lost", ["share"], (map, window) => new DropNoteOffs(window, Share(map))),
        new("duplicate_keys", "key events arrive twice", [], (_, window) => new DuplicateKeys(window)),
        new("key_storm", "the keyboard sends events of all keys", ["rate"], (map, window) => new KeyStorm(window, Required(map, "rate", 1, 1e6))),
        new("delay_keys", "key events arrive late", ["delay", "jitter"], (map, window) => new DelayKeys(window, TimeSpan.FromSeconds(map.Number("delay", 0, 0, 2)), TimeSpan.FromSeconds(map.Number("jitter", 0, 0, 2)))),
        new("unplug", "a device is unplugged, and plugged in again where the fault ends", ["device"], (map, window) => new Unplug(window, Device(map))),
        new("slow_disk", "every write to the recording takes longer", ["delay"], (map, window) => new SlowDisk(window, Seconds(map, "delay", 10))),
        new("full_disk", "the recording's disk is full", [], (_, window) => new FullDisk(window)),
    ];

    private static double Share(YamlMap map) => map.Number("share", 1, 0, 1);

    private static int Key(YamlMap map) => (int)Required(map, "key", 0, PianoGeometry.KeyCount - 1);

    private static double Offset(YamlMap map) => Required(map, "offset", -100, 100);

    private static TimeSpan Seconds(YamlMap map, string key, double longest) => TimeSpan.FromSeconds(Required(map, key, 0.001, longest));

    private static double Required(YamlMap map, string key, double min, double max)
    {
        _ = map.RequireText(key);
        return map.Number(key, 0, min, max);
    }

    private static RigDevice Device(YamlMap map) => map.Choice("device", "hands", "hands", "rails", "keyboard") switch
    {
        "hands" => RigDevice.Hands,
        "rails" => RigDevice.Rails,
        _ => RigDevice.Keyboard,
    };
}
