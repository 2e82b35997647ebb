using System.Text;
using System.Text.Json;

using Legato.Sim.Scene;

using Rclcs;

namespace Legato.RobotDriver.StandIn;

/// <summary>The whole rig as one process: hands on ROS topics, rails and keyboard on pseudo-terminals, physics in real time.</summary>
/// <remarks>
/// Protocols are those of the real devices: a driver cannot tell the difference. Position controllers hold the last
/// target for ever when commands stop, as the real ones do.
/// </remarks>
public static class StandInProcess
{
    /// <summary>Physics step, s.</summary>
    public const double Timestep = 0.001;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);

    /// <summary>Runs until it is cancelled or the parent's pipe ends, and prints one line of JSON when everything runs.</summary>
    /// <exception cref="InputException">The domain is taken, or a device or the network cannot be set up.</exception>
    /// <exception cref="InvalidOperationException">The simulation diverged.</exception>
    public static async Task RunAsync(StandInOptions options, CancellationToken cancellation)
    {
        using var claim = MachineClaim.Take(
            FormattableString.Invariant($"legato-standin-{options.Domain}"),
            $"ROS domain {options.Domain} already has a stand-in on this machine; stop that one, or choose another domain with --domain");
        using PianoScene scene = PianoScene.Build(new SceneOptions { Preset = options.Preset, Timestep = Timestep });
        using var plant = new RigPlant(scene, options.Reality);
        var exchange = new RigExchange(plant);
        var log = new WarnOnce(options.Log);
        using Context context = Join(options);
        using var links = new DeviceLinks(options.Devices);
        using var railRight = new RailEndpoint(HandSide.Right, plant, exchange, options.Reality.Wiring);
        using var railLeft = new RailEndpoint(HandSide.Left, plant, exchange, options.Reality.Wiring);
        using var keyboard = new KeyboardEndpoint(options.Reality.Wiring);
        using var right = new HandEndpoint(HandSide.Right, context, plant, exchange, log);
        using var left = new HandEndpoint(HandSide.Left, context, plant, exchange, log);
        using var loop = new RigLoop(plant, exchange, right, left, keyboard, options.Time);

        bool realTime = await loop.Started;
        if (!(RealTimeThread.RaiseProcess() && realTime))
            options.Log("stand-in: no real-time priority here (needs CAP_SYS_NICE or an rtprio limit): timing follows the load of the machine");
        await options.Output.WriteLineAsync(Ready(
            options,
            Name(links, "rail-right", railRight.Port),
            Name(links, "rail-left", railLeft.Port),
            Name(links, "keyboard", keyboard.Port)));
        await options.Output.FlushAsync(cancellation);
        var control = new StandInControl(StandInControl.FaultsOf(railRight, railLeft, keyboard, right), () => loop.KeysDown);
        await WatchAsync(loop, control, options, cancellation);
    }

    private static string Name(DeviceLinks links, string name, PluggablePort port)
    {
        port.Renamed = path => links.Add(name, path);
        return links.Add(name, port.Path);
    }

    private static async Task WatchAsync(RigLoop loop, StandInControl control, StandInOptions options, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task parent = options.ParentPipe is { } pipe ? ServeAsync(control, pipe, options.Output) : Task.Delay(Timeout.Infinite, stop.Token);
        using var timer = new PeriodicTimer(ReportInterval, options.Time);
        Task<bool> report = timer.WaitForNextTickAsync(stop.Token).AsTask();
        while (!cancellation.IsCancellationRequested)
        {
            Task first = await Task.WhenAny(parent, loop.Ended, report);
            if (first != report)
                break;
            TimeSpan lost = loop.TakeLostTime();
            if (lost > TimeSpan.Zero)
                options.Log($"stand-in: cannot keep up, ran {lost.TotalMilliseconds:0} ms late within {ReportInterval.TotalSeconds:0} s; time in it passes slower than outside");
            report = cancellation.IsCancellationRequested ? report : timer.WaitForNextTickAsync(stop.Token).AsTask();
        }
        await stop.CancelAsync();
        if (loop.Ended.IsFaulted)
            await loop.Ended;
    }

    // Ends with the pipe.
    private static Task ServeAsync(StandInControl control, Stream pipe, TextWriter output) => Task.Factory.StartNew(
        () => control.Serve(new StreamReader(pipe), output),
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Context Join(StandInOptions options)
    {
        try
        {
            return RealTimeThread.Call(() => new Context(new ContextOptions { DomainId = options.Domain, Interface = options.Interface }));
        }
        catch (Exception e) when (e is RclcsException or ArgumentOutOfRangeException)
        {
            throw new InputException(e.Message.ReplaceLineEndings(" "), e);
        }
    }

    private static string Ready(StandInOptions options, string railRight, string railLeft, string keyboard)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteBoolean("ready", true);
            json.WriteNumber("domain", options.Domain);
            json.WriteStartObject("devices");
            json.WriteString("rail_right", railRight);
            json.WriteString("rail_left", railLeft);
            json.WriteString("keyboard", keyboard);
            json.WriteEndObject();
            json.WriteString("reality", options.Reality.Name);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
