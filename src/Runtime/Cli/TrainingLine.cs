using Legato.Policy.Learning.Training;

namespace Legato.Runtime.Cli;

/// <summary>How far training is, how fast, how long it will take, and F1 now and at its best: one rewritten line on a terminal, plain lines elsewhere.</summary>
/// <remarks>Called by the thread that trains, after every update; these are seconds apart. Dispose it to end the line.</remarks>
/// <param name="writer">Where to.</param>
/// <param name="terminal">Whether the line may be rewritten.</param>
/// <param name="steps">Control steps to train for.</param>
internal sealed class TrainingLine(TextWriter writer, bool terminal, long steps) : IProgress<TrainingProgress>, IDisposable
{
    private readonly RewrittenLine _line = new(writer, terminal);

    /// <inheritdoc/>
    public void Report(TrainingProgress value) => _line.Write($"training: {value.Describe(steps)}");

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
