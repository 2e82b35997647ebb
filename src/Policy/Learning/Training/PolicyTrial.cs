using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Batches;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Policy.Learning.Training;

/// <summary>How a policy played on each of some rigs: without exploring, whole songs.</summary>
/// <param name="Rigs">An episode per rig, in the order of the pool.</param>
public sealed record TrialResult(IReadOnlyList<EpisodeStatistics> Rigs)
{
    /// <summary>F1 per rig, RoboPianist's.</summary>
    public IReadOnlyList<double> F1 { get; } = [.. Rigs.Select(r => r.Keys.F1)];

    /// <summary>Mean F1.</summary>
    public double MeanF1 => F1.Average();

    /// <summary>Mean return.</summary>
    public double MeanReturn => Rigs.Average(r => r.Return);
}

/// <summary>Tries policies on a fixed set of rigs.</summary>
/// <remarks>One thread at a time. The same policy gives the same result.</remarks>
public sealed class PolicyTrial : IDisposable
{
    private readonly PianoTask _task;
    private readonly RigPool _rigs;
    private readonly BatchOptions _options;
    private BatchedTask? _batch;

    /// <summary>Prepares; nothing is simulated yet.</summary>
    /// <param name="task">The task; episodes are whole songs from their beginning, whatever its definition says.</param>
    /// <param name="rigs">On what; they must outlive the trial.</param>
    /// <param name="threads">Threads that step the rigs; results do not depend on it.</param>
    public PolicyTrial(PianoTask task, RigPool rigs, int threads)
    {
        (_task, _rigs) = (task.WithDefinition(task.Definition with { MaxSteps = 0, RandomStart = 0, EndOnWrongPress = false }), rigs);
        _options = new BatchOptions { Slots = rigs.Rigs.Count, Threads = threads };
    }

    /// <summary>Control steps of a trial.</summary>
    public long EnvSteps => (long)_task.Song.Steps * _rigs.Rigs.Count;

    /// <summary>Plays the song once on every rig.</summary>
    /// <param name="act">Gets observations, a row per rig, and gives actions.</param>
    public TrialResult Run(PolicyAction act)
    {
        if (_batch is null)
            _batch = new BatchedTask(_task, _rigs, _options);
        else
            _batch.Reset();
        for (int t = 0; t < _task.Song.Steps; t++)
        {
            act(_batch.Observations, _batch.Actions);
            _batch.Step();
        }
        return new TrialResult([.. _batch.Episodes]);
    }

    /// <summary>Plays the plan as it is.</summary>
    public TrialResult RunPlan() => Run((_, actions) => actions.Clear());

    /// <inheritdoc/>
    public void Dispose() => _batch?.Dispose();
}

/// <summary>What a policy does.</summary>
/// <param name="observations">A row per environment.</param>
/// <param name="actions">Receives a row per environment.</param>
public delegate void PolicyAction(ReadOnlySpan<float> observations, Span<float> actions);
