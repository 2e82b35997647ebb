using System.Diagnostics;

using Legato.RobotDriver.Configuration;
using Legato.Runtime.Loop;

namespace Legato.Runtime.Hil;

/// <summary>POSIX signals by number, as Linux has them.</summary>
internal enum PosixSignalName
{
    /// <summary>SIGHUP.</summary>
    HangUp = 1,

    /// <summary>SIGKILL.</summary>
    Kill = 9,

    /// <summary>SIGTERM.</summary>
    Terminate = 15,

    /// <summary>SIGCONT.</summary>
    Continue = 18,

    /// <summary>SIGSTOP.</summary>
    Stop = 19,
}

/// <summary><c>legato play</c> as a process of its own.</summary>
/// <remarks>Thread-safe. Disposing kills it, if it still runs.</remarks>
internal sealed class PlayProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _plays = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _told = [];

    /// <summary>Starts it.</summary>
    /// <param name="runs">Folder of its runs.</param>
    /// <param name="arguments">Arguments after <c>play</c>.</param>
    public PlayProcess(string runs, IEnumerable<string> arguments)
    {
        IReadOnlyList<string> program = ChildProgram.CommandOfThis("play");
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program[0], [.. program.Skip(1), "play", .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { [Cli.LegatoPaths.RunsVariable] = runs },
            },
        };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Ends when it begins to play, or when it ends.</summary>
    public Task Plays => Task.WhenAny(_plays.Task, _process.WaitForExitAsync());

    /// <summary>True once it has begun to play.</summary>
    public bool HasPlayed => _plays.Task.IsCompleted;

    /// <summary>Everything that it has said so far.</summary>
    public string Told
    {
        get
        {
            lock (_told)
                return string.Join('\n', _told);
        }
    }

    /// <summary>Waits for its end and gives its exit code; above 128 for a signal.</summary>
    public async Task<int> EndAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>Sends a signal, if it still runs.</summary>
    public void Signal(PosixSignalName signal)
    {
        if (!_process.HasExited)
            _ = Libc.Kill(_process.Id, (int)signal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lock (_told)
            _told.Add(line);
        if (line.Contains("playing (", StringComparison.Ordinal))
            _plays.TrySetResult();
    }
}
