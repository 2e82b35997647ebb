namespace Legato.Runtime.Cli;

/// <summary>A line that says how far something is: rewritten in place on a terminal, one after another elsewhere.</summary>
/// <remarks>One thread at a time. Dispose it to end the line.</remarks>
/// <param name="writer">Where to.</param>
/// <param name="terminal">Whether the line may be rewritten.</param>
internal sealed class RewrittenLine(TextWriter writer, bool terminal) : IDisposable
{
    private int _width;

    /// <summary>Says it.</summary>
    public void Write(string line)
    {
        if (!terminal)
        {
            writer.WriteLine(line);
            return;
        }
        writer.Write($"\r{line.PadRight(_width)}");
        _width = line.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_width > 0)
            writer.WriteLine();
        _width = 0;
    }
}
