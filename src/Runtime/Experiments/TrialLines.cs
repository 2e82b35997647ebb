using Legato.Policy.Learning.Training;

namespace Legato.Runtime.Experiments;

/// <summary>A line per trial of a training: updates are too many to keep.</summary>
/// <param name="tell">Told each line.</param>
/// <param name="steps">Control steps to train for.</param>
internal sealed class TrialLines(Action<string> tell, long steps) : IProgress<TrainingProgress>
{
    private TrainingPoint? _told;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Last == _told)
            return;
        _told = value.Last;
        tell(value.Describe(steps));
    }
}
