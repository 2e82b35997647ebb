using System.Diagnostics;
using System.Threading.Channels;

using Legato.RobotDriver.Lab;

namespace Legato.RobotDriver.Configuration;

/// <summary>This program, or another, as a child process that serves this one: it says in one line that it runs, and quits when asked to.</summary>
/// <remarks>
/// It runs in a session of its own, so that Ctrl-C reaches only this process. Its standard input stays open as long as this process
/// lives, however that ends. Thread-safe.
/// </remarks>
public sealed class ChildProgram : IAsyncDisposable
{
    private const int LinesKept = 5;

    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(5);

    private readonly string _name;
    private readonly Process _process;
    private readonly bool _keepsErrors;
    private readonly Queue<string> _errors = [];
    private readonly Channel<string?> _output = Channel.CreateUnbounded<string?>();
    private readonly SemaphoreSlim _asking = new(1);
    private readonly TimeProvider _time;

    private ChildProgram(string name, Process process, bool keepsErrors, TimeProvider time)
    {
        (_name, _process, _keepsErrors, _time) = (name, process, keepsErrors, time);
        process.ErrorDataReceived += (_, line) => KeepError(line.Data);
    }

    /// <summary>The child's process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="name">Name for people, for example <c>stand-in</c>.</param>
    /// <param name="command">Program and first arguments; null for this program itself.</param>
    /// <param name="arguments">More arguments.</param>
    /// <param name="keepsErrors">True takes its standard error for <see cref="LastErrors"/>; false leaves it where this process's goes, even after the end of this process.</param>
    /// <param name="time">Measures time-outs.</param>
    /// <exception cref="InputException">It cannot be started.</exception>
    public static ChildProgram Start(string name, IReadOnlyList<string>? command, IEnumerable<string> arguments, bool keepsErrors, TimeProvider time)
    {
        command ??= CommandOfThis(name);
        var start = new ProcessStartInfo("setsid", [.. command, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = keepsErrors,
        };
        try
        {
            return new ChildProgram(name, Process.Start(start)!, keepsErrors, time);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InputException($"the {name} cannot be started: {command[0]}: {e.Message}", e);
        }
    }

    /// <summary>Waits for its first line. What it writes after that are answers (<see cref="AskAsync"/>); it never waits for us to read them.</summary>
    /// <exception cref="InputException">It ended, or did not say anything in time; the message has its last errors.</exception>
    public async Task<string> ReadReadyLineAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        if (_keepsErrors)
            _process.BeginErrorReadLine();
        _process.OutputDataReceived += (_, line) => _output.Writer.TryWrite(line.Data);
        _process.BeginOutputReadLine();
        string? text;
        try
        {
            text = await _output.Reader.ReadAsync(cancellation).AsTask().WaitAsync(timeout, _time, cancellation);
        }
        catch (TimeoutException)
        {
            throw new InputException($"the {_name} did not say within {timeout.TotalSeconds:0.#} s that it runs{LastErrors}");
        }
        if (text is null)
        {
            await _process.WaitForExitAsync(cancellation);
            throw new InputException($"the {_name} ended with code {_process.ExitCode} before it ran{LastErrors}");
        }
        return text;
    }

    /// <summary>Tells it something in one line and returns the line that it answers.</summary>
    /// <exception cref="InputException">It does not answer in time, or is gone.</exception>
    public async Task<string> AskAsync(string line, CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation);
        try
        {
            await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellation);
            await _process.StandardInput.FlushAsync(cancellation);
            return await _output.Reader.ReadAsync(cancellation).AsTask().WaitAsync(QuitTimeout, _time, cancellation)
                ?? throw new InputException($"the {_name} ended instead of answering '{line}'{LastErrors}");
        }
        catch (Exception e) when (e is IOException or TimeoutException or ChannelClosedException)
        {
            throw new InputException($"the {_name} does not answer '{line}': {e.Message}{LastErrors}", e);
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

    /// <summary>Its last lines of standard error after a colon, for messages; empty when it had nothing to say.</summary>
    public string LastErrors
    {
        get
        {
            lock (_errors)
                return _errors.Count == 0 ? "" : $": {string.Join(" | ", _errors)}";
        }
    }

    /// <summary>Asks it to quit, and kills it if it does not.</summary>
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

    /// <summary>Program and first arguments that start this program once more.</summary>
    /// <param name="name">What it is started as, for the message.</param>
    /// <exception cref="InputException">The system does not say where it lies.</exception>
    public static IReadOnlyList<string> CommandOfThis(string name)
    {
        string program = Environment.ProcessPath ?? throw new InputException($"cannot find the path of this program to start the {name} with");
        // Under `dotnet program.dll` this process is the host, and the program its first argument.
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0]] : [program];
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
}
