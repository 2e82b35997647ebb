using FsCheck;
using FsCheck.Fluent;
using Legato.Runtime.Recording.Mcap;

namespace Legato.Tests.Recording;

public sealed class McapRoundTripTests
{
    // Channel 0..2, time, payload, whether the chunk ends behind it.
    private static readonly Arbitrary<(int Channel, int Time, byte[] Data, bool Flush)[]> Messages = (
        from messages in (
            from channel in Gen.Choose(0, 2)
            from time in Gen.Choose(0, 50)
            from data in ArbMap.Default.GeneratorFor<byte[]>()
            from flush in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
            select (channel, time, data, flush)).ArrayOf()
        select messages).ToArbitrary();

    [Fact]
    public void WhatIsWrittenIsReadInTheOrderOfTime() => Prop.ForAll(Messages, messages =>
    {
        (byte[] file, List<McapMessage> written) = Write(messages);
        using McapReader reader = McapReader.Open(new MemoryStream(file), "test.mcap");
        reader.Verify();
        Assert.Null(reader.Loss);
        Assert.Equal(written.Count, reader.MessageCount);
        Assert.Equal(written.OrderBy(message => message.LogTime).Select(Sample.Key), reader.Read().Select(Sample.Key));
    }).Holds();

    [Fact]
    public void TopicsAndTimesSelectMessages() => Prop.ForAll(Messages, Gen.Choose(0, 50).Two().ToArbitrary(), (messages, range) =>
    {
        (int from, int until) = range;
        (byte[] file, List<McapMessage> written) = Write(messages);
        using McapReader reader = McapReader.Open(new MemoryStream(file), "test.mcap");
        string[] topics = ["/topic0", "/topic2"];
        Assert.Equal(
            written.Where(message => topics.Contains(message.Channel.Topic) && message.LogTime >= from && message.LogTime <= until).OrderBy(message => message.LogTime).Select(Sample.Key),
            reader.Read(topics, from, until).Select(Sample.Key));
    }).Holds();

    [Fact]
    public void SchemasChannelsFactsAndFilesComeBack()
    {
        Sample sample = new();
        using McapReader reader = sample.Open(sample.Bytes.Length);
        Assert.Equal("ros2", reader.Profile);
        Assert.Equal("test", reader.Library);
        Assert.Equal(["/joint_states", "/commands"], reader.Channels.Select(channel => channel.Topic));
        Assert.All(reader.Channels, channel => Assert.Equal(new McapSchema(1, "sensor_msgs/msg/JointState", "ros2msg", Sample.Definition), channel.Schema));
        Assert.All(reader.Channels, channel => Assert.Equal("cdr", channel.MessageEncoding));
        Assert.Equal("2", reader.Channels.Last().Metadata["b"]);
        Assert.Equal("wert ö", Assert.Single(reader.Metadata).Values["key"]);
        McapAttachment song = Assert.Single(reader.ReadAttachments());
        Assert.Equal(Sample.Song with { Data = default }, song with { Data = default });
        Assert.Equal(Sample.Song.Data.ToArray(), song.Data.ToArray());
    }

    [Fact]
    public void ChunksEndByThemselvesBeforeTheyGrowLarge()
    {
        Disk disk = new();
        using McapWriter writer = new(disk);
        McapChannel channel = writer.AddChannel(schema: null, "/large");
        byte[] payload = new byte[100_000];
        for (uint i = 0; i < 41; i++) writer.WriteMessage(channel, i, i, i, payload);
        Assert.InRange(disk.Length, 41 * payload.Length - (1 << 20), 41 * payload.Length - 1);
        Assert.InRange(writer.Written(channel), 30, 40);
        writer.Finish();
        using McapReader reader = disk.Read();
        Assert.Equal(41, reader.Read().Count());
    }

    [Fact]
    public void TheSameMessagesMakeTheSameFile() => Assert.Equal(new Sample().Bytes, new Sample().Bytes);

    [Fact]
    public void AFileWithoutSummaryIsReadByWalkingThroughIt()
    {
        // As the specification allows: a footer that names no summary.
        Sample sample = new();
        byte[] dataEnd = [0x0F, 4, 0, 0, 0, 0, 0, 0, 0];
        int summary = sample.Bytes.AsSpan().LastIndexOf(dataEnd) + dataEnd.Length + 4;
        byte[] footer = [0x02, 20, 0, 0, 0, 0, 0, 0, 0, .. new byte[20], .. sample.Bytes[^8..]];
        using McapReader reader = McapReader.Open(new MemoryStream([.. sample.Bytes[..summary], .. footer]), "test.mcap");
        reader.Verify();
        Assert.Null(reader.Loss);
        Assert.Equal(sample.Written.Count, reader.Read().Count());
        Assert.Single(reader.ReadAttachments());
    }

    [Fact]
    public void NegativeTimesAreRefused()
    {
        using McapWriter writer = new(new Disk());
        McapChannel channel = writer.AddChannel(null, "/x");
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteMessage(channel, 0, -1, 0, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteMessage(channel, 0, 0, -1, []));
    }

    private static (byte[] File, List<McapMessage> Written) Write((int Channel, int Time, byte[] Data, bool Flush)[] messages)
    {
        Disk disk = new();
        using McapWriter writer = new(disk);
        McapSchema schema = writer.AddSchema("some_msgs/msg/Bytes", "byte[] data");
        McapChannel[] channels = [.. Enumerable.Range(0, 3).Select(i => writer.AddChannel(schema, $"/topic{i}"))];
        List<McapMessage> written = [];
        foreach ((int channel, int time, byte[] data, bool flush) in messages)
        {
            McapMessage message = new(channels[channel], (uint)written.Count, time, time / 2, data);
            writer.WriteMessage(message.Channel, message.Sequence, message.LogTime, message.PublishTime, data);
            written.Add(message);
            if (flush) writer.Flush();
        }
        writer.Finish();
        return (disk.Snapshot(), written);
    }
}
