using Legato.Tests.Processes;
using Legato.Tests.Rclcs;
using Legato.Tests.StandIn;

using Rclcs;
using Rclcs.Messages.TrajectoryMsgs;

namespace Legato.Tests.EndToEnd;

/// <summary>Robots that are not there, or not free: nothing moves, no run is written, and one line says why.</summary>
[Collection(RigCollection.Name)]
public sealed class UnreachableRobotTests(PlannedMelody planned) : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly TestDomain _domain = TestDomain.Lease();

    public void Dispose()
    {
        _workspace.Dispose();
        _domain.Dispose();
    }

    [Fact]
    public void AnEmptyLaboratoryIsDescribedPartByPart()
    {
        string robot = _workspace.Write("lab.yaml", $"""
            name: lab
            kind: lab
            limits: {Repository.PathOf("hardware", "config", "limits", "shadow_e3m5.yaml")}
            ros: {"{"}domain: {_domain.Id}{"}"}
            rails: {"{"}right: {"{"}port: /dev/no-rail-right{"}"}, left: {"{"}port: /dev/no-rail-left{"}"}{"}"}
            keyboard: {"{"}port: /dev/no-keyboard{"}"}
            timeouts: {"{"}connect: 0.5{"}"}
            """);
        string line = Refuse(robot);
        Assert.All(
            ["cannot connect to 'lab' within 0.5 s", "no joint state for any joint", $"domain {_domain.Id}", "/dev/no-rail-right", "/dev/no-rail-left", "/dev/no-keyboard", "lab.yaml"],
            part => Assert.Contains(part, line, StringComparison.Ordinal));
    }

    [Fact]
    public void AStandInThatIsTooSlowIsGivenUp() =>
        Assert.Contains("did not say within 0.1 s that it runs", Refuse(_workspace.WriteStandIn(_domain.Id, "timeouts: {standin: 0.1}")), StringComparison.Ordinal);

    [Fact]
    public void AStandInThatCannotRunSaysWhy()
    {
        using ChildProcess other = StartStandIn();
        string line = Refuse(_workspace.WriteStandIn(_domain.Id));
        Assert.Contains("the stand-in ended with code 2 before it ran", line, StringComparison.Ordinal);
        Assert.Contains($"ROS domain {_domain.Id} already has a stand-in", line, StringComparison.Ordinal);
    }

    [Fact]
    public void ASecondCommanderIsNamed()
    {
        using var context = new Context(new ContextOptions { DomainId = _domain.Id });
        using Publisher<JointTrajectory> commands = context.CreateNode("someone_else").CreatePublisher<JointTrajectory>("/rh_trajectory_controller/joint_trajectory");
        string line = Refuse(_workspace.WriteStandIn(_domain.Id, "timeouts: {discovery: 5}"));
        Assert.Contains("has another commander", line, StringComparison.Ordinal);
        Assert.Contains("someone_else", line, StringComparison.Ordinal);
        Assert.Contains("/rh_trajectory_controller/joint_trajectory", line, StringComparison.Ordinal);
    }

    [Fact]
    public void TheStandInSaysWhereItIsAndLeavesNothingBehind()
    {
        using ChildProcess standIn = StartStandIn();
        string keyboard = Path.Combine(_workspace.PathOf("devices"), "keyboard");
        Assert.True(File.Exists(keyboard));
        standIn.Signal(15);
        Assert.Equal(0, standIn.WaitForExit(Workspace.Patience));
        Assert.False(File.Exists(keyboard));
    }

    private ChildProcess StartStandIn()
    {
        ChildProcess standIn = _workspace.Start("standin", "--domain", $"{_domain.Id}", "--devices", _workspace.PathOf("devices"));
        string ready = standIn.WaitForLine(line => line.StartsWith('{'), Workspace.Patience);
        Assert.Contains($"\"domain\":{_domain.Id},", ready, StringComparison.Ordinal);
        return standIn;
    }

    private string Refuse(string robot)
    {
        Outcome outcome = _workspace.Run("play", planned.Song, "--robot", robot, "--policy", planned.Bundle, "--json").Expect(2);
        string line = Assert.Single(outcome.Messages);
        Assert.Equal(line, $"legato: {(string?)outcome.Json["error"]}");
        Assert.False(Directory.Exists(_workspace.Runs));
        Assert.False(Directory.Exists(_workspace.Policies));
        return line;
    }
}
