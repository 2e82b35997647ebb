using System.Buffers.Binary;
using Legato.RobotDriver;
using Legato.Runtime.Recording;
using Legato.Runtime.Recording.Mcap;

namespace Legato.Tests.Recording;

/// <summary>Producers on threads of their own against a recorder in real time.</summary>
public sealed class RecorderStressTests
{
    private const int Messages = 30_000;

    [Fact]
    public void TwoProducersLoseNothingWhenThereIsRoom()
    {
        (Disk disk, IReadOnlyList<StreamLoss> counts) = Record(capacity: 1 << 22);
        Assert.Equal([new StreamLoss("/0", Messages, 0), new StreamLoss("/1", Messages, 0)], counts);
        using McapReader reader = disk.Read();
        reader.Verify();
        Assert.Equal(2 * Messages, reader.MessageCount);
        Check(reader, counts);
    }

    [Fact]
    public void WhatIsLostInARingThatIsTooSmallIsExactlyTheGapsInTheNumbers()
    {
        (Disk disk, IReadOnlyList<StreamLoss> counts) = Record(capacity: 4096);
        Assert.All(counts, count => Assert.Equal(Messages, count.Received + count.Lost));
        Assert.All(counts, count => Assert.NotEqual(0, count.Lost));
        using McapReader reader = disk.Read();
        reader.Verify();
        Check(reader, counts);
    }

    // Each message's length and content follow from its number, so that a torn or misplaced one shows.
    private static byte[] Payload(int stream, int number)
    {
        byte[] payload = new byte[8 + (number * 31 + stream) % 90];
        payload.AsSpan().Fill((byte)(number + stream));
        BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        return payload;
    }

    private static (Disk Disk, IReadOnlyList<StreamLoss> Counts) Record(int capacity)
    {
        Disk disk = new();
        using Recorder recorder = new(disk, "stress.mcap", default, TimeProvider.System);
        RecordingStream[] streams = [.. Enumerable.Range(0, 2).Select(i => recorder.AddStream($"/{i}", "some_msgs/msg/Bytes", "byte[] data", capacity))];
        recorder.Start();
        Thread[] producers = [.. streams.Select((stream, index) => new Thread(() =>
        {
            for (int i = 0; i < Messages; i++) stream.TryWrite(Payload(index, i), i, i);
        }))];
        foreach (Thread producer in producers) producer.Start();
        foreach (Thread producer in producers) producer.Join();
        return (disk, recorder.Complete());
    }

    private static void Check(McapReader reader, IReadOnlyList<StreamLoss> counts)
    {
        for (int stream = 0; stream < counts.Count; stream++)
        {
            long previous = -1, received = 0;
            foreach (McapMessage message in reader.Read([counts[stream].Stream]))
            {
                Assert.True(message.Sequence > previous);
                previous = message.Sequence;
                received++;
                if (!message.Data.Span.SequenceEqual(Payload(stream, (int)message.Sequence))) Assert.Fail($"message {message.Sequence} is torn");
            }
            Assert.Equal(counts[stream].Received, received);
        }
    }
}
