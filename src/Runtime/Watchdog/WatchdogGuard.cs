using System.Text.Json.Nodes;

using Legato.RobotDriver.Configuration;
using Legato.Runtime.Loop;
using Legato.Sim;

using Rclcs;

namespace Legato.Runtime.Watchdog;

/// <summary>Who watches over a run.</summary>
public enum WatchdogChoice
{
    /// <summary>A watchdog that is started for it and ends with it.</summary>
    Start,

    /// <summary>One that runs already: <c>legato watchdog</c>.</summary>
    Running,

    /// <summary>Nobody: if the control process dies, the hands keep their last target.</summary>
    None,
}

/// <summary>The watchdog of a robot, as the control process has it.</summary>
/// <remarks>Dispose it after the robot: one that was started for it ends then. Thread-safe.</remarks>
public sealed class WatchdogGuard : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30), Look = TimeSpan.FromMilliseconds(20);

    private readonly ChildProgram? _child;
    private readonly WatchdogPage _page;
    private readonly WatchdogOptions _options;
    private readonly TimeProvider _time;

    private WatchdogGuard(ChildProgram? child, WatchdogPage page, WatchdogOptions options, TimeProvider time)
    {
        (_child, _page, _options, _time) = (child, page, options, time);
        Link = new WatchdogLink(page, options);
    }

    /// <summary>For the control loop.</summary>
    public ILifeline Link { get; }

    /// <summary>The watchdog's identity on the network: the only other participant that may command the hands.</summary>
    public Gid Participant => _page.Participant;

    /// <summary>Process id of the watchdog.</summary>
    public int ProcessId => _page.WatchdogProcess;

    /// <summary>For <c>run.json</c>.</summary>
    public JsonObject Description => new()
    {
        ["watch"] = _child is null ? "running" : "started",
        ["process"] = ProcessId,
        ["silence_ms"] = _options.Silence.TotalMilliseconds,
        ["bound_ms"] = WatchdogOptions.Bound.TotalMilliseconds,
    };

    /// <summary>Starts a watchdog for this process and attaches to it.</summary>
    /// <param name="robotFile">YAML of the robot.</param>
    /// <param name="domain">The ROS domain that it really has.</param>
    /// <param name="actuators">Order of commands.</param>
    /// <param name="options">Times.</param>
    /// <param name="time">Measures time-outs.</param>
    /// <param name="cancellation">Gives up; the child is ended.</param>
    /// <param name="command">Program and first arguments that <c>watchdog …</c> is added to; null for this program itself.</param>
    /// <exception cref="InputException">It does not start.</exception>
    public static async Task<WatchdogGuard> StartAsync(
        string robotFile, int domain, JointLayout actuators, WatchdogOptions options, TimeProvider time, CancellationToken cancellation, IReadOnlyList<string>? command = null)
    {
        string[] arguments = ["watchdog", "--robot", robotFile, "--domain", FormattableString.Invariant($"{domain}"), "--for", FormattableString.Invariant($"{Environment.ProcessId}")];
        // Its errors go where ours go: it has the most to say when we are gone.
        var child = ChildProgram.Start("watchdog", command, arguments, keepsErrors: false, time);
        try
        {
            await child.ReadReadyLineAsync(StartTimeout, cancellation);
            return Attach(child, domain, actuators, options, time);
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Attaches to a watchdog that runs already.</summary>
    /// <exception cref="InputException">There is none, it guards another robot, or serves another process.</exception>
    public static WatchdogGuard Join(int domain, JointLayout actuators, WatchdogOptions options, TimeProvider time) => Attach(child: null, domain, actuators, options, time);

    /// <summary>Waits until the watchdog sees the hands and could lift them.</summary>
    /// <exception cref="InputException">It does not in time.</exception>
    public async Task RequireReadyAsync(CancellationToken cancellation)
    {
        long start = _time.GetTimestamp();
        var clock = new MonotonicClock();
        while (!_page.IsReady || !Link.IsWatched(clock.Now))
        {
            if (_time.GetElapsedTime(start) > _options.ReadyTimeout)
            {
                throw new InputException(_page.IsReady
                    ? $"the watchdog (process {ProcessId}) has ended or hangs; start it again"
                    : $"the watchdog (process {ProcessId}) does not see the hands' states or their controllers after {_options.ReadyTimeout.TotalSeconds:0.#} s; is it on the same network?");
            }
            await Task.Delay(Look, _time, cancellation);
        }
    }

    /// <summary>Says which run the watchdog's note belongs to.</summary>
    public void Announce(string runFolder) => _page.RunFolder = Path.GetFullPath(runFolder);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _page.Detach();
        if (_child is not null)
            await _child.DisposeAsync();
        _page.Dispose();
    }

    private static WatchdogGuard Attach(ChildProgram? child, int domain, JointLayout actuators, WatchdogOptions options, TimeProvider time)
    {
        var page = WatchdogPage.Open(WatchdogPage.PathOf(domain), actuators);
        var guard = new WatchdogGuard(child, page, options, time);
        (bool isAlive, int other) = (guard.Link.IsWatched(new MonotonicClock().Now), page.ControlProcess);
        if (isAlive && page.TryAttach())
            return guard;
        page.Dispose();
        throw new InputException(isAlive
            ? $"the watchdog of ROS domain {domain} serves process {other}; wait for its end"
            : $"the watchdog of ROS domain {domain} has ended or hangs; start one with 'legato watchdog --robot <file>'");
    }
}
