using System.Diagnostics;

using Legato.Runtime.Watchdog;

namespace Legato.Tests.Runtime.Watchdog;

public class WatchedProcessTests
{
    [Fact]
    public void A_process_is_seen_to_live_and_to_end()
    {
        using var process = Process.Start("sleep", "60");
        using WatchedProcess watched = WatchedProcess.Open(process.Id)!;
        Assert.Equal(process.Id, watched.Id);
        Assert.False(watched.HasEnded);
        Assert.True(watched.TrySignal(WatchedProcess.Stop));
        Assert.False(watched.HasEnded, "what is stopped has not ended");
        Assert.True(watched.TrySignal(WatchedProcess.Kill));
        process.WaitForExit();
        Assert.True(watched.HasEnded);
        Assert.False(watched.TrySignal(WatchedProcess.Continue), "nobody is left to be told");
    }

    [Fact]
    public void There_is_nobody_behind_a_number_that_the_kernel_never_gives() => Assert.Null(WatchedProcess.Open(int.MaxValue));

    [Fact]
    public void What_the_kernel_refuses_is_said() =>
        Assert.Contains("process -1 cannot be watched: Invalid argument; a Linux kernel", Assert.Throws<InputException>(() => WatchedProcess.Open(-1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Who_was_let_go_is_watched_no_more()
    {
        WatchedProcess own = WatchedProcess.Open(Environment.ProcessId)!;
        own.Dispose();
        Assert.Throws<ObjectDisposedException>(() => own.TrySignal(WatchedProcess.Continue));
    }
}
