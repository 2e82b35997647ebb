using System.Globalization;
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

    /// <summary>The line that it printed when it was ready.</summary>
    public string ReadyLine { get; private set; } = "";

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

    /// <summary>Tells the stand-in something, a line of its control protocol, and returns its answer.</summary>
    /// <exception cref="InputException">It does not answer in time, or is gone.</exception>
    public Task<string> AskAsync(string line, CancellationToken cancellation) => _child.AskAsync(line, cancellation);

    /// <summary>Sends it a POSIX signal: 9 SIGKILL, 18 SIGCONT, 19 SIGSTOP. Nothing happens if it has ended.</summary>
    public void Signal(int signal) => _child.Signal(signal);

    private RigDevices Parse(string text)
    {
        ReadyLine = text;
        try
        {
            return RigDevices.Parse(text);
        }
        catch (InputException e)
        {
            throw new InputException(e.Message + _child.LastErrors, e);
        }
    }
}
