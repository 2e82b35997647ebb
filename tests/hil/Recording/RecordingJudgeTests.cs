using System.Globalization;
using System.Text.Json.Nodes;
using Legato.Runtime.Recording;
using Legato.Runtime.Recording.Mcap;

namespace Legato.Tests.Recording;

/// <summary>Our recordings, judged by the format's official readers. Needs node and npm; the readers are installed on first use.</summary>
public sealed class RecordingJudgeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("legato-judge-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheOfficialReadersFindWhatWasRecorded()
    {
        string path = Path.Combine(_folder, "run.mcap");
        JointState[] states = Record(path, complete: true);
        JsonObject verdict = Judge.Read(path);

        JsonNode indexed = verdict["indexed"]!;
        Assert.Equal("ros2", (string?)indexed["profile"]);
        Assert.Equal(
            ["/joint_states cdr sensor_msgs/msg/JointState ros2msg", "/commands cdr sensor_msgs/msg/JointState ros2msg"],
            indexed["channels"]!.AsArray().Select(channel => $"{channel!["topic"]} {channel["messageEncoding"]} {channel["schema"]} {channel["schemaEncoding"]}"));
        Assert.Equal(states.Length, int.Parse((string)indexed["counted"]!, CultureInfo.InvariantCulture));
        Assert.InRange((int)indexed["chunks"]!, 2, states.Length);
        Assert.Equal("0", (string?)indexed["metadata"]![Recorder.ClockMetadata]!["offset_ns"]);
        Assert.Equal($"{states.Length / 2} 0", (string?)indexed["metadata"]![Recorder.StreamsMetadata]!["/commands"]);
        Assert.Equal(states.OrderBy(state => state.LogTime), indexed["messages"]!.AsArray().Select(JointState.FromJson));

        JsonNode streamed = verdict["streamed"]!;
        Assert.True((bool)streamed["done"]!);
        Assert.True((bool)streamed["dataSectionCrcHolds"]!);
        foreach (string topic in (string[])["/joint_states", "/commands"])
        {
            Assert.Equal(
                states.Where(state => state.Topic == topic),
                streamed["messages"]!.AsArray().Select(JointState.FromJson).Where(state => state.Topic == topic).Select(state => state with { LogTime = states[state.Number].LogTime }));
        }
    }

    [Fact]
    public void TheOfficialReadersReadARepairedCut()
    {
        string path = Path.Combine(_folder, "run.mcap");
        JointState[] states = Record(path, complete: false);
        byte[] recorded = File.ReadAllBytes(path);
        using McapReader cut = McapReader.Open(new MemoryStream(recorded[..(7 * recorded.Length / 10)]), path);
        Assert.NotNull(cut.Loss);
        using MemoryStream repaired = new();
        McapRecovery.Rewrite(cut, repaired);
        File.WriteAllBytes(path, repaired.ToArray());

        JsonNode indexed = Judge.Read(path)["indexed"]!;
        JointState[] read = [.. indexed["messages"]!.AsArray().Select(JointState.FromJson)];
        Assert.InRange(read.Length, states.Length / 2, states.Length - 1);
        Assert.All(read, state => Assert.Equal(states[state.Number], state));
        Assert.Equal(cut.Loss.ToString(), (string?)indexed["metadata"]![McapRecovery.MetadataName]!["loss"]);
    }

    [Fact]
    public void TheOfficialReadersReadAttachments()
    {
        string path = Path.Combine(_folder, "attachment.mcap");
        using (McapWriter writer = new(File.Create(path)))
        {
            writer.WriteAttachment(new McapAttachment("song.mid", "audio/midi", 5, 4, new byte[] { 77, 84, 104, 100 }));
            writer.Finish();
        }
        JsonNode attachment = Assert.Single(Judge.Read(path)["indexed"]!["attachments"]!.AsArray())!;
        Assert.Equal("song.mid", (string?)attachment["name"]);
        Assert.Equal("audio/midi", (string?)attachment["mediaType"]);
        Assert.Equal([77, 84, 104, 100], attachment["data"]!.AsArray().Select(value => (int)value!));
    }

    // Two topics whose times interleave, in more than one chunk.
    private static JointState[] Record(string path, bool complete)
    {
        using Recorder recorder = Recorder.Create(path, default, TimeProvider.System);
        RecordingStream[] streams = [.. new[] { "/joint_states", "/commands" }.Select(topic => recorder.AddStream(topic, "sensor_msgs/msg/JointState", JointState.Definition))];
        recorder.Start();
        JointState[] states = [.. Enumerable.Range(0, 6000).Select(i => new JointState(streams[i % 2].Topic, i, 1_700_000_000_000_000_000 + 1_000_000 * (i ^ 3)))];
        foreach (JointState state in states)
            Assert.True(streams[state.Number % 2].TryWrite(state.ToCdr(), state.LogTime, state.LogTime - 1));
        if (complete) recorder.Complete();
        else Assert.True(SpinWait.SpinUntil(() => recorder.Losses.Sum(stream => stream.Received) == states.Length, TimeSpan.FromSeconds(20)));
        return states;
    }
}
