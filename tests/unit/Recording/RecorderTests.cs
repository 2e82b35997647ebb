using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Legato.RobotDriver;
using Legato.Runtime.Recording;
using Legato.Runtime.Recording.Mcap;

namespace Legato.Tests.Recording;

public sealed class RecorderTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualTime _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly Disk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void EveryMessageIsOnTheDiskWithinASecond()
    {
        using Recorder recorder = new(_disk, "run.mcap", default, _time);
        RecordingStream stream = Add(recorder, "/joint_states");
        recorder.Start();
        for (int second = 0; second < 3; second++)
        {
            Assert.True(stream.TryWrite(Payload(second), second, second));
            int flushes = _disk.Flushes;
            PassUntil(() => _disk.Flushes > flushes, TimeSpan.FromSeconds(1));
            // As it would be found after a kill at this moment.
            using McapReader killed = _disk.Read();
            Assert.Equal(second + 1, killed.Read().Count());
            Assert.NotNull(killed.Loss);
        }
    }

    [Fact]
    public void ACompletedRecordingHoldsEverythingInEachStreamsOrder()
    {
        using Recorder recorder = new(_disk, "run.mcap", new LogClock(1_000_000, 25), _time);
        RecordingStream states = Add(recorder, "/joint_states"), keys = Add(recorder, "/keys");
        recorder.AddMetadata("provenance", new Dictionary<string, string> { ["song"] = "scale" });
        recorder.Start();
        for (int i = 0; i < 100; i++)
        {
            Assert.True(states.TryWrite(Payload(i), 10 * i, 10 * i));
            if (i % 3 == 0) Assert.True(keys.TryWrite(Payload(-i), 10 * i + 1, 10 * i));
        }
        Assert.Equal([new StreamLoss("/joint_states", 100, 0), new StreamLoss("/keys", 34, 0)], recorder.Complete());

        using McapReader reader = _disk.Read();
        reader.Verify();
        Assert.Null(reader.Loss);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (uint)i), reader.Read(["/joint_states"]).Select(message => message.Sequence));
        Assert.Equal(Enumerable.Range(0, 34).Select(i => Convert.ToHexString(Payload(-3 * i))), reader.Read(["/keys"]).Select(message => Convert.ToHexString(message.Data.Span)));
        Assert.Equal("1000000", reader.Metadata.Single(facts => facts.Name == Recorder.ClockMetadata).Values["offset_ns"]);
        Assert.Equal("25", reader.Metadata.Single(facts => facts.Name == Recorder.ClockMetadata).Values["uncertainty_ns"]);
        Assert.Equal("scale", reader.Metadata.Single(facts => facts.Name == "provenance").Values["song"]);
        Assert.Equal("100 0", reader.Metadata.Single(facts => facts.Name == Recorder.StreamsMetadata).Values["/joint_states"]);
    }

    [Fact]
    public void WhatDoesNotFitIsCountedExactlyAndLeavesAGapInTheNumbers()
    {
        using Recorder recorder = new(_disk, "run.mcap", default, _time);
        RecordingStream stream = recorder.AddStream("/x", "x/msg/X", "byte[] x", capacity: 1024);
        recorder.Start();
        // The clock stands still, so nobody empties the ring; 24 + 8 bytes a message fill it with 32.
        Assert.Equal(32, Enumerable.Range(0, 100).Count(i => stream.TryWrite(Payload(i), i, i)));
        Assert.Equal(68, Assert.Single(recorder.Losses).Lost);

        // The file says so soon, and there is room again.
        PassUntil(() => CountsInFile() == "32 68", TimeSpan.FromSeconds(1));
        Assert.True(stream.TryWrite(Payload(100), 100, 100));
        Assert.Equal(new StreamLoss("/x", 33, 68), Assert.Single(recorder.Complete()));
        Assert.Equal(101, stream.Offered);

        using McapReader reader = _disk.Read();
        Assert.Equal([.. Enumerable.Range(0, 32), 100], reader.Read().Select(message => (int)message.Sequence));
        Assert.Equal("33 68", CountsInFile());

        string? CountsInFile()
        {
            using McapReader file = _disk.Read();
            return file.Metadata.LastOrDefault(facts => facts.Name == Recorder.StreamsMetadata)?.Values["/x"];
        }
    }

    [Fact]
    public void WhatTheRingTookComesOutWholeHoweverItWraps() => Prop.ForAll(
        // Message sizes; −1 lets the recorder empty the ring.
        Gen.Frequency((8, Gen.Choose(0, 120)), (1, Gen.Constant(-1))).ArrayOf(200).ToArbitrary(),
        operations =>
        {
            ManualTime time = new(DateTimeOffset.UnixEpoch);
            using Disk disk = new();
            using Recorder recorder = new(disk, "run.mcap", default, time);
            RecordingStream stream = recorder.AddStream("/x", "x/msg/X", "byte[] x", capacity: 512);
            recorder.Start();
            List<string> taken = [];
            for (int i = 0; i < operations.Length; i++)
            {
                byte[] payload = [.. Enumerable.Repeat((byte)i, Math.Max(operations[i], 0))];
                int flushes = disk.Flushes;
                if (operations[i] >= 0)
                {
                    if (stream.TryWrite(payload, i, i)) taken.Add(Convert.ToHexString(payload));
                    continue;
                }
                time.Advance(Recorder.FlushPeriod);
                Assert.True(SpinWait.SpinUntil(() => disk.Flushes > flushes, Patience));
            }
            recorder.Complete();
            using McapReader reader = disk.Read();
            Assert.Equal(taken, reader.Read().Select(message => Convert.ToHexString(message.Data.Span)));
        }).Holds();

    [Fact]
    public void AMessageLargerThanTheRingIsLostAndOthersAreNot()
    {
        using Recorder recorder = new(_disk, "run.mcap", default, _time);
        RecordingStream stream = recorder.AddStream("/x", "x/msg/X", "byte[] x", capacity: 64);
        recorder.Start();
        Assert.False(stream.TryWrite(new byte[41], 0, 0));
        Assert.True(stream.TryWrite(new byte[40], 1, 1));
        Assert.Equal(new StreamLoss("/x", 1, 1), Assert.Single(recorder.Complete()));
    }

    [Fact]
    public void HandingOverAllocatesNothing()
    {
        using Recorder recorder = new(_disk, "run.mcap", default, _time);
        RecordingStream stream = recorder.AddStream("/x", "x/msg/X", "byte[] x", capacity: 4096);
        recorder.Start();
        byte[] payload = new byte[100];
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int i = 0; i < 1000; i++) stream.TryWrite(payload, i, i);
        }));
    }

    [Theory]
    [InlineData(700)]
    [InlineData(3_000)]
    [InlineData(10_000)]
    public void AFullDiskStopsTheRecordingLoudlyAndKeepsWhatWasWritten(int capacity)
    {
        Disk disk = new(capacity);
        using Recorder recorder = new(disk, "run.mcap", default, _time);
        RecordingStream stream = Add(recorder, "/joint_states");
        recorder.Start();
        int offered = 0;
        PassUntil(() =>
        {
            if (recorder.Failure is null) stream.TryWrite(Payload(offered), offered, offered++);
            return recorder.Failure is not null;
        }, TimeSpan.FromHours(1));
        Assert.True(SpinWait.SpinUntil(() => !stream.TryWrite([1], offered, offered++), Patience), "a dead recorder still takes messages");
        Assert.False(stream.TryWrite([1], offered, offered));

        InputException error = Assert.Throws<InputException>(recorder.Complete);
        Assert.StartsWith("run.mcap: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
        StreamLoss count = Assert.Single(recorder.Losses);
        Assert.Equal(stream.Offered, count.Received + count.Lost);
        Assert.Contains($" {count.Lost} messages are lost", error.Message, StringComparison.Ordinal);

        using McapReader reader = disk.Read();
        int read = 0;
        Assert.All(reader.Read(), message => Assert.Equal(Payload((int)message.LogTime), message.Data.ToArray()));
        foreach (McapMessage message in reader.Read()) Assert.Equal((uint)read++, message.Sequence);
        Assert.True(read >= count.Received);
    }

    [Fact]
    public void ADiskThatTakesNothingIsAnErrorAtTheStart()
    {
        using Recorder recorder = new(new Disk(100), "run.mcap", default, _time);
        Assert.Throws<InputException>(recorder.Start);
    }

    [Fact]
    public void MembersOutOfTurnAreRefused()
    {
        using Recorder recorder = new(_disk, "run.mcap", default, _time);
        Assert.Throws<InvalidOperationException>(recorder.Complete);
        RecordingStream stream = Add(recorder, "/x");
        Assert.Throws<ArgumentOutOfRangeException>(() => recorder.AddStream("/y", "y", "", capacity: 1000));
        recorder.Start();
        Assert.Throws<InvalidOperationException>(recorder.Start);
        Assert.Throws<InvalidOperationException>(() => Add(recorder, "/y"));
        Assert.Throws<InvalidOperationException>(() => recorder.AddMetadata("a", new Dictionary<string, string>()));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.TryWrite([], -1, 0));
        recorder.Complete();
        Assert.Throws<InvalidOperationException>(recorder.Complete);
        Assert.False(stream.TryWrite([], 0, 0));
        recorder.Dispose();
    }

    [Fact]
    public void DisposalWithoutCompletionLeavesARecordingThatOpens()
    {
        using (Recorder recorder = new(_disk, "run.mcap", default, _time))
        {
            RecordingStream stream = Add(recorder, "/x");
            recorder.Start();
            stream.TryWrite(Payload(1), 1, 1);
        }
        using McapReader reader = _disk.Read();
        Assert.NotNull(reader.Loss);
        Assert.Single(reader.Channels);
    }

    // A message that says which it is, padded to eight bytes.
    private static byte[] Payload(int number) => BitConverter.GetBytes((long)number);

    private static RecordingStream Add(Recorder recorder, string topic) => recorder.AddStream(topic, "some_msgs/msg/Number", "int64 number");

    // Lets time pass in steps that are shorter than the recorder's own, until the condition holds.
    private void PassUntil(Func<bool> condition, TimeSpan limit)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < limit; passed += Recorder.DrainPeriod)
        {
            _time.Advance(Recorder.DrainPeriod);
            if (condition()) return;
        }
        Assert.True(SpinWait.SpinUntil(condition, Patience), string.Create(CultureInfo.InvariantCulture, $"not within {limit}"));
    }
}
