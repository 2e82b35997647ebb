using Legato.Sim.Scene;
namespace Legato.RobotDriver.Configuration;
public static class RobotFactory { public static IRobot Create(RobotConfiguration c, PianoScene s, IRobotClock k) => new SimRobot(c.Name, s); }
public sealed class StandInLauncher : IAsyncDisposable { public static Task<StandInLauncher> StartAsync(RobotConfiguration c, CancellationToken t) => throw new InputException("later"); public RigDevices Devices { get; } = null!; public ValueTask DisposeAsync() => default; }
