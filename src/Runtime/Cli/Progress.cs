using System.Globalization;

namespace Legato.Runtime.Cli;

/// <summary>How far something is, how fast it goes, when it will be done: one rewritten line on a terminal, plain lines elsewhere.</summary>
/// <remarks>For one thread. Dispose it to end the line.</remarks>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    private readonly TextWriter _writer;
    private readonly bool _terminal;
    private readonly TimeProvider _time;
    private readonly string _what;
    private readonly long _total, _start;
    private TimeSpan _next;
    private int _width;

    /// <summary>Begins.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="terminal">Whether the line may be rewritten.</param>
    /// <param name="time">The clock.</param>
    /// <param name="what">What is going on.</param>
    /// <param name="total">Number of units that make it complete, &gt; 0.</param>
    public Progress(TextWriter writer, bool terminal, TimeProvider time, string what, long total)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(total);
        (_writer, _terminal, _time, _what, _total) = (writer, terminal, time, what, total);
        _start = time.GetTimestamp();
    }

    /// <summary>Tells how many units are done; prints only now and then.</summary>
    /// <param name="done">0 .. total.</param>
    /// <param name="note">Something worth seeing beside it, for example the current F1.</param>
    public void Report(long done, string note = "")
    {
        TimeSpan elapsed = _time.GetElapsedTime(_start);
        if (elapsed < _next && done < _total)
            return;
        _next = elapsed + (_terminal ? TerminalInterval : PlainInterval);
        string line = Line(done, elapsed, note);
        if (_terminal)
        {
            _writer.Write("\r" + line.PadRight(_width));
            _width = line.Length;
        }
        else
        {
            _writer.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_width > 0)
            _writer.WriteLine();
        _width = 0;
    }

    private string Line(long done, TimeSpan elapsed, string note)
    {
        double rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        string left = rate > 0 ? TimeSpan.FromSeconds(Math.Ceiling((_total - done) / rate)).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : "-";
        string line = string.Create(CultureInfo.InvariantCulture, $"{_what}  {100.0 * done / _total,3:0} %  {rate:0.#}/s  {left} left");
        return note.Length == 0 ? line : $"{line}  {note}";
    }
}
