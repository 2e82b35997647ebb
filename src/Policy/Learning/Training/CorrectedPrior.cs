using Legato.Policy.Feedback;
using Legato.Sim.Tasks;

namespace Legato.Policy.Learning.Training;

/// <summary>A plan that is corrected by what is heard and felt while a network corrects it, too.</summary>
/// <param name="player">Corrects it.</param>
/// <param name="pedal">The plan's pedal, a value per row.</param>
internal sealed class CorrectedPrior(PlayingFeedback player, IReadOnlyList<double> pedal) : IPriorPlayer
{
    /// <inheritdoc/>
    public void Reset() => player.Reset();

    /// <inheritdoc/>
    public void Play(int step, TaskState state, Span<double> command)
    {
        player.Act(step, state.ReportedKeys, state.ReportedPositions, state.ReportAge, command[..^1]);
        command[^1] = pedal[step];
    }
}
