using Legato.RobotDriver.Chaos;
using Legato.RobotDriver.Configuration;
using Legato.RobotDriver.Lab;
using Legato.Runtime.Experiments;
using Legato.Runtime.Loop;
using Legato.Sim.Configuration;

using Rclcs;
using Rclcs.Messages.StdMsgs;
using Rclcs.Messages.TrajectoryMsgs;

namespace Legato.Runtime.Hil;

/// <summary>What a fault outside of the control loop needs of a rig.</summary>
public enum RigNeed
{
    /// <summary>Nothing: every robot has it.</summary>
    Nothing,

    /// <summary>Hands on ROS 2: the stand-in's or real ones.</summary>
    Ros,

    /// <summary>The stand-in.</summary>
    StandIn,
}

/// <summary>The rig as faults outside of the control loop see it.</summary>
/// <param name="Setup">The robot's setup, its stand-in started.</param>
/// <param name="Play">The process of <c>legato play</c>, where it is one.</param>
internal sealed record FaultyRig(RobotSetup Setup, PlayProcess? Play);

/// <summary>A fault outside of the control loop: of processes, of the stand-in's wires, of others in the network.</summary>
/// <param name="kind">Its kind.</param>
/// <param name="window">When.</param>
/// <param name="need">What it needs.</param>
internal abstract class RigFault(string kind, FaultWindow window, RigNeed need = RigNeed.StandIn) : Fault(kind, window)
{
    /// <summary>What it needs.</summary>
    public RigNeed Need => need;

    /// <summary>Begins it.</summary>
    public abstract Task BeginAsync(FaultyRig rig, CancellationToken cancellation);

    /// <summary>Ends it; also called at the end of the run. Only after <see cref="BeginAsync"/>, once.</summary>
    public virtual Task EndAsync(FaultyRig rig, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>A fault that the stand-in makes on its own wires.</summary>
internal sealed class WireFault(FaultWindow window, string fault) : RigFault("wire", window)
{
    public override Task BeginAsync(FaultyRig rig, CancellationToken cancellation) => rig.Setup.StandIn!.AskAsync($"{fault} on", cancellation);

    public override Task EndAsync(FaultyRig rig, CancellationToken cancellation) => rig.Setup.StandIn!.AskAsync($"{fault} off", cancellation);
}

/// <summary>The stand-in is stopped for a while, or killed.</summary>
internal sealed class StandInSignal(FaultWindow window, PosixSignalName signal) : RigFault("standin_signal", window)
{
    public override Task BeginAsync(FaultyRig rig, CancellationToken cancellation)
    {
        rig.Setup.StandIn!.Signal((int)signal);
        return Task.CompletedTask;
    }

    public override Task EndAsync(FaultyRig rig, CancellationToken cancellation)
    {
        rig.Setup.StandIn!.Signal((int)PosixSignalName.Continue);
        return Task.CompletedTask;
    }
}

/// <summary>The process that plays is stopped, killed, or asked to end.</summary>
internal sealed class PlaySignal(FaultWindow window, PosixSignalName signal) : RigFault("play_signal", window)
{
    public override Task BeginAsync(FaultyRig rig, CancellationToken cancellation)
    {
        rig.Play!.Signal(signal);
        return Task.CompletedTask;
    }

    public override Task EndAsync(FaultyRig rig, CancellationToken cancellation)
    {
        if (signal == PosixSignalName.Stop)
            rig.Play!.Signal(PosixSignalName.Continue);
        return Task.CompletedTask;
    }
}

/// <summary>Another program offers commands to the hands; it sends none, which would move real ones.</summary>
internal sealed class SecondCommander(FaultWindow window) : RigFault("second_commander", window, RigNeed.Ros), IDisposable
{
    private Context? _context;

    public override Task BeginAsync(FaultyRig rig, CancellationToken cancellation)
    {
        _context = new Context(rig.Setup.Located.Ros!.Options);
        HandSettings hand = rig.Setup.Located.Right!.Hand;
        Node node = _context.CreateNode("forgotten_controller");
        if (hand.CommandType == HandCommandType.Trajectory)
            node.CreatePublisher<JointTrajectory>(hand.CommandTopic);
        else
            node.CreatePublisher<Float64MultiArray>(hand.CommandTopic);
        return Task.CompletedTask;
    }

    public override Task EndAsync(FaultyRig rig, CancellationToken cancellation)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _context?.Dispose();
}

/// <summary>The e-stop's message on its topic.</summary>
internal sealed class EStopMessage(FaultWindow window) : RigFault("estop_message", window, RigNeed.Ros)
{
    private static readonly TimeSpan Repeat = TimeSpan.FromMilliseconds(5);

    public override async Task BeginAsync(FaultyRig rig, CancellationToken cancellation)
    {
        using var context = new Context(rig.Setup.Located.Ros!.Options);
        Publisher<Bool> button = context.CreateNode("estop_button").CreatePublisher<Bool>(rig.Setup.Located.Ros!.EStopTopic);
        // A button that was just plugged in is not known yet: it is pressed until it is.
        while (button.MatchedSubscriptions == 0)
            await Task.Delay(Repeat, cancellation);
        for (int i = 0; i < 20; i++)
        {
            button.Publish(new Bool { Data = true });
            await Task.Delay(Repeat, cancellation);
        }
    }
}

/// <summary>A busy machine: threads of this process that compute, or make garbage.</summary>
internal sealed class Load(FaultWindow window, int threads, bool garbage) : RigFault("load", window, RigNeed.Nothing)
{
    private volatile bool _stopping;
    private Thread[] _threads = [];

    public override Task BeginAsync(FaultyRig rig, CancellationToken cancellation)
    {
        _threads = [.. Enumerable.Range(0, threads).Select(i => new Thread(Work) { IsBackground = true, Name = $"load {i}" })];
        foreach (Thread thread in _threads)
            thread.Start();
        return Task.CompletedTask;
    }

    public override Task EndAsync(FaultyRig rig, CancellationToken cancellation)
    {
        _stopping = true;
        foreach (Thread thread in _threads)
            thread.Join();
        return Task.CompletedTask;
    }

    private void Work()
    {
        byte[][] kept = new byte[64][];
        for (int i = 0; !_stopping; i++)
        {
            if (garbage)
                kept[i % kept.Length] = new byte[16 * 1024];
            else
                Thread.SpinWait(1000);
        }
        GC.KeepAlive(kept);
    }
}

/// <summary>The kinds of faults outside of the control loop. Stateless.</summary>
internal static class RigFaults
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FaultKind> Kinds { get; } =
    [
        new("wire", "a fault of the stand-in's own wires", ["fault"], (map, window) =>
            new WireFault(window, map.Choice("fault", "", "half_lines", "corrupt_states", "unplug_rail", "unplug_left_rail", "unplug_keyboard"))),
        new("standin_signal", "the stand-in is stopped for a while, or killed", ["signal"], (map, window) => new StandInSignal(window, Signal(map))),
        new("play_signal", "the process that plays is stopped for a while, killed, or asked to end", ["signal"], (map, window) => new PlaySignal(window, Signal(map))),
        new("second_commander", "another program offers commands to the hands", [], (_, window) => new SecondCommander(window)),
        new("estop_message", "the e-stop's message comes on its topic", [], (_, window) => new EStopMessage(window)),
        new("load", "threads keep the machine busy, or make garbage", ["threads", "garbage"], (map, window) => new Load(window, map.Integer("threads", 2, 1, 64), map.Flag("garbage", false))),
    ];

    private static PosixSignalName Signal(YamlMap map) => map.Choice("signal", "kill", "kill", "stop", "terminate", "hangup") switch
    {
        "kill" => PosixSignalName.Kill,
        "stop" => PosixSignalName.Stop,
        "terminate" => PosixSignalName.Terminate,
        _ => PosixSignalName.HangUp,
    };
}
