using Legato.RobotDriver;
using Legato.RobotDriver.Chaos;

namespace Legato.Tests.RobotDriver.Chaos;

/// <summary>What each fault makes of six commands, whose targets are the number of the cycle, and of key events.</summary>
public sealed class CommandAndKeyFaultTests : IAsyncDisposable
{
    private readonly ScriptedRobot _robot = new();

    public ValueTask DisposeAsync() => _robot.DisposeAsync();

    [Fact]
    public void WithoutFaultsCommandsPass() => Assert.Equal([0, 1, 2, 3, 4, 5], Write());

    [Fact]
    public void CommandsAreLost() => Assert.Equal([0, 1, 4, 5], Write(new DropCommands(ScriptedRobot.Window(100, 100), 1)));

    [Fact]
    public void CommandsAreLateWithTheirPedals()
    {
        Assert.Equal([0, 1, 2, 3], Write(new DelayCommands(ScriptedRobot.Window(0), 2)));
        Assert.Equal([0, 1, 0, 1], _robot.Written.Select(w => w.Pedal));
    }

    [Fact]
    public void CommandsComeTwice() => Assert.Equal([0, 0, 1, 1, 2, 3, 4, 5], Write(new DuplicateCommands(ScriptedRobot.Window(0, 100))));

    [Fact]
    public void ATargetIsCorruptedAndTheOthersAreNot()
    {
        Assert.Equal([0, 1.5, 2, 3, 4, 5], Write(new CorruptCommand(ScriptedRobot.Window(50, 50), "rh_A_FFJ3", 0.5)));
        Assert.Equal([0, 1, 2, 3, 4, 5], _robot.Written.Select(w => w.Rail));
    }

    [Fact]
    public void TheDriverRefuses()
    {
        ChaosRobot chaos = _robot.Behind(new FailWriting(ScriptedRobot.Window(0, 50)));
        Assert.Throws<IOException>(() => chaos.Write([1, 1], 0));
        _robot.Step();
        chaos.Write([2, 2], 0);
        Assert.Equal([2], _robot.Written.Select(w => w.Target));
    }

    [Fact]
    public void ACommandTakesTime()
    {
        ChaosRobot chaos = _robot.Behind(new StallWriting(ScriptedRobot.Window(0), TimeSpan.FromMilliseconds(180)));
        chaos.Write([1, 1], 0);
        Assert.Equal(180 * ScriptedRobot.Millisecond, _robot.Now);
    }

    [Fact]
    public void AnUnpluggedPartGetsItsLastCommandAndAfterwardsNoneOfTheOnesBetween()
    {
        Assert.Equal([0, 1, 1, 1, 4, 5], Write(new Unplug(ScriptedRobot.Window(100, 100), RigDevice.Hands)));
        Assert.Equal([0, 1, 2, 3, 4, 5], _robot.Written.Select(w => w.Rail));
    }

    [Fact]
    public void TheRigAndTheOperatorStop()
    {
        ChaosRobot chaos = _robot.Behind(new StopRun(ScriptedRobot.Window(50), operatorStops: false), new StopRun(ScriptedRobot.Window(50), operatorStops: true));
        int stops = 0;
        chaos.OperatorStops += () => stops++;
        var state = new RobotState(chaos.Joints);
        chaos.TryRead(state);
        Assert.Equal((null, 0), (chaos.StopReason, stops));
        _robot.Step();
        chaos.TryRead(state);
        chaos.TryRead(state);
        Assert.Equal(("the rig's e-stop", 1), (chaos.StopReason, stops));
    }

    [Fact]
    public void ANoteIsStuck()
    {
        ChaosRobot chaos = _robot.Behind(new StuckNote(ScriptedRobot.Window(0), 40));
        _robot.Press(40, true);
        _robot.Press(40, false);
        _robot.Press(41, true);
        Assert.Equal([(41, true), (40, true)], Keys(chaos));
        Assert.Empty(Keys(chaos));
    }

    [Fact]
    public void KeyUpsAreLost()
    {
        ChaosRobot chaos = _robot.Behind(new DropNoteOffs(ScriptedRobot.Window(0), 1));
        _robot.Press(40, true);
        _robot.Press(40, false);
        Assert.Equal([(40, true)], Keys(chaos));
    }

    [Fact]
    public void KeysComeTwice()
    {
        ChaosRobot chaos = _robot.Behind(new DuplicateKeys(ScriptedRobot.Window(0)));
        _robot.Press(40, true);
        Assert.Equal([(40, true), (40, true)], Keys(chaos));
    }

    [Fact]
    public void AStormHasItsRateAndLeavesNoKeyDown()
    {
        ChaosRobot chaos = _robot.Behind(new KeyStorm(ScriptedRobot.Window(0), 1000));
        Keys(chaos);
        _robot.Step();
        List<(int Key, bool Down)> storm = Keys(chaos);
        Assert.Equal(50, storm.Count);
        Assert.All(storm.Chunk(2), pair => Assert.Equal((pair[0].Key, true, false), (pair[1].Key, pair[0].Down, pair[1].Down)));
        Assert.True(storm.DistinctBy(k => k.Key).Count() > 10);
    }

    [Fact]
    public void LateKeysComeInOrderWithTheTimeOfTheirArrival()
    {
        ChaosRobot chaos = _robot.Behind(new DelayKeys(ScriptedRobot.Window(0), TimeSpan.FromMilliseconds(60), TimeSpan.Zero));
        _robot.Press(40, true);
        Assert.Empty(Keys(chaos));
        _robot.Step();
        Assert.Empty(Keys(chaos));
        _robot.Step();
        Assert.True(chaos.TryReadKey(out KeyEvent key));
        Assert.Equal(60 * ScriptedRobot.Millisecond, key.Stamp);
    }

    [Fact]
    public void AnUnpluggedKeyboardReleasesItsKeysAndSaysNoMore()
    {
        ChaosRobot chaos = _robot.Behind(new Unplug(ScriptedRobot.Window(50), RigDevice.Keyboard));
        _robot.Press(40, true);
        Assert.Equal([(40, true)], Keys(chaos));
        _robot.Step();
        _robot.Press(41, true);
        Assert.Equal([(40, false)], Keys(chaos));
        Assert.Empty(Keys(chaos));
    }

    private static List<(int Key, bool Down)> Keys(ChaosRobot chaos)
    {
        var keys = new List<(int, bool)>();
        while (chaos.TryReadKey(out KeyEvent key))
            keys.Add((key.Key, key.Down));
        return keys;
    }

    private double[] Write(params IReadOnlyList<RobotFault> faults)
    {
        ChaosRobot chaos = _robot.Behind(faults);
        for (int cycle = 0; cycle < 6; cycle++, _robot.Step())
            chaos.Write([cycle, cycle], cycle % 2);
        return [.. _robot.Written.Select(w => w.Target)];
    }
}
