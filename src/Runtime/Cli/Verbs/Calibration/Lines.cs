namespace Legato.Runtime.Cli.Verbs.Calibration;

/// <summary>Progress as lines on standard error. <see cref="Progress{T}"/> would report on other threads, out of order.</summary>
internal sealed class Lines(TextWriter writer) : IProgress<string>
{
    private readonly Lock _sync = new();

    /// <inheritdoc/>
    public void Report(string value)
    {
        lock (_sync)
            writer.WriteLine($"legato: {value}");
    }
}
