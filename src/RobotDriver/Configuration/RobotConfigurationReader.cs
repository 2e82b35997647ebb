using Legato.Sim.Configuration;
using Legato.Sim.Scene;
using Rclcs;

namespace Legato.RobotDriver.Configuration;

/// <summary>Turns a robot's YAML file into records. Stateless.</summary>
internal static class RobotConfigurationReader
{
    private const int MidiBaud = 31250;
    private const int OdriveBaud = 115200;

    /// <exception cref="ConfigurationException">One line with file and line.</exception>
    public static RobotConfiguration Load(string path)
    {
        YamlMap map = StrictYaml.ReadFile(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        RobotKind kind = map.Choice("kind", "", "sim", "lab") == "sim" ? RobotKind.Sim : RobotKind.Lab;
        var robot = new RobotConfiguration
        {
            File = path,
            Name = map.RequireText("name"),
            Kind = kind,
            SceneOptions = ReadScene(map),
            LimitsPath = ReadLimits(map, folder, kind),
            StandInReality = null,
            SimulatedReality = kind == RobotKind.Sim && map.Has("reality") ? Path.GetFullPath(map.RequireText("reality"), folder) : null,
        };
        if (kind == RobotKind.Lab)
            robot = ReadLab(robot, map, folder);
        map.RejectUnknown();
        return robot;
    }

    private static SceneOptions ReadScene(YamlMap map) => new()
    {
        Preset = map.Choice("preset", "robopianist", "robopianist", "lab") == "lab" ? ScenePreset.Lab : ScenePreset.RoboPianist,
        ActionSpace = map.Choice("action_space", "full", "full", "reduced") == "full" ? ActionSpace.Full : ActionSpace.Reduced,
        Embodiment = map.Choice("embodiment", "five_fingers", "five_fingers", "four_fingers") == "five_fingers"
            ? Embodiment.FiveFingers
            : Embodiment.FourFingers,
    };

    private static string? ReadLimits(YamlMap map, string folder, RobotKind kind)
    {
        string limits = map.RequireText("limits");
        if (limits != "simulation")
            return Path.GetFullPath(limits, folder);
        return kind == RobotKind.Sim || map.Has("standin")
            ? null
            : throw map.Error("limits", "is 'simulation', which only a simulation or a stand-in may have; name a file of limits");
    }

    private static RobotConfiguration ReadLab(RobotConfiguration robot, YamlMap map, string folder)
    {
        YamlMap standIn = map.Map("standin");
        string? reality = map.Has("standin") ? Path.GetFullPath(standIn.RequireText("reality"), folder) : null;
        standIn.RejectUnknown();
        // The stand-in says where its devices are once it runs.
        bool pathsRequired = reality is null;
        YamlMap hands = map.Map("hands"), rails = map.Map("rails");
        robot = robot with
        {
            StandInReality = reality,
            Ros = ReadRos(map.Map("ros")),
            Right = ReadArm(HandSide.Right, hands.Map("right"), rails.Map("right"), pathsRequired),
            Left = ReadArm(HandSide.Left, hands.Map("left"), rails.Map("left"), pathsRequired),
            Keyboard = ReadKeyboard(map.Map("keyboard"), pathsRequired),
            Pedal = ReadPedal(map.Map("pedal")),
            Timeouts = ReadTimeouts(map.Map("timeouts")),
        };
        hands.RejectUnknown();
        rails.RejectUnknown();
        return robot;
    }

    private static RosSettings ReadRos(YamlMap map)
    {
        string network = map.Text("interface", "lo");
        var options = new ContextOptions
        {
            DomainId = map.Integer("domain", 0, 0, 101),
            Interface = network == "any" ? null : network,
            Distro = map.Choice("distro", "humble", "humble", "jazzy") == "humble" ? Distro.Humble : Distro.Jazzy,
        };
        var ros = new RosSettings(options, ReadTopic(map, "estop_topic", "/legato/estop"));
        map.RejectUnknown();
        return ros;
    }

    private static ArmSettings ReadArm(HandSide side, YamlMap hand, YamlMap rail, bool pathsRequired) =>
        new(ReadHand(side, hand), ReadRail(side, rail, pathsRequired));

    private static HandSettings ReadHand(HandSide side, YamlMap map)
    {
        YamlMap states = map.Map("states"), command = map.Map("command");
        HandCommandType type = command.Choice("type", "trajectory", "trajectory", "array") == "trajectory" ? HandCommandType.Trajectory : HandCommandType.Array;
        if (type == HandCommandType.Array && command.Has("time_from_start"))
            throw command.Error("time_from_start", "has no meaning for an array command; remove it, or use type trajectory");
        var hand = new HandSettings
        {
            Side = side,
            StatesTopic = ReadTopic(states, "topic", "/joint_states"),
            StatesRate = states.Number("rate", 125, 0, 1000),
            CommandType = type,
            CommandTopic = ReadTopic(command, "topic", ShadowHandNames.CommandTopic(side, type)),
            TimeFromStart = Seconds(command, "time_from_start", 0.005, 0.001, 1),
            CommandJoints = ReadJoints(side, command),
            CommandJointsSource = command.Error("joints", "").Message.TrimEnd(),
        };
        states.RejectUnknown();
        command.RejectUnknown();
        map.RejectUnknown();
        return hand;
    }

    private static IReadOnlyList<string> ReadJoints(HandSide side, YamlMap command)
    {
        IReadOnlyList<string> known = ShadowHandNames.CommandJoints(side);
        if (!command.Has("joints"))
            return known;
        IReadOnlyList<string> joints = command.Texts("joints");
        foreach (string joint in joints)
        {
            if (!known.Contains(joint))
                throw command.Error("joints", $"names '{joint}', which the robot lacks; it has {string.Join(", ", known)}");
        }
        if (joints.CountBy(joint => joint).FirstOrDefault(each => each.Value > 1).Key is { } twice)
            throw command.Error("joints", $"names '{twice}' twice");
        return joints;
    }

    private static RailSettings ReadRail(HandSide side, YamlMap map, bool pathsRequired)
    {
        YamlMap axes = map.Map("axes");
        var rail = new RailSettings
        {
            Side = side,
            Port = ReadDevice(map, "port", pathsRequired),
            Baud = map.Integer("baud", OdriveBaud, 1200, 4_000_000),
            Checksum = map.Flag("checksum", false),
            CloseLoop = map.Flag("close_loop", true),
            Lateral = ReadAxis(axes.Map("forearm_tx"), 0),
            Depth = ReadAxis(axes.Map("forearm_ty"), 1),
        };
        if (rail.Lateral.Index == rail.Depth.Index)
            throw axes.Error("forearm_ty", $"has the index {rail.Depth.Index} of forearm_tx");
        axes.RejectUnknown();
        map.RejectUnknown();
        return rail;
    }

    private static RailAxis ReadAxis(YamlMap map, int index)
    {
        int sign = map.Integer("sign", 1, -1, 1);
        if (sign == 0)
            throw map.Error("sign", "must be 1 or -1");
        var axis = new RailAxis(map.Integer("index", index, 0, 1), map.Number("metres_per_turn", 0.02, 0.0001, 1), sign, map.Number("offset", 0, -2, 2));
        map.RejectUnknown();
        return axis;
    }

    private static KeyboardSettings ReadKeyboard(YamlMap map, bool pathsRequired)
    {
        bool isRawMidi = map.Has("device");
        if (isRawMidi && (map.Has("port") || map.Has("baud")))
            throw map.Error("device", "is a raw MIDI device; 'port' and 'baud' belong to a serial keyboard: give one or the other");
        var keyboard = new KeyboardSettings
        {
            Path = ReadDevice(map, isRawMidi ? "device" : "port", pathsRequired),
            IsRawMidi = isRawMidi,
            Baud = map.Integer("baud", MidiBaud, 1200, 4_000_000),
            FirstNote = map.Integer("first_note", 21, 0, 127),
            Latency = Seconds(map, "latency", 0, 0, 0.1),
            ActiveSensing = map.Flag("active_sensing", false),
            StuckAfter = Seconds(map, "stuck_after", 30, 0, 3600),
        };
        map.RejectUnknown();
        return keyboard;
    }

    private static PedalSettings ReadPedal(YamlMap map)
    {
        var pedal = new PedalSettings(map.Flag("enabled", true), map.Integer("channel", 1, 1, 16) - 1);
        map.RejectUnknown();
        return pedal;
    }

    private static Timeouts ReadTimeouts(YamlMap map)
    {
        var none = new Timeouts();
        var timeouts = new Timeouts
        {
            Connect = Seconds(map, "connect", none.Connect.TotalSeconds, 0.1, 300),
            Discovery = Seconds(map, "discovery", none.Discovery.TotalSeconds, 0, 60),
            RailAnswer = Seconds(map, "rail_answer", none.RailAnswer.TotalSeconds, 0.005, 1),
            KeyboardSilence = Seconds(map, "keyboard_silence", none.KeyboardSilence.TotalSeconds, 0.3, 60),
            StandIn = Seconds(map, "standin", none.StandIn.TotalSeconds, 0.1, 300),
        };
        map.RejectUnknown();
        return timeouts;
    }

    private static string ReadTopic(YamlMap map, string key, string fallback)
    {
        string topic = map.Text(key, fallback);
        return topic.Length > 1 && topic[0] == '/' ? topic : throw map.Error(key, $"is '{topic}', must be an absolute topic such as {fallback}");
    }

    private static string ReadDevice(YamlMap map, string key, bool required)
    {
        string path = required ? map.RequireText(key) : map.Text(key, "");
        return path.Length == 0 || path[0] == '/' ? path : throw map.Error(key, $"is '{path}', must be the absolute path of a device");
    }

    private static TimeSpan Seconds(YamlMap map, string key, double fallback, double min, double max) =>
        TimeSpan.FromSeconds(map.Number(key, fallback, min, max));
}
