namespace Legato.Tests.Processes;

public class ChildProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void LinesAndTheExitCodeArrive()
    {
        using var process = ChildProcess.Start("sh", "-c", "echo one; echo two; echo bad >&2; exit 3");
        Assert.Equal("two", process.WaitForLine(line => line.StartsWith('t'), Patience));
        Assert.Equal(3, process.WaitForExit(Patience));
        Assert.Equal(["one", "two"], process.Output);
        Assert.Equal(["bad"], process.Errors);
    }

    [Fact]
    public void InputIsPassedOn()
    {
        using var process = ChildProcess.Start("cat");
        process.Send("hello");
        process.WaitForLine(line => line == "hello", Patience);
        process.CloseInput();
        Assert.Equal(0, process.WaitForExit(Patience));
    }

    [Fact]
    public void AMissingLineIsReportedWithTheOutputAsSoonAsTheProcessHasEnded()
    {
        using var process = ChildProcess.Start("sh", "-c", "echo something; echo else >&2");
        var error = Assert.Throws<TimeoutException>(() => process.WaitForLine(line => line == "nothing", Timeout.InfiniteTimeSpan));
        Assert.Contains("something", error.Message, StringComparison.Ordinal);
        Assert.Contains("else", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AProcessThatDoesNotEndIsReported()
    {
        using var process = ChildProcess.Start("cat");
        Assert.Throws<TimeoutException>(() => process.WaitForExit(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void ASignalArrives()
    {
        using var process = ChildProcess.Start("sh", "-c", "trap 'echo caught; exit 7' TERM; echo ready; while :; do sleep 0.05; done");
        process.WaitForLine(line => line == "ready", Patience);
        process.Signal(15);
        process.WaitForLine(line => line == "caught", Patience);
        Assert.Equal(7, process.WaitForExit(Patience));
    }

    [Fact]
    public void DisposingKillsTheChildrenToo()
    {
        int grandchild;
        using (var process = ChildProcess.Start("sh", "-c", "sleep 1000 & echo $!; wait"))
            grandchild = int.Parse(process.WaitForLine(_ => true, Patience), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(SpinWait.SpinUntil(() => !ProcessTable.IsRunning(grandchild), Patience), "the grandchild lives on");
    }

    [Fact]
    public void AFailingCommandIsReportedWithItsOutput()
    {
        var error = Assert.Throws<InvalidOperationException>(() => ChildProcess.Run("/", Patience, "sh", "-c", "echo why >&2; exit 7"));
        Assert.Contains("ended with 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("why", error.Message, StringComparison.Ordinal);
        Assert.Equal("/", ChildProcess.Run("/", Patience, "pwd"));
    }
}
