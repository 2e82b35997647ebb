using System.Text.Json.Nodes;

using Legato.Tests.Rclcs;
using Legato.Tests.Recording;
using Legato.Tests.StandIn;

namespace Legato.Tests.EndToEnd;

/// <summary>The planned melody on the stand-in and, with the same bundle, in the simulator.</summary>
public sealed class StandInPlay : IDisposable
{
    // A machine that is busy elsewhere spoils a run in real time; so many in a row are our fault.
    private const int Attempts = 5;

    public StandInPlay(PlannedMelody planned)
    {
        Simulated = Play(planned, Workspace.WriteSimulation());
        using var domain = TestDomain.Lease();
        string standIn = Workspace.WriteStandIn(domain.Id);
        for (int attempt = 1; Report is null || (WasDisturbed(Report) && attempt < Attempts); attempt++)
            Report = Play(planned, standIn);
    }

    public Workspace Workspace { get; } = new();

    public JsonObject Simulated { get; }

    public JsonObject Report { get; }

    public void Dispose() => Workspace.Dispose();

    private static bool WasDisturbed(JsonObject report) => (string?)report["quality"] is not ("A" or "B" or "C") || report["lost"]!.AsObject().Any(stream => (long)stream.Value! > 0);

    private JsonObject Play(PlannedMelody planned, string robot) =>
        Workspace.Run("play", planned.Song, "--robot", robot, "--policy", planned.Bundle, "--json").Json;
}

/// <summary>Playing over ROS 2, serial ports and MIDI, on a rig with an ideal reality.</summary>
[Collection(RigCollection.Name)]
public sealed class StandInPlayTests(StandInPlay play) : IClassFixture<StandInPlay>
{
    [Fact]
    public void TheMusicIsThatOfTheSimulator()
    {
        Assert.Equal("completed", (string?)play.Report["ended"]);
        double simulated = (double)play.Simulated["f1"]!;
        Assert.InRange((double)play.Report["f1"]!, simulated - 0.05, simulated + 0.05);
    }

    [Fact]
    public void NothingIsLost()
    {
        string[] streams = ["joint_states", "commands", "rail_right", "rail_left", "keyboard", "pedal", "/joint_states", "/legato/commands", "/legato/keys", "/legato/cycles"];
        Assert.Equal(streams, play.Report["lost"]!.AsObject().Select(stream => stream.Key));
        Assert.All(play.Report["lost"]!.AsObject(), stream => Assert.Equal(0, (long)stream.Value!));
    }

    [Fact]
    public void TheLoopNeitherAllocatesNorCollects()
    {
        Assert.Equal(0, (long)play.Report["loop"]!["allocated_bytes"]!);
        Assert.Equal(0, (int)play.Report["loop"]!["gc_count"]!);
    }

    [Fact]
    public void TheGuardHasNothingToCorrect()
    {
        Assert.Equal(0, (long)play.Report["guard"]!["clamped"]!);
        Assert.Equal(0, (long)play.Report["guard"]!["refused"]!);
    }

    [Fact]
    public void OfficialReadersOpenTheRecording()
    {
        JsonNode read = Judge.Read(Path.Combine((string)play.Report["run"]!, "run.mcap"))["indexed"]!;
        Assert.Equal("ros2", (string?)read["profile"]);
        Assert.Equal(
            [("/joint_states", "sensor_msgs/msg/JointState"), ("/legato/commands", "trajectory_msgs/msg/JointTrajectory"), ("/legato/cycles", "legato_msgs/msg/LoopCycle"), ("/legato/keys", "legato_msgs/msg/KeyEvent")],
            read["channels"]!.AsArray().Select(channel => ((string)channel!["topic"]!, (string)channel["schema"]!)).Order());
        ILookup<string, JsonNode> messages = read["messages"]!.AsArray().ToLookup(message => (string)message!["topic"]!, message => message!["value"]!);
        Assert.NotEmpty(messages["/joint_states"]);
        Assert.Equal(messages["/legato/cycles"].Count(), messages["/legato/commands"].Count());
        // Every note of the melody, pressed and released.
        Assert.Equal(2 * Melody.FiveNotes.Count, messages["/legato/keys"].Count());
    }

    [Fact]
    public void TheRunIsReplayedInTheSimulator()
    {
        JsonObject replay = play.Workspace.Run("replay", (string)play.Report["run"]!, "--tolerance", "1", "--json").Expect(0).Json;
        Assert.False((bool)replay["bitwise"]!);
        Assert.Null(replay["first_divergence"]);
        Assert.Empty(replay["warnings"]!.AsArray());
    }
}
