using Legato.RobotDriver;
using Legato.RobotDriver.Configuration;
using Legato.RobotDriver.Lab;
using Legato.Runtime.Loop;
using Legato.Sim.Scene;
using static Legato.Tests.RobotDriver.Lab.PluggedDevice;

namespace Legato.Tests.RobotDriver.Lab;

[Collection(RealTimeCollection.Name)]
public sealed class OdriveRailTests : IDisposable
{
    private readonly FakeOdrive _odrive = new();
    private OdriveRail? _rail;

    public void Dispose()
    {
        _rail?.Dispose();
        _odrive.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MeasuresInMetres(bool checksum)
    {
        _odrive.Checksum = checksum;
        _odrive.SetTurns(10, 2);
        OdriveRail rail = Connect(settings => settings with
        {
            Checksum = checksum,
            Lateral = new RailAxis(0, 0.02, -1, 0.5),
            Depth = new RailAxis(1, 0.01, 1, 0.1),
        });

        RailSample sample = Newest(rail);

        Assert.Equal(0.3, sample.Lateral, 9);
        Assert.Equal(0.12, sample.Depth, 9);
        Assert.Equal(-0.005, sample.LateralVelocity, 9);
        Assert.Equal(0.0025, sample.DepthVelocity, 9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GoesWhereItIsTold(bool checksum)
    {
        _odrive.Checksum = checksum;
        OdriveRail rail = Connect(settings => settings with { Checksum = checksum, Lateral = new RailAxis(1, 0.02, -1, 0.5), Depth = new RailAxis(0, 0.02, 1, 0) });

        rail.Write(-0.123, 0.04);

        Eventually(() => Math.Abs(Newest(rail).Lateral + 0.123) < 1e-6 && Math.Abs(Newest(rail).Depth - 0.04) < 1e-6, "the rail is there");
    }

    [Fact]
    public void ClosesTheLoopOfBothAxesWhenConnecting()
    {
        Connect();
        Assert.Contains("w axis0.requested_state 8", _odrive.Log);
        Assert.Contains("w axis1.requested_state 8", _odrive.Log);
    }

    [Fact]
    public void AnOpenLoopThatMayNotBeClosedIsExplained()
    {
        OdriveRail rail = Start(settings => settings with { CloseLoop = false });
        Eventually(() => rail.Missing.Contains("axis 0 is not in closed-loop control", StringComparison.Ordinal), "the state is explained");
        Assert.False(rail.Ready.IsCompleted);
    }

    [Fact]
    public void AnErrorRegisterIsExplainedAndReadAgain()
    {
        _odrive.Set("axis1.error", 0x40);
        OdriveRail rail = Start();
        Eventually(() => rail.Missing.Contains("axis 1 reports error 0x40", StringComparison.Ordinal), "the error is explained");
        Assert.StartsWith($"rail right on {_odrive.Device.Path}: ", rail.Missing, StringComparison.Ordinal);

        _odrive.Set("axis1.error", 0);
        Eventually(() => rail.Ready.IsCompleted, "it connects");
    }

    [Fact]
    public void SilenceIsExplained()
    {
        _odrive.Distort = static (_, _) => null;
        OdriveRail rail = Start();
        Eventually(() => rail.Missing.Contains("no answer to `r vbus_voltage`", StringComparison.Ordinal), "the silence is explained");
    }

    [Fact]
    public void SomethingElseOnThePortIsExplained()
    {
        _odrive.Distort = static (_, _) => "$GPGGA,123";
        OdriveRail rail = Start();
        Eventually(() => rail.Missing.Contains("answered '$GPGGA,123' to `r vbus_voltage`; is it an ODrive?", StringComparison.Ordinal), "the answer is quoted");
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("1.0")]
    [InlineData("1.0 nan")]
    [InlineData("inf 0.0")]
    [InlineData("1.0 2.0 3.0")]
    [InlineData("")]
    [InlineData(null)]
    public void ABadAnswerCountsAsLostAndNeverBecomesAState(string? bad)
    {
        _odrive.SetTurns(7, 7);
        OdriveRail rail = Connect();
        int left = 3;
        _odrive.Distort = (question, answer) => question == "f 1" && Interlocked.Decrement(ref left) >= 0 ? bad : answer;

        Eventually(() => rail.Loss.Lost >= 3, "the answers are counted");
        long before = rail.Loss.Received;
        Eventually(() => rail.Loss.Received > before, "it goes on");
        Assert.Equal(0.14, Newest(rail).Lateral, 9);
        Assert.Equal(0.14, Newest(rail).Depth, 9);
    }

    [Fact]
    public void ALateAnswerIsNotTakenForThatOfTheOtherAxis()
    {
        _odrive.SetTurns(10, 20);
        OdriveRail rail = Connect();
        int once = 1;
        _odrive.Distort = (question, answer) =>
        {
            // Comes when the driver has given up on it.
            if (question == "f 0" && Interlocked.Exchange(ref once, 0) == 1)
                Eventually(() => rail.Loss.Lost >= 1, "the driver gives up");
            return answer;
        };
        Eventually(() => rail.Loss.Lost >= 1, "the answer was late");
        long before = rail.Loss.Received;
        Eventually(() =>
        {
            RailSample sample = Newest(rail);
            Assert.Equal(0.2, sample.Lateral, 9);
            Assert.Equal(0.4, sample.Depth, 9);
            return rail.Loss.Received > before + 10;
        }, "it goes on");
    }

    [Fact]
    public void ComesBackAfterBeingUnpluggedAndForgetsOldSetPoints()
    {
        OdriveRail rail = Connect();
        var notices = new System.Collections.Concurrent.ConcurrentQueue<string>();
        rail.Notice += notices.Enqueue;
        rail.Write(0.1, 0.01);
        Eventually(() => Math.Abs(Newest(rail).Lateral - 0.1) < 1e-6, "the rail is there");

        _odrive.Device.Unplug();
        Eventually(() => notices.Any(text => text.Contains("reconnecting", StringComparison.Ordinal)), "the loss is reported");
        rail.Write(0.5, 0.02);
        long before = rail.Loss.Received;
        _odrive.Device.PlugIn();

        Eventually(() => rail.Loss.Received > before, "it is back");
        Assert.Contains(notices, text => text.EndsWith("connected again", StringComparison.Ordinal));
        Assert.Equal(0.1, Newest(rail).Lateral, 6);
        rail.Write(0.2, 0.02);
        Eventually(() => Math.Abs(Newest(rail).Lateral - 0.2) < 1e-6, "new set-points count");
    }

    [Fact]
    public void AsksAHundredTimesPerSecond()
    {
        OdriveRail rail = Connect();
        var clock = new MonotonicClock();
        long start = clock.Now, before = rail.Loss.Received;
        Eventually(() => rail.Loss.Received >= before + 50, "50 states came");
        // Fifty periods cannot take less than 490 ms; how much longer they take is the machine's affair.
        Assert.True(clock.Now - start >= 480_000_000, $"50 states in {(clock.Now - start) / 1_000_000} ms");
    }

    private OdriveRail Connect(Func<RailSettings, RailSettings>? change = null)
    {
        OdriveRail rail = Start(change);
        Eventually(() => rail.Ready.IsCompleted, $"it connects: {rail.Missing}");
        return rail;
    }

    private OdriveRail Start(Func<RailSettings, RailSettings>? change = null)
    {
        var settings = new RailSettings
        {
            Side = HandSide.Right,
            Port = _odrive.Device.Path,
            Baud = 115200,
            Checksum = false,
            CloseLoop = true,
            Lateral = new RailAxis(0, 0.02, 1, 0),
            Depth = new RailAxis(1, 0.02, 1, 0),
        };
        _rail = new OdriveRail(change?.Invoke(settings) ?? settings, new Timeouts(), new MonotonicClock(), TimeProvider.System);
        _rail.Start();
        return _rail;
    }

    private static RailSample Newest(OdriveRail rail)
    {
        rail.Samples.TryTake();
        return rail.Samples.Current;
    }
}
