using Legato.RobotDriver;
using Legato.RobotDriver.Configuration;
using Legato.RobotDriver.Lab;
using Legato.RobotDriver.StandIn;
using Legato.Runtime.Loop;
using Legato.Runtime.Safety;
using Legato.Runtime.Watchdog;
using Legato.Sim.Limits;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Runtime.Experiments;

/// <summary>A robot as its YAML file wants it, with everything that belongs to it: scene, limits, the stand-in behind it.</summary>
/// <remarks>Dispose it after the run; it owns the scene, the robot and the stand-in.</remarks>
public sealed class RobotSetup : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private StandInLauncher? _standIn;
    private RigDevices? _devices;
    private IRobot? _robot;
    private HandClearance? _clearance;

    private RobotSetup(RobotConfiguration configuration, SimParameters parameters, PianoScene scene, IReadOnlyList<string> files, TimeProvider time)
    {
        (Configuration, Parameters, Scene, Files, _time) = (configuration, parameters, scene, files, time);
        Limits = configuration.LimitsPath is { } path
            ? GuardLimitsFile.Load(path, scene.Actuators)
            : MotionLimits.Simulation(scene.Actuators, scene.ControlLow, scene.ControlHigh);
    }

    /// <summary>The robot's file.</summary>
    public RobotConfiguration Configuration { get; }

    /// <summary>The simulator's parameters.</summary>
    public SimParameters Parameters { get; }

    /// <summary>The scene that models the robot, parameters applied.</summary>
    public PianoScene Scene { get; }

    /// <summary>What the guard allows.</summary>
    public MotionLimits Limits { get; }

    /// <summary>How much room a command leaves in the model, for the control thread of one run at a time; null where the limits do not ask.</summary>
    public IClearance? Clearance => _clearance ??= HandClearance.For(Limits, Scene);

    /// <summary>What the planner has to keep to beside the actuators' ranges; null where nothing else is limited.</summary>
    public MotionLimits? PlanningLimits => Configuration.LimitsPath is null ? null : Limits;

    /// <summary>Files that say how the robot is set up.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Who lifts the hands when this process cannot; null for nobody, and before <see cref="StartAsync"/>.</summary>
    public WatchdogGuard? Watchdog { get; private set; }

    /// <summary>The robot, created on first use and not connected.</summary>
    public IRobot Robot => _robot ??= CreateRobot();

    /// <summary>The stand-in that was started; null if there is none.</summary>
    public StandInLauncher? StandIn => _standIn;

    /// <summary>The robot's file with its devices where they are.</summary>
    public RobotConfiguration Located => _devices?.ApplyTo(Configuration) ?? Configuration;

    /// <summary>Facts for <c>run.json</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["kind"] = Configuration.Kind.ToString().ToLowerInvariant(),
        ["preset"] = Scene.Options.Preset.ToString(),
        ["action_space"] = Scene.Options.ActionSpace.ToString(),
        ["embodiment"] = Scene.Options.Embodiment.ToString(),
        ["timestep"] = Scene.Options.Timestep.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        ["ros"] = Configuration.Ros?.Options.ToString() ?? "none",
        ["reality"] = Configuration.Reality ?? "none",
    };

    /// <summary>The scene and the limits of a robot; nothing is started.</summary>
    /// <param name="robotFile">YAML of the robot.</param>
    /// <param name="parametersFile">YAML of the simulator's parameters, or null for nominal ones.</param>
    /// <param name="time">Measures time-outs.</param>
    /// <param name="realityFile">YAML of a reality that replaces the robot's own, or null.</param>
    /// <param name="seed">Seed of what a simulated rig draws in this run: noise, jitter, drop-outs.</param>
    /// <param name="limitsFile">YAML of the guard's limits for a robot whose file has none, a simulation; null leaves it without.</param>
    /// <exception cref="InputException">A file is wrong, or the robot is hardware, which has a reality of its own.</exception>
    public static RobotSetup Load(string robotFile, string? parametersFile, TimeProvider time, string? realityFile = null, int seed = 0, string? limitsFile = null)
    {
        RobotConfiguration configuration = Read(robotFile, realityFile) with { RunSeed = seed };
        configuration = configuration with { LimitsPath = configuration.LimitsPath ?? limitsFile };
        (SimParameters parameters, PianoScene scene) = Model(configuration, parametersFile);
        return new RobotSetup(configuration, parameters, scene, FilesOf(configuration, robotFile, parametersFile), time);
    }

    /// <summary>Starts the stand-in, where the robot's file names one, and the watchdog of a robot with wires. Comes before <see cref="Robot"/>.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="watch">Who watches; a simulation in this process needs nobody.</param>
    /// <exception cref="InputException">The stand-in or the watchdog never answered.</exception>
    public async Task StartAsync(CancellationToken cancellation, WatchdogChoice watch = WatchdogChoice.Start)
    {
        if (Configuration.StandInReality is not null && _devices is null)
        {
            _standIn = await StandInLauncher.StartAsync(Configuration, _time, command: null, cancellation);
            _devices = _standIn.Devices;
        }
        if (Configuration.Ros is not { } ros || watch == WatchdogChoice.None)
            return;
        (int domain, var options) = (_devices?.Domain ?? ros.Options.DomainId, new WatchdogOptions());
        Watchdog = watch == WatchdogChoice.Running
            ? WatchdogGuard.Join(domain, Scene.Actuators, options, _time)
            : await WatchdogGuard.StartAsync(Configuration.File, domain, Scene.Actuators, options, _time, cancellation);
    }

    /// <summary>Uses a stand-in that runs already, instead of starting one.</summary>
    /// <param name="readyLine">The line that it printed when it was ready.</param>
    /// <exception cref="InputException">The robot has no stand-in, or this is not such a line.</exception>
    public void Use(string readyLine)
    {
        if (Configuration.StandInReality is null)
            throw new InputException($"{Configuration.File}: the robot has no stand-in, whose devices could be elsewhere");
        _devices = RigDevices.Parse(readyLine);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_robot is not null)
            await _robot.DisposeAsync();
        if (Watchdog is not null)
            await Watchdog.DisposeAsync();
        if (_standIn is not null)
            await _standIn.DisposeAsync();
        _clearance?.Dispose();
        Scene.Dispose();
    }

    private IRobot CreateRobot()
    {
        IRobot robot = RobotFactory.Create(Configuration, Scene, new MonotonicClock(), _time, _devices);
        if (robot is LabRobot rig)
            rig.Companion = Watchdog?.Participant;
        return robot;
    }

    // The reality too: a mistake in it is to be found before minutes of planning, not after.
    private static RobotConfiguration Read(string robotFile, string? realityFile)
    {
        RobotConfiguration configuration = RobotConfiguration.Load(robotFile);
        if (realityFile is not null)
        {
            configuration = configuration switch
            {
                { Kind: RobotKind.Sim } => configuration with { SimulatedReality = realityFile },
                { StandInReality: not null } => configuration with { StandInReality = realityFile },
                _ => throw new InputException($"{robotFile}: the robot is hardware and has a reality of its own; leave the reality out, or choose a simulated robot"),
            };
        }
        if (configuration.Reality is { } reality)
            _ = Reality.Load(reality);
        return configuration;
    }

    private static (SimParameters Parameters, PianoScene Scene) Model(RobotConfiguration configuration, string? parametersFile)
    {
        SimParameters parameters = parametersFile is null ? SimParameters.Nominal : SimParameters.Load(parametersFile);
        using PianoScene nominal = PianoScene.Build(configuration.SceneOptions);
        return (parameters, nominal.With(parameters));
    }

    private static IReadOnlyList<string> FilesOf(RobotConfiguration configuration, string robotFile, string? parametersFile) =>
        [.. new[] { robotFile, configuration.LimitsPath, parametersFile, configuration.Reality }.OfType<string>()];
}
