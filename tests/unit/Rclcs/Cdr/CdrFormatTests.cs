using Rclcs;
using Rclcs.Messages.BuiltinInterfaces;
using Rclcs.Messages.RmwDdsCommon;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.StdMsgs;
using Rclcs.Messages.TrajectoryMsgs;
using CdrBytes = Rclcs.Cdr;

namespace Legato.Tests.Rclcs.Cdr;

public class CdrFormatTests
{
    // Written out by hand from the CDR rules; offsets after the header on the left.
    private static readonly byte[] GoldenJointState =
    [
        /* -- */ 0x00, 0x01, 0x00, 0x00, // plain CDR, little-endian; no options
        /*  0 */ 0x01, 0x00, 0x00, 0x00, // header.stamp.sec = 1
        /*  4 */ 0x02, 0x00, 0x00, 0x00, // header.stamp.nanosec = 2
        /*  8 */ 0x02, 0x00, 0x00, 0x00, // header.frame_id: 2 bytes
        /* 12 */ 0x61, 0x00, //             "a"
        /* 14 */ 0x00, 0x00, //             to a multiple of 4
        /* 16 */ 0x02, 0x00, 0x00, 0x00, // name: 2 strings
        /* 20 */ 0x02, 0x00, 0x00, 0x00, // 2 bytes
        /* 24 */ 0x78, 0x00, //             "x"
        /* 26 */ 0x00, 0x00, //             to a multiple of 4
        /* 28 */ 0x03, 0x00, 0x00, 0x00, // 3 bytes
        /* 32 */ 0x79, 0x7a, 0x00, //       "yz"
        /* 35 */ 0x00, //                   to a multiple of 4
        /* 36 */ 0x00, 0x00, 0x00, 0x00, // position: none, and no padding for it
        /* 40 */ 0x01, 0x00, 0x00, 0x00, // velocity: 1 double
        /* 44 */ 0x00, 0x00, 0x00, 0x00, // to a multiple of 8
        /* 48 */ 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf0, 0x3f, // 1.0
        /* 56 */ 0x01, 0x00, 0x00, 0x00, // effort: 1 double
        /* 60 */ 0x00, 0x00, 0x00, 0x00, // to a multiple of 8
        /* 64 */ 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, // -2.0
    ];

    [Fact]
    public void JointStateIsWrittenByTheBook()
    {
        var message = new JointState
        {
            Header = new Header { Stamp = new Time(1, 2), FrameId = "a" },
            Name = ["x", "yz"],
            Velocity = [1.0],
            Effort = [-2.0],
        };
        Assert.Equal(GoldenJointState, CdrRoundTripTests.Bytes(message));
    }

    [Fact]
    public void JointStateIsReadByTheBook()
    {
        var message = new JointState();
        CdrBytes.Deserialize(GoldenJointState, message);
        Assert.Equal(new Time(1, 2), message.Header.Stamp);
        Assert.Equal("a", message.Header.FrameId);
        Assert.Equal(["x", "yz"], message.Name);
        Assert.Empty(message.Position);
        Assert.Equal([1.0], message.Velocity);
        Assert.Equal([-2.0], message.Effort);
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        for (int length = 0; length < GoldenJointState.Length; length++)
            Assert.Throws<CdrException>(() => CdrBytes.Deserialize(GoldenJointState.AsSpan(0, length), new JointState()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(7)]
    public void PaddingAtTheEndIsAccepted(int padding)
    {
        var message = new JointState();
        CdrBytes.Deserialize([.. GoldenJointState, .. new byte[padding]], message);
        Assert.Equal([-2.0], message.Effort);
    }

    [Fact]
    public void MoreThanPaddingAtTheEndIsAnotherType() =>
        Assert.Throws<CdrException>(() => CdrBytes.Deserialize([.. GoldenJointState, .. new byte[8]], new JointState()));

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 1 })] // big-endian
    [InlineData(new byte[] { 0, 3, 0, 0, 1 })] // parameter list
    [InlineData(new byte[] { 0, 7, 0, 0, 1 })] // XCDR2
    [InlineData(new byte[] { 0, 9, 0, 0, 1 })] // XCDR2, delimited
    public void OtherEncodingsAreRefused(byte[] bytes) =>
        Assert.Throws<CdrException>(() => CdrBytes.Deserialize(bytes, new Bool()));

    [Theory]
    [InlineData(new byte[] { 0, 1, 0, 0, 2 })]
    [InlineData(new byte[] { 0, 1, 0, 0, 255 })]
    public void ABooleanIsZeroOrOne(byte[] bytes) =>
        Assert.Throws<CdrException>(() => CdrBytes.Deserialize(bytes, new Bool()));

    [Theory]
    [InlineData(new byte[] { 0, 1, 0, 0, 0, 0, 0, 0 })] // length 0
    [InlineData(new byte[] { 0, 1, 0, 0, 1, 0, 0, 0, 65 })] // no terminator
    [InlineData(new byte[] { 0, 1, 0, 0, 255, 255, 255, 255, 0 })] // longer than the message
    public void AMalformedStringIsRefused(byte[] bytes) =>
        Assert.Throws<CdrException>(() => CdrBytes.Deserialize(bytes, new global::Rclcs.Messages.StdMsgs.String()));

    [Fact]
    public void GidsHaveTheSizeOfTheRelease()
    {
        Gid gid = new([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        byte[] humble = CdrRoundTripTests.Bytes(new ParticipantEntitiesInfo<HumbleGid> { Gid = gid });
        byte[] jazzy = CdrRoundTripTests.Bytes(new ParticipantEntitiesInfo<JazzyGid> { Gid = gid });
        Assert.Equal([0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], humble);
        Assert.Equal([0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0, 0, 0, 0], jazzy);
    }

    [Fact]
    public void RandomCorruptionNeitherCrashesNorAllocatesMuch()
    {
        // A message may grow into objects of some hundred bytes for some ten bytes on the wire, but never by what a count claims.
        const int MaxBytesPerByte = 100;
        const int Fixed = 20_000;
        var random = new Random(20260101);
        byte[] intact = CdrRoundTripTests.Bytes(Trajectory());
        byte[] bytes = new byte[intact.Length];
        int refused = 0;
        for (int i = 0; i < 100_000; i++)
        {
            intact.CopyTo(bytes, 0);
            for (int flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var into = new JointTrajectory();
            long before = GC.GetAllocatedBytesForCurrentThread();
            if (!TryDeserialize(bytes, into))
                refused++;
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < (MaxBytesPerByte * bytes.Length) + Fixed, $"case {i} allocated {allocated} bytes");
        }
        Assert.InRange(refused, 1, 99_999);
    }

    private static JointTrajectory Trajectory() => new()
    {
        Header = new Header { FrameId = "world" },
        JointNames = ["rh_FFJ0", "rh_THJ5"],
        Points = [new JointTrajectoryPoint { Positions = [0.1, 0.2] }, new JointTrajectoryPoint { Positions = [0.3, 0.4], Velocities = [0, 0] }],
    };

    private static bool TryDeserialize<T>(byte[] bytes, T into) where T : class, IMessage<T>, new()
    {
        try
        {
            CdrBytes.Deserialize(bytes, into);
            return true;
        }
        catch (CdrException)
        {
            return false;
        }
    }
}
