namespace Legato.Runtime.Cli;

/// <summary>How many rigs a passport has flown on, and how long the rest will take.</summary>
/// <remarks>Thread-safe. Dispose it to end the line.</remarks>
/// <param name="writer">Where to.</param>
/// <param name="terminal">Whether the line may be rewritten.</param>
/// <param name="time">The clock.</param>
/// <param name="rigs">Rigs in all.</param>
internal sealed class FlightLine(TextWriter writer, bool terminal, TimeProvider time, int rigs) : IProgress<int>, IDisposable
{
    private readonly Lock _sync = new();
    private readonly RewrittenLine _line = new(writer, terminal);
    private readonly long _start = time.GetTimestamp();

    /// <inheritdoc/>
    public void Report(int value)
    {
        lock (_sync)
            _line.Write(FormattableString.Invariant($"passport: {value} of {rigs} rigs, {time.GetElapsedTime(_start).TotalSeconds / value * (rigs - value):0} s left"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_sync)
            _line.Dispose();
    }
}
