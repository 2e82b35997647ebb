using Legato.Runtime.Safety;
using Legato.Runtime.Watchdog;
using Legato.Sim;
using Legato.Tests.Runtime.Loop;

using Rclcs;

namespace Legato.Tests.Runtime.Watchdog;

public sealed class WatchdogPageTests : IDisposable
{
    private static readonly double[] Command = [1, 2, 3, 4, 5, 6], Velocity = [-1, -2, -3, -4, -5, -6];

    // Where things lie in the file.
    private const int ControlProcessAt = 144, RightAt = 192, NewestAt = 256, FolderLengthAt = 384;

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
        Assert.Equal((1, 2), (first, second));
        Assert.False(_control.TryBeginSend(first, Command, Velocity));
        _control.Release(first);
        Assert.True(_control.TryBeginSend(second, Command, Velocity));
    }

    [Fact]
    public void A_turn_begins_without_the_commands_of_the_last()
    {
        Assert.False(_watchdog.HasMoved);
        _control.TryArm(new LiftOptions(), out long token);
        for (int sent = 1; sent <= 3; sent++)
        {
            _control.TryBeginSend(token, [sent, 2, 3, 4, 5, 6], Velocity);
            _control.EndSend(token);
            // The first holds the hands where they are.
            Assert.Equal(sent > 1, _watchdog.HasMoved);
            Assert.True(_watchdog.TryReadCommand(_command, _velocity));
            Assert.Equal(sent, _command[0]);
        }
        _control.Release(token);
        _control.TryArm(new LiftOptions(), out _);
        Assert.False(_watchdog.HasMoved);
        Assert.False(_watchdog.TryReadCommand(_command, _velocity));
    }

    [Theory]
    [InlineData(CommandRight.Armed)]
    [InlineData(CommandRight.Sending)]
    [InlineData(CommandRight.Deposed)]
    public void Who_may_not_begin_a_turn_leaves_the_one_that_is_as_it_is(CommandRight right)
    {
        _control.TryArm(new LiftOptions { Wrist = 0.1 }, out long token);
        _control.TryBeginSend(token, Command, Velocity);
        if (right != CommandRight.Sending)
            _control.EndSend(token);
        if (right == CommandRight.Deposed)
            _watchdog.Depose();
        Assert.False(_control.TryArm(new LiftOptions { Wrist = 0.9 }, out _));
        Assert.Equal((right, 0.1), (_watchdog.Right, _watchdog.ReadLift().Wrist));
        Assert.True(_watchdog.TryReadCommand(_command, _velocity));
        Assert.Equal(Command, _command);
    }

    [Fact]
    public void A_right_is_given_back_by_who_has_it_alone()
    {
        _control.TryArm(new LiftOptions(), out long token);
        Assert.Equal(CommandRight.Armed, _watchdog.Right);
        Assert.False(_control.TryBeginSend(token - 1, Command, Velocity));
        Assert.False(_control.TryBeginSend(token + 1, Command, Velocity));
        Assert.True(_control.TryBeginSend(token, Command, Velocity));
        _control.EndSend(token + 1);
        _control.Release(token);
        Assert.Equal(CommandRight.Sending, _watchdog.Right);
        _control.EndSend(token);
        _control.Release(token + 1);
        Assert.Equal(CommandRight.Armed, _watchdog.Right);
        Assert.Equal(CommandRight.Armed, _watchdog.Depose());
        Assert.Equal(CommandRight.Deposed, _watchdog.Depose());
    }

    [Fact]
    public void A_page_is_freed_of_the_process_that_has_it_alone()
    {
        Assert.True(_control.TryAttach());
        _watchdog.Evict(Environment.ProcessId + 1);
        Assert.Equal(Environment.ProcessId, _watchdog.ControlProcess);
        _watchdog.Evict(Environment.ProcessId);
        Assert.Equal(0, _watchdog.ControlProcess);
        Poke(ControlProcessAt, BitConverter.GetBytes(Environment.ProcessId + 1));
        _control.Detach();
        Assert.Equal(Environment.ProcessId + 1, _watchdog.ControlProcess);
    }

    [Fact]
    public void Who_made_a_page_is_written_in_it()
    {
        var participant = new Gid([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        using var made = WatchdogPage.Create(_path + ".made", FakeRobot.Commands, participant);
        using var opened = WatchdogPage.Open(_path + ".made", FakeRobot.Commands);
        File.Delete(_path + ".made");
        Assert.Equal((participant, Environment.ProcessId, _path + ".made"), (opened.Participant, opened.WatchdogProcess, opened.Path));
        Assert.Equal((false, 0, 0, CommandRight.Standby), (opened.IsReady, opened.ControlBeats, opened.ControlProcess, opened.Right));
        made.IsReady = true;
        Assert.True(opened.IsReady);
        made.IsReady = false;
        Assert.False(opened.IsReady);
    }

    [Fact]
    public void As_many_actuators_as_fit_are_served()
    {
        JointLayout Rig(int count) => new(Enumerable.Range(0, count).Select(i => $"rh_A_{i}"), Enumerable.Repeat(JointUnit.Radian, count));
        double[] most = [.. Enumerable.Range(0, WatchdogPage.MaxActuators).Select(i => i + 0.5)], rates = [.. most.Select(p => -p)];
        using (var page = WatchdogPage.Create(_path, Rig(WatchdogPage.MaxActuators), default))
        {
            Assert.True(page.TryArm(new LiftOptions(), out long token));
            Assert.True(page.TryBeginSend(token, most, rates));
            double[] command = new double[most.Length], velocity = new double[most.Length];
            Assert.True(page.TryReadCommand(command, velocity));
            Assert.Equal(most, command);
            Assert.Equal(rates, velocity);
            page.EndSend(token);
            // What is in the other place stays until the next but one, and nothing else is touched.
            Assert.True(page.TryBeginSend(token, rates, most));
            Poke(NewestAt, BitConverter.GetBytes(1L));
            Assert.True(page.TryReadCommand(command, velocity));
            Assert.Equal(most, command);
            using var other = WatchdogPage.Open(_path, Rig(WatchdogPage.MaxActuators));
            Assert.Equal((Environment.ProcessId, CommandRight.Sending, ""), (other.WatchdogProcess, other.Right, other.RunFolder));
        }
        var e = Assert.Throws<InputException>(() => WatchdogPage.Create(_path, Rig(WatchdogPage.MaxActuators + 1), default));
        Assert.Contains("up to 64 actuators, not 65", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1025)]
    public void A_folder_that_is_too_long_is_none(int length)
    {
        _control.RunFolder = "/tmp";
        _control.RunFolder = new string('a', length);
        Assert.Equal(length > 1024 ? "" : new string('a', length), _watchdog.RunFolder);
    }

    [Theory]
    [InlineData(int.MaxValue, 1024)]
    [InlineData(-1, 0)]
    public void A_length_that_cannot_be_true_is_not_believed(int length, int expected)
    {
        _control.RunFolder = new string('a', 1024);
        Poke(FolderLengthAt, BitConverter.GetBytes(length));
        Assert.Equal(expected, _watchdog.RunFolder.Length);
    }

    [Fact]
    public void Pages_of_domains_lie_apart_and_in_memory()
    {
        Assert.Equal("legato-watchdog-7", Path.GetFileName(WatchdogPage.PathOf(7)));
        Assert.Equal(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath().TrimEnd('/'), Path.GetDirectoryName(WatchdogPage.PathOf(7)));
    }

    [Fact]
    public void A_page_that_cannot_be_made_or_was_not_finished_is_told()
    {
        string nowhere = Path.Combine(_path, "page");
        Assert.Contains($"{nowhere}: cannot be made: ", Assert.Throws<InputException>(() => WatchdogPage.Create(nowhere, FakeRobot.Commands, default)).Message, StringComparison.Ordinal);
        Poke(0, new byte[8]);
        Assert.Contains("one of another version", Assert.Throws<InputException>(() => WatchdogPage.Open(_path, FakeRobot.Commands)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_is_let_go_of_once_and_for_all()
    {
        string path = _path + ".held";
        var page = WatchdogPage.Create(path, FakeRobot.Commands, default);
        Assert.True(IsHeld(path));
        page.Dispose();
        page.Dispose();
        Assert.False(IsHeld(path));

        Assert.Throws<InputException>(() => WatchdogPage.Open(path, new JointLayout(["rh_A_FFJ3"], [JointUnit.Radian])));
        Assert.False(IsHeld(path));
        File.WriteAllText(path, "no page");
        Assert.Throws<InputException>(() => WatchdogPage.Open(path, FakeRobot.Commands));
        Assert.False(IsHeld(path));
        File.Delete(path);
    }

    /// <summary>Whether this process has a file open or mapped.</summary>
    private static bool IsHeld(string path) =>
        File.ReadAllText("/proc/self/maps").Contains(path, StringComparison.Ordinal)
        || Directory.GetFileSystemEntries("/proc/self/fd").Any(fd => new FileInfo(fd).LinkTarget == path);

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
    private void Reopen() => Poke(RightAt, new byte[8]);

    /// <summary>Writes what no side would.</summary>
    private void Poke(int offset, byte[] bytes)
    {
        using FileStream file = new(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        file.Position = offset;
        file.Write(bytes);
    }
}
