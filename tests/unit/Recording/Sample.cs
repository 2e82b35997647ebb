using Legato.Runtime.Recording.Mcap;

namespace Legato.Tests.Recording;

/// <summary>A small recording with everything in it, and what it should read as.</summary>
internal sealed class Sample
{
    public const string Definition = "std_msgs/Header header\nstring[] name\nfloat64[] position\nfloat64[] velocity\nfloat64[] effort\n================================================================================\nMSG: std_msgs/Header\nbuiltin_interfaces/Time stamp\nstring frame_id\n================================================================================\nMSG: builtin_interfaces/Time\nint32 sec\nuint32 nanosec\n";

    public static readonly McapAttachment Song = new("song.mid", "audio/midi", 7, 3, new byte[] { 0x4D, 0x54, 0x68, 0x64, 1, 2, 3 });

    /// <summary>Three chunks on two topics, times that overlap between chunks, metadata and an attachment.</summary>
    public Sample()
    {
        Random random = new(7);
        Disk disk = new();
        using McapWriter writer = new(disk, "test");
        McapSchema schema = writer.AddSchema("sensor_msgs/msg/JointState", Definition);
        McapChannel[] channels = [writer.AddChannel(schema, "/joint_states"), writer.AddChannel(schema, "/commands", metadata: new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" })];
        writer.WriteMetadata("facts", new Dictionary<string, string> { ["key"] = "wert ö" });
        for (int chunk = 0; chunk < 3; chunk++)
        {
            for (int i = 0; i < 4; i++)
            {
                byte[] payload = new byte[16];
                random.NextBytes(payload);
                uint sequence = (uint)(4 * chunk + i);
                long time = 1_000 * sequence - 900 * i;
                writer.WriteMessage(channels[i % 2], sequence, time, time - 5 < 0 ? 0 : time - 5, payload);
                Written.Add(new McapMessage(channels[i % 2], sequence, time, Math.Max(time - 5, 0), payload));
            }
            writer.Flush();
            if (chunk == 1) writer.WriteAttachment(Song);
        }
        writer.Finish();
        Bytes = disk.Snapshot();
    }

    /// <summary>The file.</summary>
    public byte[] Bytes { get; }

    /// <summary>The messages, in the order of writing.</summary>
    public List<McapMessage> Written { get; } = [];

    /// <summary>Opens the first bytes of the file.</summary>
    public McapReader Open(int length) => McapReader.Open(new MemoryStream(Bytes[..length]), "test.mcap");

    /// <summary>A message as something that compares by value.</summary>
    public static (string Topic, uint Sequence, long Log, long Publish, string Data) Key(McapMessage message) =>
        (message.Channel.Topic, message.Sequence, message.LogTime, message.PublishTime, Convert.ToHexString(message.Data.Span));
}
