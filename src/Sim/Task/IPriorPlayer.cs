namespace Legato.Sim.Tasks;

/// <summary>Plays a plan in one episode after another: as it stands, or corrected by what the rig reports.</summary>
/// <remarks>One thread at a time. Nothing is allocated after construction.</remarks>
public interface IPriorPlayer
{
    /// <summary>Forgets what was reported: an episode begins.</summary>
    void Reset();

    /// <summary>The plan's command for a step. Steps are asked for in order.</summary>
    /// <param name="step">The control step, lead-in included.</param>
    /// <param name="state">What is reported as the step begins.</param>
    /// <param name="command">Receives targets, rad or m, and the pedal, 0..1.</param>
    void Play(int step, TaskState state, Span<double> command);
}

/// <summary>Plays a plan row by row, whatever is reported.</summary>
/// <param name="plan">The plan.</param>
internal sealed class RowByRow(PriorTable plan) : IPriorPlayer
{
    /// <inheritdoc/>
    public void Reset()
    {
    }

    /// <inheritdoc/>
    public void Play(int step, TaskState state, Span<double> command) => plan[step].CopyTo(command);
}
