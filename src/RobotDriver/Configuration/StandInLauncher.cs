using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Legato.RobotDriver.Lab;
using Legato.Sim.Scene;

namespace Legato.RobotDriver.Configuration;

/// <summary>A stand-in rig that runs as a child process, for robots whose file asks for one.</summary>
/// <remarks>
/// The child holds the other end of a pipe and quits when this process is gone, however it ended. Thread-safe.
/// </remarks>
public sealed class StandInLauncher : IAsyncDisposable
{
    private const int LinesKept = 5;

    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Queue<string> _errors = [];
    private readonly Channel<string?> _output = Channel.CreateUnbounded<string?>();
    private readonly SemaphoreSlim _asking = new(1);
    private readonly TimeProvider _time;

    private StandInLauncher(Process process, TimeProvider time)
    {
        (_process, _time) = (process, time);
        process.ErrorDataReceived += (_, line) => KeepError(line.Data);
    }

    /// <summary>Where the stand-in's parts are.</summary>
    public RigDevices Devices { get; private set; } = new(0, "", "", "");

    /// <summary>The child's process id.</summary>
    public int ProcessId => _process.Id;

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
        command ??= ThisProgram();
        string[] arguments =
        [
            .. command.Skip(1), "standin", "--reality", reality,
            "--domain", ros.Options.DomainId.ToString(CultureInfo.InvariantCulture),
            "--seed", robot.RunSeed.ToString(CultureInfo.InvariantCulture),
            "--preset", robot.SceneOptions.Preset == ScenePreset.Lab ? "lab" : "robopianist",
            "--parent-pipe",
        ];
        var launcher = new StandInLauncher(Start(command[0], arguments), time);
        try
        {
            launcher.Devices = await launcher.ReadReadyLineAsync(robot.Timeouts.StandIn, cancellation);
        }
        catch
        {
            await launcher.DisposeAsync();
            throw;
        }
        return launcher;
    }

    /// <summary>Asks the child to quit, which lifts its hands, and kills it if it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _ = Libc.Kill(_process.Id, Libc.Terminate);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(QuitTimeout, _time);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    /// <summary>Tells the stand-in something, a line of its control protocol, and returns its answer.</summary>
    /// <exception cref="InputException">It does not answer in time, or is gone.</exception>
    public async Task<string> AskAsync(string line, CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation);
        try
        {
            await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellation);
            await _process.StandardInput.FlushAsync(cancellation);
            return await _output.Reader.ReadAsync(cancellation).AsTask().WaitAsync(QuitTimeout, _time, cancellation)
                ?? throw new InputException($"the stand-in ended instead of answering '{line}'{LastErrors()}");
        }
        catch (Exception e) when (e is IOException or TimeoutException or ChannelClosedException)
        {
            throw new InputException($"the stand-in does not answer '{line}': {e.Message}{LastErrors()}", e);
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Sends it a POSIX signal: 9 SIGKILL, 18 SIGCONT, 19 SIGSTOP. Nothing happens if it has ended.</summary>
    public void Signal(int signal)
    {
        if (!_process.HasExited)
            _ = Libc.Kill(_process.Id, signal);
    }

    /// <summary>What starts this program again: its path, and under <c>dotnet program.dll</c> its host before it.</summary>
    /// <exception cref="InputException">It cannot be found.</exception>
    public static IReadOnlyList<string> ThisProgram()
    {
        string program = Environment.ProcessPath ?? throw new InputException("cannot find the path of this program to start the stand-in with");
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0]] : [program];
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        // In a session of its own, so that Ctrl-C reaches only us: the rig has to live until the hands are lifted.
        var start = new ProcessStartInfo("setsid", [program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InputException($"the stand-in cannot be started: {program}: {e.Message}", e);
        }
    }

    private async Task<RigDevices> ReadReadyLineAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        _process.BeginErrorReadLine();
        // The output goes on being read, so that the child never waits for us.
        _process.OutputDataReceived += (_, line) => _output.Writer.TryWrite(line.Data);
        _process.BeginOutputReadLine();
        string? text;
        try
        {
            text = await _output.Reader.ReadAsync(cancellation).AsTask().WaitAsync(timeout, _time, cancellation);
        }
        catch (TimeoutException)
        {
            throw new InputException($"the stand-in did not say within {timeout.TotalSeconds:0.#} s that it runs{LastErrors()}");
        }
        if (text is null)
        {
            await _process.WaitForExitAsync(cancellation);
            throw new InputException($"the stand-in ended with code {_process.ExitCode} before it ran{LastErrors()}");
        }
        ReadyLine = text;
        try
        {
            return RigDevices.Parse(text);
        }
        catch (InputException e)
        {
            throw new InputException(e.Message + LastErrors(), e);
        }
    }

    private void KeepError(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_errors)
        {
            _errors.Enqueue(line.Trim());
            if (_errors.Count > LinesKept)
                _errors.Dequeue();
        }
    }

    private string LastErrors()
    {
        lock (_errors)
            return _errors.Count == 0 ? "" : $": {string.Join(" | ", _errors)}";
    }
}
