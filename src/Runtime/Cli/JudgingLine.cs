using Legato.Policy.Learning.Training;

namespace Legato.Runtime.Cli;

/// <summary>How far judging is, how fast, and how long it will take: one rewritten line on a terminal, a plain line now and then elsewhere.</summary>
/// <remarks>Called by the thread that judges. Dispose it to end the line.</remarks>
/// <param name="writer">Where to.</param>
/// <param name="terminal">Whether the line may be rewritten.</param>
/// <param name="time">The clock.</param>
/// <param name="what">Stands before the line.</param>
internal sealed class JudgingLine(TextWriter writer, bool terminal, TimeProvider time, string what) : IProgress<JudgingProgress>, IDisposable
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(200), PlainInterval = TimeSpan.FromSeconds(10);

    private readonly RewrittenLine _line = new(writer, terminal);
    private readonly long _start = time.GetTimestamp();
    private long _printed = time.GetTimestamp();

    /// <inheritdoc/>
    public void Report(JudgingProgress value)
    {
        long now = time.GetTimestamp();
        if (time.GetElapsedTime(_printed, now) < (terminal ? TerminalInterval : PlainInterval))
            return;
        _printed = now;
        double rate = value.Steps / time.GetElapsedTime(_start, now).TotalSeconds;
        _line.Write(FormattableString.Invariant($"{what}: {value.Steps}/{value.AllSteps} steps, {rate:0}/s, {(value.AllSteps - value.Steps) / rate:0} s left"));
    }

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
