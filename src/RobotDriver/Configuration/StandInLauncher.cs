using System.Globalization;
using System.Text.Json;
using Legato.Sim.Scene;

namespace Legato.RobotDriver.Configuration;

/// <summary>A stand-in rig that runs as a child process, for robots whose file asks for one.</summary>
/// <remarks>
/// The child holds the other end of a pipe and quits when this process is gone, however it ended. Thread-safe.
/// </remarks>
public sealed class StandInLauncher : IAsyncDisposable
{
    private readonly ChildProgram _child;

    private StandInLauncher(ChildProgram child) => _child = child;

    /// <summary>Where the stand-in's parts are.</summary>
    public RigDevices Devices { get; private set; } = new(0, "", "", "");

    /// <summary>The child's process id.</summary>
    public int ProcessId => _child.ProcessId;

    /// <summary>Starts the stand-in of a robot and returns once it runs.</summary>
    /// <param name="robot">A robot with a stand-in.</param>
    /// <param name="time">Measures the time-out.</param>
    /// <param name="command">Program and first arguments that <c>standin …</c> is added to; null for this program itself.</param>
    /// <param name="cancellation">Gives up; the child is ended.</param>
    /// <exception cref="InputException">It cannot be started, ended, or did not say in time that it runs; the message has its last lines.</exception>
    /// <exception cref="ArgumentException">The robot has none.</exception>
    public static async Task<StandInLauncher> StartAsync(
        RobotConfiguration robot, TimeProvider time, IReadOnlyList<string>? command, CancellationToken cancellation)
    {
        if (robot is not { StandInReality: { } reality, Ros: { } ros })
            throw new ArgumentException($"The robot '{robot.Name}' has no stand-in.", nameof(robot));
        string[] arguments =
        [
            "standin", "--reality", reality,
            "--domain", ros.Options.DomainId.ToString(CultureInfo.InvariantCulture),
            "--seed", robot.RunSeed.ToString(CultureInfo.InvariantCulture),
            "--preset", robot.SceneOptions.Preset == ScenePreset.Lab ? "lab" : "robopianist",
            "--parent-pipe",
        ];
        var launcher = new StandInLauncher(ChildProgram.Start("stand-in", command, arguments, keepsErrors: true, time));
        try
        {
            launcher.Devices = launcher.Parse(await launcher._child.ReadReadyLineAsync(robot.Timeouts.StandIn, cancellation));
        }
        catch
        {
            await launcher.DisposeAsync();
            throw;
        }
        return launcher;
    }

    /// <summary>Asks the child to quit, which lifts its hands, and kills it if it does not.</summary>
    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private RigDevices Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonElement devices = document.RootElement.GetProperty("devices");
            return new RigDevices(
                document.RootElement.GetProperty("domain").GetInt32(),
                devices.GetProperty("rail_right").GetString()!,
                devices.GetProperty("rail_left").GetString()!,
                devices.GetProperty("keyboard").GetString()!);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InputException($"the stand-in said '{text}' instead of where its devices are{_child.LastErrors}", e);
        }
    }
}
