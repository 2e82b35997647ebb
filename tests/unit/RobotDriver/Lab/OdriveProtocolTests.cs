using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Legato.RobotDriver.Lab;

namespace Legato.Tests.RobotDriver.Lab;

public sealed class OdriveProtocolTests
{
    [Theory]
    [InlineData("t 0 -1.25000", false)]
    [InlineData("t 0 -1.25000*65", true)]
    public void SetPointsAreWrittenAsTheProtocolHasThem(string expected, bool checksum)
    {
        byte[] line = new byte[OdriveProtocol.MaxLine];
        int length = OdriveProtocol.FormatTrajectory(line, 0, -1.25, checksum);
        Assert.Equal(expected, Encoding.ASCII.GetString(line, 0, length));
    }

    [Theory]
    [InlineData("1.5 -0.25", 1.5, -0.25)]
    [InlineData("1.5  -0.25\r", 1.5, -0.25)]
    [InlineData("-3e-2 4", -0.03, 4)]
    public void FeedbackIsRead(string line, double turns, double turnsPerSecond)
    {
        Assert.True(OdriveProtocol.TryParseFeedback(Encoding.ASCII.GetBytes(line), false, out double position, out double velocity));
        Assert.Equal((turns, turnsPerSecond), (position, velocity));
    }

    [Theory]
    [InlineData("1,5 2,5")]
    [InlineData("unknown command")]
    [InlineData("1.5")]
    [InlineData("1.5 NaN")]
    [InlineData("1.5 2.5*1")]
    public void WhatIsNoFeedbackIsRefused(string line) => Assert.False(OdriveProtocol.TryParseFeedback(Encoding.ASCII.GetBytes(line), false, out _, out _));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-3", -3)]
    [InlineData("0x1F\r", 31)]
    [InlineData("4294967295", 4294967295)]
    public void IntegersAreRead(string line, long expected)
    {
        Assert.True(OdriveProtocol.TryParseInteger(Encoding.ASCII.GetBytes(line), false, out long value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void OneFlippedBitIsNoticedByTheChecksum() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<int>().Zip(Gen.Choose(0, 1 << 20)).ToArbitrary(),
        pair =>
        {
            byte[] line = new byte[OdriveProtocol.MaxLine];
            int length = OdriveProtocol.FormatText(line, $"{pair.Item1}.5 0.5", true);
            Assert.True(OdriveProtocol.TryParseFeedback(line.AsSpan(0, length), true, out double turns, out _));
            Assert.Equal(Math.Truncate(turns), pair.Item1);

            int body = Array.IndexOf(line, (byte)'*');
            line[pair.Item2 % body] ^= (byte)(1 << (pair.Item2 % 7));
            return !OdriveProtocol.TryParseFeedback(line.AsSpan(0, length), true, out _, out _);
        }).Holds();

    [Fact]
    public void NoBytesMakeTheParserFail() => Prop.ForAll<byte[], bool>((bytes, checksum) =>
    {
        bool read = OdriveProtocol.TryParseFeedback(bytes, checksum, out double turns, out double velocity);
        OdriveProtocol.TryParseInteger(bytes, checksum, out _);
        return !read || (double.IsFinite(turns) && double.IsFinite(velocity));
    }).Holds();
}
