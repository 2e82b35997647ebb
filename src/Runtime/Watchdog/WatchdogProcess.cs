using Legato.RobotDriver;
using Legato.RobotDriver.Configuration;
using Legato.RobotDriver.Lab;
using Legato.Runtime.Cli;
using Legato.Runtime.Loop;
using Legato.Sim;
using Legato.Sim.Limits;

namespace Legato.Runtime.Watchdog;

/// <summary>What a watchdog guards.</summary>
/// <param name="Robot">The robot, of kind lab, on the ROS domain that it really has.</param>
/// <param name="Limits">What the guard allows; names the actuators.</param>
/// <param name="Joints">Order of states.</param>
/// <param name="ServedProcess">The only process to serve; null serves whoever attaches.</param>
public sealed record WatchdogPost(RobotConfiguration Robot, MotionLimits Limits, JointLayout Joints, int? ServedProcess);

/// <summary>The watchdog as a process: listens to the hands, waits, and lifts them when the control process cannot.</summary>
/// <param name="options">Times.</param>
/// <param name="time">Dates notes.</param>
public sealed class WatchdogProcess(WatchdogOptions options, TimeProvider time)
{
    /// <summary>Priority among <c>SCHED_FIFO</c> threads: above the control thread, which it must see fail.</summary>
    public const int Priority = RealTimeThread.Priority + 10;

    /// <summary>Runs until it has acted, is stopped, or is not needed any more.</summary>
    /// <param name="post">What is guarded.</param>
    /// <param name="output">Receives one line of JSON when it runs.</param>
    /// <param name="tell">Receives what the operator should know, one line each.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>What was done; null when nothing was.</returns>
    /// <exception cref="InputException">The domain has a watchdog, or ROS cannot be reached.</exception>
    public async Task<WatchdogNote?> RunAsync(WatchdogPost post, TextWriter output, Action<string> tell, CancellationToken stop)
    {
        using WatchedProcess? served = post.ServedProcess is { } id ? WatchedProcess.Open(id) : null;
        // It ended before we could look: nothing has moved.
        if (post.ServedProcess is not null && served is null)
            return null;
        int domain = post.Robot.Ros!.Options.DomainId;
        using var claim = MachineClaim.Take(
            FormattableString.Invariant($"legato-watchdog-{domain}"),
            FormattableString.Invariant($"ROS domain {domain} already has a watchdog on this machine; play with --watchdog running, or stop that one"));
        var clock = new MonotonicClock();
        using var hands = StandbyHands.Join(post.Robot, post.Limits.Layout, post.Joints, clock);
        hands.WarmUp();
        string path = WatchdogPage.PathOf(domain);
        Rehearsal.Run(path + ".rehearsal", post.Limits, post.Joints, options);
        using var page = WatchdogPage.Create(path, post.Limits.Layout, hands.Participant);
        try
        {
            var sentry = new Sentry(page, hands, post.Limits, post.Joints, clock, time, options);
            // What is garbage now would otherwise be collected when it matters.
            GC.Collect();
            Task<WatchdogNote?> watch = Start(sentry, served, tell, stop);
            await output.WriteLineAsync(JsonText.Of(new { Ready = true, Domain = domain, Process = Environment.ProcessId, Page = path }));
            await output.FlushAsync(CancellationToken.None);
            WatchdogNote? note = await watch;
            if (note is not null)
                Keep(note, page.RunFolder, tell);
            return note;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Task<WatchdogNote?> Start(Sentry sentry, WatchedProcess? served, Action<string> tell, CancellationToken stop)
    {
        var done = new TaskCompletionSource<WatchdogNote?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                RealTimeGrant grant = RealTimeThread.TryPromote(priority: Priority);
                if (!grant.Fifo)
                    tell($"{grant.Summary}: it sees a silent process as late as the load of the machine makes it");
                done.SetResult(sentry.Watch(served, stop));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { Name = "watchdog" };
        thread.Start();
        return done.Task;
    }

    private static void Keep(WatchdogNote note, string folder, Action<string> tell)
    {
        tell(note.Describe());
        if (folder.Length == 0)
            return;
        string file = Path.Combine(folder, WatchdogNote.FileName);
        try
        {
            AtomicFile.Write(file, JsonText.Of(note) + "\n");
            tell(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            tell($"{file}: cannot be written: {e.Message}");
        }
    }
}
