using System.Globalization;
using Legato.Policy.Planning;

namespace Legato.Runtime.Cli;

/// <summary>What the planner is doing, how long it may go on, and the best F1 so far: one rewritten line on a terminal, plain lines elsewhere.</summary>
/// <remarks>
/// Thread-safe. Where lines stay, news is printed at once, but at most once a second: what comes sooner waits for a timer. On a terminal
/// the timer prints everything. Dispose it to end the line.
/// </remarks>
internal sealed class PlanningLine : IProgress<PlanProgress>, IDisposable
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _sync = new();
    private readonly RewrittenLine _line;
    private readonly bool _terminal;
    private readonly TimeProvider _time;
    private readonly string _what;
    private readonly double _budget;
    private readonly long _start;
    private readonly ITimer _timer;
    private PlanProgress? _latest;
    private long? _printed;
    private bool _isNew, _isOver;

    /// <summary>Begins.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="terminal">Whether the line may be rewritten.</param>
    /// <param name="time">The clock.</param>
    /// <param name="what">Stands before the line.</param>
    /// <param name="budget">Seconds that planning may take.</param>
    public PlanningLine(TextWriter writer, bool terminal, TimeProvider time, string what, double budget)
    {
        (_line, _terminal, _time, _what, _budget) = (new RewrittenLine(writer, terminal), terminal, time, what, budget);
        _start = time.GetTimestamp();
        TimeSpan interval = terminal ? TerminalInterval : PlainInterval;
        _timer = time.CreateTimer(_ => Tick(), null, interval, interval);
    }

    /// <inheritdoc/>
    public void Report(PlanProgress value)
    {
        lock (_sync)
        {
            (_latest, _isNew) = (value, true);
            if (!_terminal)
                Print();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_sync)
        {
            _line.Dispose();
            _isOver = true;
        }
    }

    private void Tick()
    {
        lock (_sync)
            Print();
    }

    private void Print()
    {
        if (_isOver || _latest is not { } latest)
            return;
        long now = _time.GetTimestamp();
        string line = Line(latest, _time.GetElapsedTime(_start, now));
        if (_terminal)
        {
            // The seconds go on while nothing else is new.
            _line.Write(line);
        }
        else if (_isNew && (_printed is not { } printed || _time.GetElapsedTime(printed, now) >= PlainInterval))
        {
            _line.Write(line);
            (_printed, _isNew) = (now, false);
        }
    }

    private string Line(PlanProgress progress, TimeSpan elapsed)
    {
        string best = progress.BestF1 is { } f1 ? string.Create(CultureInfo.InvariantCulture, $"F1 {f1:0.000}") : "no F1 yet";
        return string.Create(CultureInfo.InvariantCulture, $"{_what}  {best}  {elapsed.TotalSeconds:0} of {_budget:0.#} s  {progress.Activity}");
    }
}
