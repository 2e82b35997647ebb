using Legato.RobotDriver.Configuration;
using Legato.Sim.Scene;
using Rclcs;

namespace Legato.Tests.RobotDriver;

public sealed class RobotConfigurationTests : IDisposable
{
    private const string Minimal = """
        name: bench
        kind: lab
        limits: limits.yaml
        rails:
          right: {port: /dev/a}
          left: {port: /dev/b}
        keyboard: {port: /dev/c}

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-robot-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("sim", RobotKind.Sim)]
    [InlineData("standin", RobotKind.Lab)]
    [InlineData("lab", RobotKind.Lab)]
    public void TheFilesInTheRepositoryLoad(string name, RobotKind kind)
    {
        RobotConfiguration robot = RobotConfiguration.Load(Path.Combine(Music.Reference.Repository, $"hardware/config/robots/{name}.yaml"));

        Assert.Equal(name, robot.Name);
        Assert.Equal(kind, robot.Kind);
    }

    [Fact]
    public void TheStandInHasItsOwnDomainOnTheLoopback()
    {
        RobotConfiguration robot = RobotConfiguration.Load(Path.Combine(Music.Reference.Repository, "hardware/config/robots/standin.yaml"));

        Assert.Equal(new ContextOptions { DomainId = 77, Interface = "lo" }, robot.Ros!.Options);
        Assert.EndsWith("/hardware/config/realities/nominal.yaml", robot.StandInReality, StringComparison.Ordinal);
        Assert.Equal(new SceneOptions(), robot.SceneOptions);
    }

    [Fact]
    public void WhatTheLabFileDocumentsAsDefaultIsTheDefault()
    {
        RobotConfiguration documented = RobotConfiguration.Load(Path.Combine(Music.Reference.Repository, "hardware/config/robots/lab.yaml"));
        RobotConfiguration absent = Load(Minimal);

        Assert.Equivalent(absent.Right!.Hand with { CommandJointsSource = "" }, documented.Right!.Hand with { CommandJointsSource = "" }, strict: true);
        Assert.Equivalent(absent.Left!.Hand with { CommandJointsSource = "" }, documented.Left!.Hand with { CommandJointsSource = "" }, strict: true);
        Assert.Equal(absent.Right.Rail with { Port = "" }, documented.Right.Rail with { Port = "" });
        Assert.Equal(absent.Keyboard! with { Path = "" }, documented.Keyboard! with { Path = "" });
        Assert.Equal(absent.Pedal, documented.Pedal);
        Assert.Equal(absent.Timeouts, documented.Timeouts);
        Assert.Equal(absent.Ros! with { Options = absent.Ros.Options with { Interface = "eth0" } }, documented.Ros);
    }

    [Fact]
    public void HandsTakeTheTopicOfTheirKindOfController()
    {
        RobotConfiguration robot = Load(Minimal + """
            hands:
              right: {command: {type: array}}
              left: {command: {topic: /other}}
            """);

        Assert.Equal("/rh_position_controller/commands", robot.Right!.Hand.CommandTopic);
        Assert.Equal("/other", robot.Left!.Hand.CommandTopic);
        Assert.Equal(TimeSpan.FromMilliseconds(5), robot.Left.Hand.TimeFromStart);
        Assert.Equal(20, robot.Left.Hand.CommandJoints.Count);
    }

    [Fact]
    public void PathsCountFromTheFile() => Assert.Equal(Path.Combine(_folder, "limits.yaml"), Load(Minimal).LimitsPath);

    [Theory]
    [InlineData("kind: sim\nlimits: simulation", "1: 'name' is missing")]
    [InlineData("name: a\nkind: real\nlimits: simulation", "2: 'kind' is 'real', must be one of sim, lab")]
    [InlineData("name: a\nkind: sim", "1: 'limits' is missing")]
    [InlineData("name: a\nkind: sim\nlimits: simulation\npedals: {}", "4: unknown key 'pedals'; known here: action_space, embodiment, kind, limits, name, preset")]
    [InlineData("name: a\nkind: lab\nlimits: simulation", "3: 'limits' is 'simulation', which only a simulation or a stand-in may have; name a file of limits")]
    [InlineData("name: a\nkind: sim\nlimits: simulation\npreset: concert", "4: 'preset' is 'concert', must be one of robopianist, lab")]
    public void WrongFilesAreExplainedInOneLine(string yaml, string expected) => Expect(yaml, expected);

    [Theory]
    [InlineData("ros: {domain: 102}", "8: 'ros.domain' is 102, outside 0..101")]
    [InlineData("ros: {distro: noetic}", "8: 'ros.distro' is 'noetic', must be one of humble, jazzy")]
    [InlineData("ros: {estop_topic: stop}", "8: 'ros.estop_topic' is 'stop', must be an absolute topic such as /legato/estop")]
    [InlineData("hands: {middle: {}}", "8: unknown key 'hands.middle'; known here: left, right")]
    [InlineData("hands: {right: {command: {type: service}}}", "8: 'hands.right.command.type' is 'service', must be one of trajectory, array")]
    [InlineData("hands: {right: {command: {joints: [rh_FFJ9]}}}", "8: 'hands.right.command.joints' names 'rh_FFJ9', which the robot lacks; it has rh_WRJ2, ")]
    [InlineData("hands: {left: {command: {joints: [rh_FFJ3]}}}", "8: 'hands.left.command.joints' names 'rh_FFJ3', which the robot lacks; it has lh_WRJ2, ")]
    [InlineData("hands: {left: {command: {joints: [lh_FFJ3, lh_FFJ3]}}}", "8: 'hands.left.command.joints' names 'lh_FFJ3' twice")]
    [InlineData("hands: {left: {command: {type: array, time_from_start: 1}}}", "8: 'hands.left.command.time_from_start' has no meaning for an array command; remove it, or use type trajectory")]
    [InlineData("pedal: {channel: 17}", "8: 'pedal.channel' is 17, outside 1..16")]
    [InlineData("timeouts: {conect: 3}", "8: unknown key 'timeouts.conect'; known here: connect, discovery, keyboard_silence, rail_answer, standin")]
    public void WrongPartsOfARigAreExplainedInOneLine(string yaml, string expected) => Expect(Minimal + yaml, expected);

    [Theory]
    [InlineData("port: /dev/a", "", "5: 'rails.right.port' is missing")]
    [InlineData("port: /dev/a", "port: ttyUSB0", "5: 'rails.right.port' is 'ttyUSB0', must be the absolute path of a device")]
    [InlineData("port: /dev/a", "port: /dev/a, axes: {forearm_ty: {index: 0}}", "5: 'rails.right.axes.forearm_ty' has the index 0 of forearm_tx")]
    [InlineData("port: /dev/a", "port: /dev/a, axes: {forearm_tx: {sign: 0}}", "5: 'rails.right.axes.forearm_tx.sign' must be 1 or -1")]
    [InlineData("port: /dev/a", "port: /dev/a, axes: {forearm_tx: {metres_per_turn: 0}}", "5: 'rails.right.axes.forearm_tx.metres_per_turn' is 0, outside 0.0001..1")]
    [InlineData("port: /dev/c", "port: /dev/c, device: /dev/snd/midiC1D0", "7: 'keyboard.device' is a raw MIDI device; 'port' and 'baud' belong to a serial keyboard: give one or the other")]
    public void WrongDevicesAreExplainedInOneLine(string correct, string wrong, string expected) =>
        Expect(Minimal.Replace(correct, wrong, StringComparison.Ordinal), expected);

    [Fact]
    public void WithAStandInTheDevicesMayBeAbsent()
    {
        RobotConfiguration robot = Load("name: a\nkind: lab\nlimits: b.yaml\nstandin: {reality: r.yaml}");

        RobotConfiguration there = new RigDevices(61, "/dev/r", "/dev/l", "/dev/k").ApplyTo(robot);

        Assert.Equal(61, there.Ros!.Options.DomainId);
        Assert.Equal(("/dev/r", "/dev/l", "/dev/k"), (there.Right!.Rail.Port, there.Left!.Rail.Port, there.Keyboard!.Path));
    }

    private void Expect(string yaml, string expected)
    {
        string message = Assert.ThrowsAny<InputException>(() => Load(yaml)).Message;
        Assert.StartsWith($"{_folder}/robot.yaml:{expected}", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private RobotConfiguration Load(string yaml)
    {
        string path = Path.Combine(_folder, "robot.yaml");
        File.WriteAllText(path, yaml);
        return RobotConfiguration.Load(path);
    }
}
