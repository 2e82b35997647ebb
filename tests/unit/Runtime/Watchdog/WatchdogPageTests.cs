using Legato.Runtime.Safety;
using Legato.Runtime.Watchdog;
using Legato.Sim;
using Legato.Tests.Runtime.Loop;

namespace Legato.Tests.Runtime.Watchdog;

public sealed class WatchdogPageTests : IDisposable
{
    private static readonly double[] Command = [1, 2, 3, 4, 5, 6], Velocity = [-1, -2, -3, -4, -5, -6];

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"legato-page-{Guid.NewGuid():N}");
    private readonly WatchdogPage _watchdog, _control;
    private readonly double[] _command = new double[6], _velocity = new double[6];

    public WatchdogPageTests()
    {
        _watchdog = WatchdogPage.Create(_path, FakeRobot.Commands, default);
        _control = WatchdogPage.Open(_path, FakeRobot.Commands);
    }

    public void Dispose()
    {
        _control.Dispose();
        _watchdog.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void What_one_side_writes_the_other_reads()
    {
        var lift = new LiftOptions { Wrist = 0.1, Fingers = 0.2, Duration = TimeSpan.FromSeconds(0.7) };
        Assert.False(_watchdog.TryReadCommand(_command, _velocity));
        Assert.True(_control.TryArm(lift, out long token));
        _control.BeatAsControl(42);
        _control.BeatAsControl(43);
        _watchdog.BeatAsWatchdog(44);
        _watchdog.IsReady = true;
        _control.RunFolder = "/tmp/läufe/1";
        Assert.True(_control.TryBeginSend(token, Command, Velocity));
        Assert.Equal(CommandRight.Sending, _watchdog.Right);
        _control.EndSend(token);

        Assert.Equal((43, 2, 44, true), (_watchdog.ControlBeat, _watchdog.ControlBeats, _control.WatchdogBeat, _control.IsReady));
        Assert.Equal("/tmp/läufe/1", _watchdog.RunFolder);
        Assert.Equal((lift.Wrist, lift.Fingers, lift.Duration), (_watchdog.ReadLift().Wrist, _watchdog.ReadLift().Fingers, _watchdog.ReadLift().Duration));
        Assert.True(_watchdog.TryReadCommand(_command, _velocity));
        Assert.Equal(Command, _command);
        Assert.Equal(Velocity, _velocity);
        Assert.Equal(CommandRight.Armed, _watchdog.Right);
    }

    [Fact]
    public void A_process_that_was_deposed_never_sends_again()
    {
        _control.TryArm(new LiftOptions(), out long token);
        Assert.Equal(CommandRight.Armed, _watchdog.Depose());
        Assert.False(_control.TryBeginSend(token, Command, Velocity));
        _control.EndSend(token);
        _control.Release(token);
        Assert.Equal(CommandRight.Deposed, _control.Right);
        Assert.False(_control.TryArm(new LiftOptions(), out _));
    }

    [Fact]
    public void A_send_under_way_is_seen_and_does_not_give_the_right_back()
    {
        _control.TryArm(new LiftOptions(), out long token);
        Assert.True(_control.TryBeginSend(token, Command, Velocity));
        Assert.Equal(CommandRight.Sending, _watchdog.Depose());
        _control.EndSend(token);
        Assert.Equal(CommandRight.Deposed, _watchdog.Right);
        Assert.False(_control.TryBeginSend(token, Command, Velocity));
    }

    [Fact]
    public void The_token_of_an_old_turn_is_worth_nothing_in_the_next()
    {
        _control.TryArm(new LiftOptions(), out long first);
        _control.Release(first);
        Assert.True(_control.TryArm(new LiftOptions(), out long second));
        Assert.False(_control.TryBeginSend(first, Command, Velocity));
        _control.Release(first);
        Assert.True(_control.TryBeginSend(second, Command, Velocity));
        Assert.False(_watchdog.TryReadCommand(_command, _velocity) && _command[0] != Command[0]);
    }

    [Fact]
    public void What_rests_is_not_deposed()
    {
        Assert.Equal(CommandRight.Standby, _watchdog.Depose());
        Assert.True(_control.TryArm(new LiftOptions(), out _));
    }

    [Fact]
    public void Whoever_races_either_sends_or_is_deposed()
    {
        for (int round = 0; round < 500; round++)
        {
            Assert.True(_control.TryArm(new LiftOptions(), out long token));
            CommandRight was = default;
            using var isReady = new ManualResetEventSlim();
            var deposer = new Thread(() =>
            {
                isReady.Set();
                was = _watchdog.Depose();
            });
            deposer.Start();
            while (!isReady.IsSet)
                Thread.SpinWait(1);
            bool sends = _control.TryBeginSend(token, Command, Velocity);
            deposer.Join();
            // Deposed before: it may not send. Deposed while sending: the watchdog knows.
            Assert.Equal(sends ? CommandRight.Sending : CommandRight.Armed, was);
            // The next turn needs a page that nobody was deposed on.
            Reopen();
        }
    }

    [Fact]
    public void The_hot_path_allocates_nothing()
    {
        _control.TryArm(new LiftOptions(), out long token);
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                _control.BeatAsControl(i);
                _control.TryBeginSend(token, Command, Velocity);
                _control.EndSend(token);
                _watchdog.BeatAsWatchdog(i);
                _watchdog.TryReadCommand(_command, _velocity);
            }
        }));
    }

    [Fact]
    public void A_page_serves_one_process_and_one_robot()
    {
        Assert.True(_control.TryAttach());
        Assert.False(WatchdogPage.Open(_path, FakeRobot.Commands).TryAttach());
        Assert.Equal(Environment.ProcessId, _watchdog.ControlProcess);
        _control.Detach();
        Assert.True(_control.TryAttach());

        var mirrored = new JointLayout(FakeRobot.Commands.Names.Reverse(), FakeRobot.Commands.Units);
        Assert.Contains("other actuators", Assert.Throws<InputException>(() => WatchdogPage.Open(_path, mirrored)).Message, StringComparison.Ordinal);
        File.WriteAllText(_path + ".other", "no page");
        Assert.Contains("no watchdog's page", Assert.Throws<InputException>(() => WatchdogPage.Open(_path + ".other", FakeRobot.Commands)).Message, StringComparison.Ordinal);
        File.Delete(_path + ".other");
        Assert.Contains("legato watchdog", Assert.Throws<InputException>(() => WatchdogPage.Open(_path + ".none", FakeRobot.Commands)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_page_cuts_off_whoever_has_the_old_one()
    {
        _control.TryArm(new LiftOptions(), out long token);
        _watchdog.Depose();
        using var next = WatchdogPage.Create(_path, FakeRobot.Commands, default);
        using var successor = WatchdogPage.Open(_path, FakeRobot.Commands);
        Assert.True(successor.TryArm(new LiftOptions(), out _));
        Assert.False(_control.TryBeginSend(token, Command, Velocity));
        Assert.False(_control.TryArm(new LiftOptions(), out _));
    }

    // Depose is for ever: the race is run on one page by winding its word back through the file.
    private void Reopen()
    {
        using FileStream file = new(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        file.Position = 192;
        file.Write(new byte[8]);
    }
}
