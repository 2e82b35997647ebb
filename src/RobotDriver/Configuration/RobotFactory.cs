using Legato.RobotDriver.Lab;
using Legato.RobotDriver.StandIn;
using Legato.Sim.Scene;

namespace Legato.RobotDriver.Configuration;

/// <summary>Turns a robot's description into the robot. Stateless.</summary>
public static class RobotFactory
{
    /// <summary>Creates the robot, not connected yet.</summary>
    /// <param name="configuration">What it is.</param>
    /// <param name="scene">
    /// Built from <see cref="RobotConfiguration.SceneOptions"/>, with parameters applied. It stays the caller's; a simulation needs
    /// it for as long as the robot lives, a rig only takes its layouts.
    /// </param>
    /// <param name="clock">The machine's monotonic clock; a simulation has its own instead.</param>
    /// <param name="time">Timers.</param>
    /// <param name="devices">Where the rig is, when it is not where the file says: a stand-in's.</param>
    /// <exception cref="InputException">The file says that a stand-in is needed, but there are no devices.</exception>
    public static IRobot Create(RobotConfiguration configuration, PianoScene scene, IRobotClock clock, TimeProvider time, RigDevices? devices = null)
    {
        if (configuration.SimulatedReality is { } reality)
            return new RealityRobot(configuration.Name, configuration.SceneOptions, Reality.Load(reality) with { RunSeed = configuration.RunSeed });
        if (configuration.Kind == RobotKind.Sim)
            return new SimRobot(configuration.Name, scene);
        if (configuration.StandInReality is not null && devices is null)
            throw new InputException($"{configuration.File}: 'standin': the robot '{configuration.Name}' needs its stand-in; start it first and pass on its devices");
        return new LabRobot(devices?.ApplyTo(configuration) ?? configuration, scene.Actuators, scene.Joints, clock, time);
    }
}
