using Legato.Runtime.Loop;
using Legato.Runtime.Safety;
using Legato.Runtime.Watchdog;
using Legato.Tests.Runtime.Loop;

using Rclcs;

namespace Legato.Tests.Runtime.Watchdog;

/// <summary>The control process's side of a watchdog, with this process as the watchdog, or a shell as its child.</summary>
public sealed class WatchdogGuardTests : IDisposable
{
    // No ROS domain has such a number, so nobody else's watchdog does.
    private static readonly int Domain = 1_000_000 + Environment.ProcessId;

    // A busy machine may hold a test up for longer than a watchdog may be silent.
    private static readonly WatchdogOptions Patient = new() { WatchdogSilence = TimeSpan.FromMinutes(1) };
    private static readonly WatchdogOptions Impatient = Patient with { ReadyTimeout = TimeSpan.FromMilliseconds(50) };

    private const long LongAgo = long.MinValue / 2;

    private readonly Gid _participant = new([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    private readonly WatchdogPage _page;

    public WatchdogGuardTests()
    {
        _page = WatchdogPage.Create(WatchdogPage.PathOf(Domain), FakeRobot.Commands, _participant);
        _page.BeatAsWatchdog(new MonotonicClock().Now);
    }

    public void Dispose()
    {
        _page.Dispose();
        File.Delete(_page.Path);
    }

    [Fact]
    public async Task A_watchdog_that_runs_is_joined_and_left()
    {
        _page.IsReady = true;
        await using (WatchdogGuard guard = Join(Patient))
        {
            Assert.Equal((Environment.ProcessId, _participant), (guard.ProcessId, guard.Participant));
            Assert.Equal(Environment.ProcessId, _page.ControlProcess);
            Assert.Equal(
                $$"""{"watch":"running","process":{{Environment.ProcessId}},"silence_ms":60,"bound_ms":100}""", guard.Description.ToJsonString());
            await guard.RequireReadyAsync(TestContext.Current.CancellationToken);
            guard.Announce("runs/1");
            Assert.Equal(Path.GetFullPath("runs/1"), _page.RunFolder);
        }
        Assert.Equal(0, _page.ControlProcess);
    }

    [Fact]
    public async Task A_watchdog_that_does_not_see_the_hands_is_waited_for_only_so_long()
    {
        await using WatchdogGuard guard = Join(Impatient);
        var e = await Assert.ThrowsAsync<InputException>(() => guard.RequireReadyAsync(TestContext.Current.CancellationToken));
        Assert.Contains("does not see the hands' states or their controllers after 0.1 s", e.Message, StringComparison.Ordinal);
        Assert.Contains($"(process {Environment.ProcessId})", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watchdog_that_sees_the_hands_late_is_waited_for()
    {
        await using WatchdogGuard guard = Join(Patient);
        Task ready = guard.RequireReadyAsync(TestContext.Current.CancellationToken);
        Assert.False(ready.IsCompleted);
        _page.IsReady = true;
        await ready;
    }

    [Fact]
    public async Task A_watchdog_that_fell_silent_is_not_relied_on()
    {
        _page.IsReady = true;
        await using WatchdogGuard guard = Join(Impatient);
        _page.BeatAsWatchdog(LongAgo);
        var e = await Assert.ThrowsAsync<InputException>(() => guard.RequireReadyAsync(TestContext.Current.CancellationToken));
        Assert.Contains("has ended or hangs", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_watchdog_that_hangs_is_not_joined()
    {
        _page.BeatAsWatchdog(LongAgo);
        Assert.Contains("has ended or hangs", Assert.Throws<InputException>(() => Join(Impatient)).Message, StringComparison.Ordinal);
        Assert.Equal(0, _page.ControlProcess);
    }

    [Fact]
    public async Task A_watchdog_serves_one_process_at_a_time()
    {
        await using WatchdogGuard guard = Join(Impatient);
        Assert.Contains($"serves process {Environment.ProcessId}", Assert.Throws<InputException>(() => Join(Impatient)).Message, StringComparison.Ordinal);
        Assert.Equal(Environment.ProcessId, _page.ControlProcess);
    }

    [Fact]
    public async Task A_child_is_told_what_to_guard_and_ended_with_the_run()
    {
        string told = Path.GetTempFileName();
        try
        {
            WatchdogGuard guard = await StartAsync($"echo \"$$ $@\" > {told}; echo ready; exec sleep 60");
            string[] child = (await File.ReadAllTextAsync(told, TestContext.Current.CancellationToken)).Split(' ', 2);
            Assert.Equal($"watchdog --robot my robot.yaml --domain {Domain} --for {Environment.ProcessId}\n", child[1]);
            using WatchedProcess watched = WatchedProcess.Open(int.Parse(child[0], System.Globalization.CultureInfo.InvariantCulture))!;
            Assert.False(watched.HasEnded);
            Assert.Equal("started", (string?)guard.Description["watch"]);
            Assert.Equal(Environment.ProcessId, _page.ControlProcess);
            await guard.DisposeAsync();
            Assert.True(watched.HasEnded);
            Assert.Equal(0, _page.ControlProcess);
        }
        finally
        {
            File.Delete(told);
        }
    }

    [Fact]
    public async Task A_child_whose_page_cannot_be_used_is_ended()
    {
        string told = Path.GetTempFileName();
        _page.BeatAsWatchdog(LongAgo);
        try
        {
            await Assert.ThrowsAsync<InputException>(() => StartAsync($"echo $$ > {told}; echo ready; exec sleep 60"));
            int child = int.Parse(await File.ReadAllTextAsync(told, TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture);
            Assert.Null(WatchedProcess.Open(child));
        }
        finally
        {
            File.Delete(told);
        }
    }

    private static WatchdogGuard Join(WatchdogOptions options) => WatchdogGuard.Join(Domain, FakeRobot.Commands, options, TimeProvider.System);

    private static Task<WatchdogGuard> StartAsync(string script) => WatchdogGuard.StartAsync(
        "my robot.yaml", Domain, FakeRobot.Commands, Patient, TimeProvider.System,
        TestContext.Current.CancellationToken, ["sh", "-c", script, "sh"]);
}
