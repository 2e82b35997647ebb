using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

using Legato.Music;
using Legato.Policy;
using Legato.Policy.Bundles;
using Legato.Tests.EndToEnd;
using Legato.Tests.Processes;
using Legato.Tests.Rclcs;

using Rclcs;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.TrajectoryMsgs;

using SerialPorts;

namespace Legato.Tests.Watchdog;

/// <summary>
/// A stand-in that outlives the processes that play on it, with an ear on its keyboard and an eye on its joints and commands.
/// </summary>
/// <remarks>Times are <see cref="Stopwatch"/> ticks, which are nanoseconds of CLOCK_MONOTONIC: the same in all processes.</remarks>
public sealed class WatchedRig : IDisposable
{
    // Well into the third of five notes of half a second each.
    private const double PressedAt = 1.3;

    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(1);

    private readonly TestDomain _domain = TestDomain.Lease();
    private readonly ChildProcess _standIn;
    private readonly PseudoTerminal _keyboard = PseudoTerminal.Open();
    private readonly SerialPort _cable;
    private readonly Context _context;
    private readonly Subscription<JointState> _states;
    private readonly Subscription<JointTrajectory> _commands;
    private readonly WaitSet _wires;
    private readonly Thread _listener, _watcher;
    private readonly HeldNotes _held = new();
    private readonly List<(long Time, int Held)> _keys = [];
    private readonly List<Sample> _measured = [], _sent = [];
    private readonly Lock _gate = new();
    private volatile bool _ending;

    public WatchedRig(PlannedMelody planned)
    {
        _standIn = ChildProcess.Start(Path.Combine(AppContext.BaseDirectory, "legato"), "standin", "--domain", Domain.ToString(CultureInfo.InvariantCulture), "--devices", Workspace.PathOf("devices"));
        JsonElement devices = JsonDocument.Parse(_standIn.WaitForLine(line => line.Contains("\"ready\"", StringComparison.Ordinal), Workspace.Patience)).RootElement.GetProperty("devices");
        _cable = new SerialPort(devices.GetProperty("keyboard").GetString()!, 31250);
        _cable.Open();
        Robot = Workspace.Write("rig.yaml", $$"""
            name: watched
            kind: lab
            limits: {{Repository.PathOf("hardware", "config", "limits", "shadow_e3m5.yaml")}}
            ros: {domain: {{Domain}}}
            rails:
              right: {port: {{devices.GetProperty("rail_right").GetString()}}}
              left: {port: {{devices.GetProperty("rail_left").GetString()}}}
            keyboard: {port: {{_keyboard.SlavePath}}}
            """);
        Bundle = Press(planned);
        _context = new Context(new ContextOptions { DomainId = Domain });
        Node node = _context.CreateNode("witness");
        _states = node.CreateSubscription<JointState>("/joint_states", QosProfile.SensorData with { Depth = 64 });
        _commands = node.CreateSubscription<JointTrajectory>("/rh_trajectory_controller/joint_trajectory", QosProfile.SystemDefault with { Depth = 64 });
        _wires = new WaitSet(_states, _commands);
        _listener = new Thread(Listen) { IsBackground = true, Name = "keys" };
        _watcher = new Thread(Watch) { IsBackground = true, Name = "wires" };
        _listener.Start();
        _watcher.Start();
    }

    /// <summary>Joints of one hand at a time, by name.</summary>
    public sealed record Sample(long Time, IReadOnlyDictionary<string, double> Positions);

    public Workspace Workspace { get; } = new();

    public int Domain => _domain.Id;

    /// <summary>File of the robot, whose guard has the limits of the real hands.</summary>
    public string Robot { get; }

    /// <summary>A bundle for <see cref="PlannedMelody.LongSong"/> that presses a key and keeps it down for a minute.</summary>
    public string Bundle { get; }

    /// <summary>Now.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>True if a key is down, and has been for longer than any note of the melody: the hands stand still.</summary>
    public bool IsPressing
    {
        get
        {
            lock (_gate)
                return _keys.Count > 0 && _keys[^1].Held > 0 && Stopwatch.GetElapsedTime(_keys[^1].Time) > Steady;
        }
    }

    /// <summary>How many keys are down.</summary>
    public int KeysDown
    {
        get
        {
            lock (_gate)
                return _keys.Count == 0 ? 0 : _keys[^1].Held;
        }
    }

    /// <summary>When the last key came up after a time; null while one is down.</summary>
    public long? AllKeysUp(long after)
    {
        lock (_gate)
            return _keys.Where(k => k.Time > after).Cast<(long Time, int Held)?>().LastOrDefault() is { Held: 0 } last ? last.Time : null;
    }

    /// <summary>What the hands reported since a time, and the commands that went to the right one.</summary>
    public (IReadOnlyList<Sample> Measured, IReadOnlyList<Sample> Sent) Since(long time)
    {
        lock (_gate)
            return ([.. _measured.Where(s => s.Time >= time)], [.. _sent.Where(s => s.Time >= time)]);
    }

    /// <summary>Waits until nobody may command: a killed process is one that DDS believes in for ten seconds more.</summary>
    public void AwaitNoCommander() => Assert.True(SpinWait.SpinUntil(() => _commands.GetPublishers().Count == 0, Workspace.Patience), "somebody still commands the hands");

    public void Dispose()
    {
        _ending = true;
        _wires.Wake();
        _watcher.Join();
        _cable.Close();
        _listener.Join();
        _context.Dispose();
        _keyboard.Dispose();
        _standIn.Dispose();
        Workspace.Dispose();
        _domain.Dispose();
    }

    private string Press(PlannedMelody planned)
    {
        var bundle = PolicyBundle.Load(planned.LongBundle);
        CommandTable commands = bundle.Commands;
        int last = bundle.Manifest.LeadIn + (int)(PressedAt / Legato.Sim.Scene.SceneOptions.ControlPeriod);
        double[] values = [.. Enumerable.Range(0, commands.Steps).SelectMany(step => commands[Math.Min(step, last)].ToArray())];
        string folder = Workspace.PathOf("pressed");
        new PolicyBundle(bundle.Manifest, new CommandTable(commands.Actuators, values), new double[commands.Steps]).Save(folder);
        return folder;
    }

    // The cable goes through here, so that keys are heard whether or not the process that plays still listens.
    private void Listen()
    {
        var parser = new LiveMidiParser();
        var buffer = new byte[64];
        try
        {
            while (!_ending)
            {
                int count = _cable.Read(buffer, 0, buffer.Length);
                long now = Now;
                _keyboard.TryWrite(buffer.AsSpan(0, count));
                lock (_gate)
                {
                    foreach (byte value in buffer.AsSpan(0, count))
                    {
                        if (!parser.TryParse(value, now, out LiveMidiEvent e))
                            continue;
                        _held.Apply(e);
                        _keys.Add((now, _held.Count));
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The cable is closed: the rig ends.
        }
    }

    private void Watch()
    {
        var state = new JointState();
        var command = new JointTrajectory();
        while (!_ending)
        {
            _wires.Wait(TimeSpan.FromSeconds(1));
            long now = Now;
            while (_states.TryTake(state, out _))
                Keep(_measured, now, state.Name, state.Position);
            while (_commands.TryTake(command, out _))
                Keep(_sent, now, command.JointNames, command.Points[0].Positions);
        }
    }

    private void Keep(List<Sample> samples, long time, List<string> names, List<double> positions)
    {
        var sample = new Sample(time, names.Zip(positions).ToDictionary(pair => pair.First, pair => pair.Second));
        lock (_gate)
            samples.Add(sample);
    }
}
