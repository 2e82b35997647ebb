using System.Globalization;
using System.Text;

using FsCheck;
using FsCheck.Fluent;

using Legato.RobotDriver.StandIn;

namespace Legato.Tests.StandIn;

public sealed class OdriveServerTests
{
    private readonly Axis[] _axes = [new(), new()];
    private readonly OdriveServer _server;

    public OdriveServerTests() => _server = new OdriveServer(_axes);

    [Theory]
    [InlineData("f 0", "1.500000 -0.250000")]
    [InlineData("f 1", "0.000000 0.000000")]
    [InlineData("  f   0  ; where is it", "1.500000 -0.250000")]
    [InlineData("f 0\r", "1.500000 -0.250000")]
    [InlineData("f", "invalid command format")]
    [InlineData("f 2", "invalid motor")]
    [InlineData("f -1", "invalid motor")]
    [InlineData("f x", "invalid motor")]
    [InlineData("hello", "unknown command")]
    [InlineData("F 0", "unknown command")]
    [InlineData("", "")]
    [InlineData("; only a comment", "")]
    [InlineData("t 0", "invalid command format")]
    [InlineData("t 0 here", "invalid command format")]
    [InlineData("t 0 NaN", "invalid command format")]
    [InlineData("r vbus_voltage", "24.000000")]
    [InlineData("r axis0.error", "0")]
    [InlineData("r axis1.current_state", "8")]
    [InlineData("r axis1.requested_state", "0")]
    [InlineData("r axis2.error", "invalid property")]
    [InlineData("r axis.error", "invalid property")]
    [InlineData("r config.brake_resistance", "invalid property")]
    [InlineData("w vbus_voltage 12", "invalid property")]
    [InlineData("w axis0.requested_state", "invalid command format")]
    public void Answers(string line, string answer)
    {
        _axes[0].Estimate = (1.5, -0.25);
        Assert.Equal(answer, Answer(line));
    }

    [Fact]
    public void SetPointsReachTheirAxis()
    {
        Assert.Equal("", Answer("t 0 1.25"));
        Assert.Equal("", Answer("q 1 -3.5"));
        Assert.Equal("", Answer("q 1 -4 2.5 10"));
        Assert.Equal([(1.25, double.PositiveInfinity)], _axes[0].Moves);
        Assert.Equal([(-3.5, double.PositiveInfinity), (-4, 2.5)], _axes[1].Moves);
    }

    [Fact]
    public void AnIdleAxisIgnoresSetPointsAndStatesThatItDoesNotHaveAreErrors()
    {
        Answer("w axis0.requested_state 1");
        Assert.Equal("1", Answer("r axis0.current_state"));
        Answer("t 0 1");
        Assert.Empty(_axes[0].Moves);

        Answer("w axis0.requested_state 3");
        Assert.Equal("1", Answer("r axis0.error"));
        Assert.Equal("0", Answer("r axis1.error"));
        Answer("w axis0.error 0");
        Assert.Equal("0", Answer("r axis0.error"));
        Answer("w axis0.requested_state 3");
        Answer("sc");
        Assert.Equal("0", Answer("r axis0.error"));

        Answer("w axis0.requested_state 8");
        Answer("t 0 1");
        Assert.Single(_axes[0].Moves);
    }

    [Fact]
    public void ALineWithASumIsAnsweredWithOneAndAWrongSumIsDropped()
    {
        // Sums worked out by hand: 'f' ^ ' ' ^ '0' = 0x66 ^ 0x20 ^ 0x30 = 118.
        string answer = Answer("f 0*118");
        Assert.Matches(@"^0\.000000 0\.000000\*\d+$", answer);
        string text = answer[..answer.LastIndexOf('*')];
        Assert.Equal(text.Aggregate(0, (sum, c) => sum ^ c), int.Parse(answer[(text.Length + 1)..], CultureInfo.InvariantCulture));

        Assert.Equal("", Answer("f 0*117"));
        Assert.Equal("", Answer("f 0*"));
        Assert.Equal("", Answer("f 0*x"));
        Assert.Equal(3, _server.Refused);
    }

    [Fact]
    public void NoiseIsAnsweredShortlyOrNotAtAll() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), noise =>
    {
        byte[] answer = new byte[OdriveServer.LongestAnswer];
        foreach (string start in (string[])["", "f ", "t 0 ", "q 1 ", "r ", "w axis0.", "f 0*"])
        {
            int length = _server.Answer([.. Encoding.ASCII.GetBytes(start), .. noise.Where(b => b != '\n')], answer);
            Assert.InRange(length, 0, answer.Length);
            Assert.True(length == 0 || answer.AsSpan(0, length).IndexOf((byte)'\n') == length - 1);
        }
        Assert.All(_axes.SelectMany(a => a.Moves), move => Assert.True(double.IsFinite(move.Turns)));
    }).Holds();

    [Fact]
    public void EstimatesFitWhateverTheyAre() => Prop.ForAll(ArbMap.Default.ArbFor<double>(), any =>
    {
        double value = Math.Clamp(any, -1e30, 1e30);
        _axes[0].Estimate = (value, value);
        byte[] answer = new byte[OdriveServer.LongestAnswer];
        Assert.InRange(_server.Answer("f 0"u8, answer), 3, answer.Length);
    }).Holds();

    [Fact]
    public void AnsweringAllocatesNothing()
    {
        byte[] answer = new byte[OdriveServer.LongestAnswer];
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int i = 0; i < 100; i++)
                Run();
        }));

        void Run()
        {
            _server.Answer("f 0*118"u8, answer);
            _server.Answer("r axis0.error"u8, answer);
            _server.Answer("nonsense"u8, answer);
        }
    }

    private string Answer(string line)
    {
        byte[] answer = new byte[OdriveServer.LongestAnswer];
        return Encoding.ASCII.GetString(answer, 0, _server.Answer(Encoding.ASCII.GetBytes(line), answer)).TrimEnd('\n');
    }

    private sealed class Axis : IOdriveAxis
    {
        public List<(double Turns, double Speed)> Moves { get; } = [];

        public (double Position, double Velocity) Estimate { get; set; }

        public bool IsEnabled { get; set; } = true;

        public void MoveTo(double turns, double speed) => Moves.Add((turns, speed));
    }
}
