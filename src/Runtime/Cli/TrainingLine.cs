using Legato.Policy.Learning.Training;

namespace Legato.Runtime.Cli;

/// <summary>How far training is, how fast, how long it will take, and F1 now and at its best: one rewritten line on a terminal, plain lines elsewhere.</summary>
/// <remarks>Called by the thread that trains, after every update; these are seconds apart. Dispose it to end the line.</remarks>
/// <param name="writer">Where to.</param>
/// <param name="terminal">Whether the line may be rewritten.</param>
/// <param name="steps">Control steps to train for.</param>
internal sealed class TrainingLine(TextWriter writer, bool terminal, long steps) : IProgress<TrainingProgress>, IDisposable
{
    private int _width;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        string line = $"training: {value.Describe(steps)}";
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
