using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Rclcs;
using Rclcs.Messages.RmwDdsCommon;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.StdMsgs;
using Rclcs.Messages.TrajectoryMsgs;
using CdrBytes = Rclcs.Cdr;

namespace Legato.Tests.Rclcs.Cdr;

public class CdrRoundTripTests
{
    [Fact]
    public void EveryMessageTypeComesBackAsItWent()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new RandomMessages(seed);
            return ComesBack(random.Bool()) && ComesBack(random.Float64()) && ComesBack(random.String()) && ComesBack(random.Header())
                && ComesBack(random.Float64MultiArray()) && ComesBack(random.JointState()) && ComesBack(random.JointTrajectory())
                && ComesBack(random.DiagnosticArray()) && ComesBack(random.Log())
                && ComesBack(random.ParticipantEntitiesInfo<HumbleGid>()) && ComesBack(random.ParticipantEntitiesInfo<JazzyGid>());
        }).Holds();
    }

    [Fact]
    public void AnObjectUsedAgainHoldsNothingOfTheMessageBefore()
    {
        var reused = new JointTrajectory();
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            JointTrajectory sent = new RandomMessages(seed).JointTrajectory();
            CdrBytes.Deserialize(Bytes(sent), reused);
            return RandomMessages.Show(reused) == RandomMessages.Show(sent);
        }).Holds();
    }

    [Fact]
    public void MeasuringAndBothWaysOfWritingAgree()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            JointState message = new RandomMessages(seed).JointState();
            var into = new ArrayBufferWriter<byte>();
            int length = CdrBytes.Serialize(message, into);
            byte[] exact = new byte[CdrBytes.Measure(message)];
            // Padding must be written too, whatever the buffer held.
            Array.Fill(exact, (byte)0xee);
            return CdrBytes.Serialize(message, exact) == length && exact.AsSpan().SequenceEqual(into.WrittenSpan);
        }).Holds();
    }

    [Fact]
    public void ABufferThatIsTooSmallIsRefusedWhateverIsMissing()
    {
        JointState message = new RandomMessages(7).JointState();
        int length = CdrBytes.Measure(message);
        for (int size = 0; size < length; size++)
            Assert.Throws<CdrException>(() => CdrBytes.Serialize(message, new byte[size]));
    }

    [Fact]
    public void AStringWithNulIsRefused()
    {
        var message = new global::Rclcs.Messages.StdMsgs.String { Data = "a\0b" };
        Assert.Throws<CdrException>(() => CdrBytes.Measure(message));
    }

    [Fact]
    public void EqualStringsAreKeptAndChangedOnesReplaced()
    {
        var into = new JointState { Name = [new string("rh_FFJ1"), new string("Gelenk_é漢"), "old"] };
        (string first, string second) = (into.Name[0], into.Name[1]);
        CdrBytes.Deserialize(Bytes(new JointState { Name = ["rh_FFJ1", "Gelenk_é漢", "new"] }), into);
        Assert.Same(first, into.Name[0]);
        Assert.Same(second, into.Name[1]);
        Assert.Equal("new", into.Name[2]);
    }

    [Fact]
    public void LongStringsBeyondAsciiAreCompared()
    {
        string text = string.Concat(Enumerable.Repeat("é漢𝄞", 200));
        var into = new Header { FrameId = text };
        CdrBytes.Deserialize(Bytes(new Header { FrameId = new string(text) }), into);
        Assert.Same(text, into.FrameId);
        CdrBytes.Deserialize(Bytes(new Header { FrameId = text[..^2] + "𝄢" }), into);
        Assert.Equal(text[..^2] + "𝄢", into.FrameId);
    }

    [Fact]
    public void NothingIsAllocatedOnceSizesAreKnown()
    {
        JointState message = Joints(52);
        byte[] buffer = new byte[CdrBytes.Measure(message)];
        var into = new JointState();
        void Cycle()
        {
            CdrBytes.Serialize(message, buffer);
            CdrBytes.Deserialize(buffer, into);
        }
        Cycle();
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int i = 0; i < 100; i++)
                Cycle();
        }));
    }

    internal static JointState Joints(int count) => new()
    {
        Header = new Header { FrameId = "world" },
        Name = [.. Enumerable.Range(0, count).Select(i => $"rh_joint_{i}")],
        Position = [.. Enumerable.Range(0, count).Select(i => i * 0.1)],
        Velocity = [.. new double[count]],
        Effort = [.. new double[count]],
    };

    internal static byte[] Bytes<T>(T message) where T : class, IMessage<T>, new()
    {
        byte[] bytes = new byte[CdrBytes.Measure(message)];
        CdrBytes.Serialize(message, bytes);
        return bytes;
    }

    private static bool ComesBack<T>(T message) where T : class, IMessage<T>, new()
    {
        var back = new T();
        CdrBytes.Deserialize(Bytes(message), back);
        return RandomMessages.Show(back) == RandomMessages.Show(message);
    }
}
