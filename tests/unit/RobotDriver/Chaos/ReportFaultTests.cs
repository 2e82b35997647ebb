using Legato.Music;
using Legato.RobotDriver;
using Legato.RobotDriver.Chaos;

namespace Legato.Tests.RobotDriver.Chaos;

/// <summary>What each fault makes of ten cycles of reports, in which every joint's position is the number of the cycle.</summary>
public sealed class ReportFaultTests : IAsyncDisposable
{
    private readonly ScriptedRobot _robot = new();

    public ValueTask DisposeAsync() => _robot.DisposeAsync();

    [Fact]
    public void WithoutFaultsReportsPassBitByBit() => Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], Positions(Read()));

    [Fact]
    public void AFaultIsThereWhileItsWindowIsOpen() =>
        Assert.Equal([0, 1, 5, 6, 7, 8, 9], Positions(Read(new DropReports(ScriptedRobot.Window(100, 150), 1))));

    [Fact]
    public void AShareOfReportsIsLostAndTheSameOnesAgain()
    {
        double[] first = Positions(Read(new DropReports(ScriptedRobot.Window(0), 0.5)));
        Assert.InRange(first.Length, 1, 9);
        Assert.Equal(first, Positions(Read(new DropReports(ScriptedRobot.Window(0), 0.5))));
    }

    [Fact]
    public void DelayedReportsKeepTheirStamps()
    {
        var reports = Read(new DelayReports(ScriptedRobot.Window(0), TimeSpan.FromMilliseconds(100)));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], Positions(reports));
        Assert.All(reports, r => Assert.Equal(r.Position * ScriptedRobot.Period, r.Stamp));
        Assert.All(reports, r => Assert.Equal(100 * ScriptedRobot.Millisecond, r.Now - r.Stamp));
    }

    [Fact]
    public void EverySecondReportIsTheOneBeforeIt() => Assert.Equal([0, 0, 2, 2, 4, 4, 6, 6, 8, 8], Positions(Read(new DuplicateReports(ScriptedRobot.Window(0)))));

    [Fact]
    public void ReportsOvertakeEachOther() => Assert.Equal([0, 2, 1, 4, 6, 5, 8], Positions(Read(new ReorderReports(ScriptedRobot.Window(0)))));

    [Fact]
    public void AStaleDriverRepeatsItsLastStamp()
    {
        var reports = Read(new StaleReports(ScriptedRobot.Window(150, 200)));
        Assert.Equal([0, 1, 2, 2, 2, 2, 2, 7, 8, 9], Positions(reports));
        Assert.Equal(2 * ScriptedRobot.Period, reports[5].Stamp);
    }

    [Fact]
    public void AFrozenJointKeepsItsPlaceAndTheOthersGoOn()
    {
        var reports = Read(new FreezeJoint(ScriptedRobot.Window(150), "rh_FFJ3"));
        Assert.Equal([0, 1, 2, 3, 3, 3, 3, 3, 3, 3], Positions(reports));
        Assert.Equal(109, reports[^1].Second);
        Assert.Equal(9 * ScriptedRobot.Period, reports[^1].Stamp);
        var all = Read(new FreezeJoint(ScriptedRobot.Window(150), null));
        Assert.Equal(103, all[^1].Second);
    }

    [Fact]
    public void JointsAreSwapped()
    {
        var reports = Read(new SwapJoints(ScriptedRobot.Window(0), "rh_FFJ3", "rh_FFJ4"));
        Assert.Equal((109.0, 9.0), (reports[^1].Position, reports[^1].Second));
    }

    [Fact]
    public void AJointIsDistorted()
    {
        Assert.Equal(-9, Positions(Read(new DistortJoint("flip_joint", ScriptedRobot.Window(0), "rh_FFJ3", -1, 0)))[^1]);
        Assert.Equal(9.5, Positions(Read(new DistortJoint("offset_joint", ScriptedRobot.Window(0), "rh_FFJ3", 1, 0.5)))[^1]);
        Assert.Equal(double.NaN, Positions(Read(new DistortJoint("nan_joint", ScriptedRobot.Window(0), "rh_FFJ3", 1, double.NaN)))[^1]);
    }

    [Fact]
    public void TheClockJumps()
    {
        var reports = Read(new ClockJump(ScriptedRobot.Window(250), TimeSpan.FromSeconds(-11)));
        Assert.Equal(4 * ScriptedRobot.Period, reports[4].Stamp);
        Assert.Equal((5 * ScriptedRobot.Period) - 11_000_000_000, reports[5].Stamp);
    }

    [Fact]
    public void TheDriverThrows()
    {
        ChaosRobot chaos = _robot.Behind(new FailReading(ScriptedRobot.Window(50)));
        var state = new RobotState(chaos.Joints);
        Assert.True(chaos.TryRead(state));
        _robot.Step();
        Assert.Throws<IOException>(() => chaos.TryRead(state));
    }

    [Theory]
    [InlineData(RigDevice.Hands, 2, 209)]
    [InlineData(RigDevice.Rails, 9, 202)]
    public void AnUnpluggedPartStandsStillAndHoldsTheStamp(RigDevice device, double finger, double rail)
    {
        var reports = Read(new Unplug(ScriptedRobot.Window(150), device));
        Assert.Equal((finger, rail, 2 * ScriptedRobot.Period), (reports[^1].Position, reports[^1].Rail, reports[^1].Stamp));
        Assert.Equal(9, Positions(Read(new Unplug(ScriptedRobot.Window(150, 100), device)))[^1]);
    }

    [Fact]
    public void AJointThatTheRobotLacksIsRefusedByName()
    {
        var error = Assert.Throws<InputException>(() => _robot.Behind(new FreezeJoint(ScriptedRobot.Window(0), "rh_XX")));
        Assert.Equal("fault freeze_joint: the robot has no 'rh_XX'; it has rh_FFJ3, rh_FFJ4, rh_forearm_tx", error.Message);
    }

    private static double[] Positions(IEnumerable<Report> reports) => [.. reports.Select(r => r.Position)];

    private static List<Report> Read(params IReadOnlyList<RobotFault> faults)
    {
        var robot = new ScriptedRobot();
        ChaosRobot chaos = robot.Behind(faults);
        var state = new RobotState(chaos.Joints);
        var reports = new List<Report>();
        for (int cycle = 0; cycle < 10; cycle++, robot.Step())
        {
            if (chaos.TryRead(state))
                reports.Add(new Report(state.Positions[0], state.Positions[1], state.Positions[2], state.Stamp, robot.Now));
        }
        return reports;
    }

    private sealed record Report(double Position, double Second, double Rail, long Stamp, long Now);
}
