using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Legato.Tests.Processes;

/// <summary>A process that lives as long as a test: started, listened to, and killed with all its children at the end.</summary>
/// <remarks>Thread-safe. Its standard input stays open until <see cref="CloseInput"/> or <see cref="Dispose"/>.</remarks>
public sealed partial class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly object _gate = new();
    private int _openStreams = 2;

    private ChildProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The process' id.</summary>
    public int Id => _process.Id;

    /// <summary>Lines of standard output so far.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_gate)
                return [.. _output];
        }
    }

    /// <summary>Lines of standard error so far.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_gate)
                return [.. _errors];
        }
    }

    /// <summary>Starts a program and returns at once.</summary>
    public static ChildProcess Start(string program, params IEnumerable<string> arguments) => Start(new ProcessStartInfo(program, arguments));

    /// <summary>Starts a program with a folder and an environment of its own, and returns at once.</summary>
    public static ChildProcess Start(ProcessStartInfo start) => new(start);

    /// <summary>Runs a program to its end in a folder and returns its standard output.</summary>
    /// <exception cref="InvalidOperationException">It did not end in time, or not with 0; the message has all its output.</exception>
    public static string Run(string folder, TimeSpan timeout, string program, params IEnumerable<string> arguments)
    {
        using var process = new ChildProcess(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder });
        int code = process.WaitForExit(timeout);
        return code == 0 ? string.Join('\n', process.Output) : throw new InvalidOperationException($"{program} ended with {code}: {process.Everything()}");
    }

    /// <summary>Waits for a line of standard output, those before the call included, and returns the first that fits.</summary>
    /// <exception cref="TimeoutException">None came in time, or the process ended without it; the message has all its output.</exception>
    public string WaitForLine(Func<string, bool> fits, TimeSpan timeout) => WaitFor(_output, fits, timeout);

    /// <summary>The same for standard error.</summary>
    /// <exception cref="TimeoutException">None came in time, or the process ended without it; the message has all its output.</exception>
    public string WaitForErrorLine(Func<string, bool> fits, TimeSpan timeout) => WaitFor(_errors, fits, timeout);

    /// <summary>Waits for the end, output included, and returns the exit code.</summary>
    /// <exception cref="TimeoutException">It did not end in time; the message has all its output.</exception>
    public int WaitForExit(TimeSpan timeout)
    {
        long deadline = Deadline(timeout);
        bool ended = _process.WaitForExit(timeout);
        lock (_gate)
        {
            // Children of its own may keep the streams open, so that this too needs the deadline.
            while (ended && _openStreams > 0)
            {
                long left = deadline - Environment.TickCount64;
                ended = left > 0 && Monitor.Wait(_gate, TimeSpan.FromMilliseconds(left));
            }
        }
        return ended ? _process.ExitCode : throw new TimeoutException($"{_process.StartInfo.FileName} did not end within {timeout}: {Everything()}");
    }

    /// <summary>Writes a line to its standard input.</summary>
    public void Send(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>Ends its standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Sends a POSIX signal: 2 SIGINT, 9 SIGKILL, 15 SIGTERM, 19 SIGSTOP, 18 SIGCONT.</summary>
    public void Signal(int number)
    {
        if (kill(_process.Id, number) != 0)
            throw new InvalidOperationException($"cannot send signal {number} to {_process.StartInfo.FileName}: error {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Kills it with its children, if it still runs, and waits for its end.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);

    private static long Deadline(TimeSpan timeout) => timeout == Timeout.InfiniteTimeSpan
        ? int.MaxValue + Environment.TickCount64
        : Environment.TickCount64 + (long)timeout.TotalMilliseconds;

    private string WaitFor(List<string> lines, Func<string, bool> fits, TimeSpan timeout)
    {
        long deadline = Deadline(timeout);
        int seen = 0;
        lock (_gate)
        {
            while (true)
            {
                for (; seen < lines.Count; seen++)
                {
                    if (fits(lines[seen]))
                        return lines[seen];
                }
                long left = deadline - Environment.TickCount64;
                if (left <= 0 || _openStreams == 0)
                    throw new TimeoutException($"{_process.StartInfo.FileName} never wrote the line: {Everything()}");
                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(left));
            }
        }
    }

    private string Everything() => $"\n{string.Join('\n', Output)}\n{string.Join('\n', Errors)}";

    private void Add(List<string> lines, string? line)
    {
        lock (_gate)
        {
            if (line is null)
                _openStreams--;
            else
                lines.Add(line);
            Monitor.PulseAll(_gate);
        }
    }
}
