using Legato.RobotDriver;
using Legato.RobotDriver.Chaos;

namespace Legato.Tests.RobotDriver.Chaos;

public sealed class ChaosRobotTests : IAsyncDisposable
{
    private readonly ScriptedRobot _robot = new();

    public ValueTask DisposeAsync() => _robot.DisposeAsync();

    [Fact]
    public void NoFaultAllocatesInTheControlThreadsCalls()
    {
        _robot.Keeps = false;
        FaultWindow always = ScriptedRobot.Window(0);
        ChaosRobot chaos = _robot.Behind(
            new DropReports(always, 0.1), new DelayReports(always, TimeSpan.FromMilliseconds(60)), new DuplicateReports(always), new ReorderReports(always),
            new FreezeJoint(ScriptedRobot.Window(500), null), new SwapJoints(always, "rh_FFJ3", "rh_FFJ4"), new DistortJoint("flip_joint", always, "rh_FFJ3", -1, 0), new ClockJump(always, TimeSpan.FromSeconds(1)),
            new StaleReports(ScriptedRobot.Window(500)), new DropCommands(always, 0.1), new DelayCommands(always, 3), new DuplicateCommands(always), new CorruptCommand(always, "rh_A_FFJ3", 1),
            new StuckNote(always, 40), new DropNoteOffs(always, 0.5), new DuplicateKeys(always), new KeyStorm(always, 400), new DelayKeys(always, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20)),
            new Unplug(ScriptedRobot.Window(300, 200), RigDevice.Hands), new Unplug(ScriptedRobot.Window(300, 200), RigDevice.Keyboard));
        var state = new RobotState(chaos.Joints);
        double[] targets = [1, 2];
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int cycle = 0; cycle < 100; cycle++, _robot.Step())
            {
                chaos.TryRead(state);
                while (chaos.TryReadKey(out _))
                    continue;
                chaos.Write(targets, 0);
            }
        }));
    }

    [Fact]
    public void TheWitnessSeesTheRobotsSide()
    {
        var witness = new Witness();
        var chaos = new ChaosRobot(_robot, [new DropReports(FaultWindow.Always, 1), new CorruptCommand(FaultWindow.Always, "rh_A_FFJ3", 1), new DropNoteOffs(FaultWindow.Always, 1)], 0, witness);
        chaos.Schedule.Enter(ChaosPhase.Start, 0);
        _robot.Press(3, false);
        Assert.False(chaos.TryRead(new RobotState(chaos.Joints)));
        Assert.False(chaos.TryReadKey(out _));
        chaos.Write([5, 0], 0);
        Assert.Equal(["state 0", "key 3", "command 6"], witness.Seen);
        _robot.Step();
        chaos.Look();
        Assert.Equal("state 1", witness.Seen[^1]);
    }

    [Fact]
    public void WindowsOpenWithTheirPhaseAndStayWhereNothingEndsThem()
    {
        var schedule = new FaultSchedule();
        var window = new FaultWindow(ChaosPhase.Homing, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(5));
        var open = window with { Length = null };
        Assert.False(schedule.IsOpen(window, 0));
        Assert.Null(schedule.OpensAt(window));
        schedule.Enter(ChaosPhase.Homing, 1_000_000);
        schedule.Enter(ChaosPhase.Homing, 999_000_000);
        schedule.Enter(ChaosPhase.Playing, 12_000_000);
        Assert.Equal(11_000_000, schedule.OpensAt(window));
        Assert.Equal([false, true, true, false], new long[] { 10_999_999, 11_000_000, 15_999_999, 16_000_000 }.Select(t => schedule.IsOpen(window, t)));
        Assert.True(schedule.IsOpen(open, long.MaxValue / 2));
    }

    [Fact]
    public void ADiskFailsWhileItsWindowIsOpen()
    {
        var schedule = new FaultSchedule();
        using var file = new MemoryStream();
        using var disk = new FaultyDiskStream(file, [new FullDisk(ScriptedRobot.Window(50, 50)), new SlowDisk(ScriptedRobot.Window(200), TimeSpan.FromMilliseconds(30))], schedule, _robot);
        disk.Write([1]);
        schedule.Enter(ChaosPhase.Playing, 0);
        disk.Write([2]);
        _robot.Step();
        Assert.Throws<IOException>(() => disk.Write([3]));
        Assert.Throws<IOException>(disk.Flush);
        _robot.Step();
        disk.Write([4]);
        disk.Flush();
        Assert.Equal([1, 2, 4], file.ToArray());
        _robot.SleepUntil(200 * ScriptedRobot.Millisecond);
        long start = Environment.TickCount64;
        disk.Write([5]);
        Assert.True(Environment.TickCount64 - start >= 25);
    }

    private sealed class Witness : IRobotWitness
    {
        public List<string> Seen { get; } = [];

        public void OnState(RobotState state, long now) => Seen.Add($"state {state.Positions[0]}");

        public void OnCommand(ReadOnlySpan<double> targets, long now) => Seen.Add($"command {targets[0]}");

        public void OnKey(in KeyEvent key) => Seen.Add($"key {key.Key}");
    }
}
