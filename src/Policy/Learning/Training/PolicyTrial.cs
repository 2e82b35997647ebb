using Legato.Music;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Batches;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Policy.Learning.Training;

/// <summary>How a policy played on each of some rigs: without exploring, whole songs.</summary>
/// <param name="Rigs">An episode per rig, in the order of the pool.</param>
/// <param name="Scores">What was heard, scored, per rig: the pedal, which has no physics, is where the song puts it. Nothing is heard of a rig once its simulation has broken down.</param>
public sealed record TrialResult(IReadOnlyList<EpisodeStatistics> Rigs, IReadOnlyList<PerformanceScore> Scores)
{
    /// <summary>Mean F1, RoboPianist's.</summary>
    public double MeanF1 => Scores.Average(s => s.F1);

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
    private readonly KeyRoll _truth;
    private BatchedTask? _batch;

    /// <summary>Prepares; nothing is simulated yet.</summary>
    /// <param name="task">The task; episodes are whole songs from their beginning, whatever its definition says.</param>
    /// <param name="rigs">On what; they must outlive the trial.</param>
    /// <param name="threads">Threads that step the rigs; results do not depend on it.</param>
    public PolicyTrial(PianoTask task, RigPool rigs, int threads)
    {
        (_task, _rigs) = (task.WithDefinition(task.Definition with { MaxSteps = 0, RandomStart = 0, EndOnWrongPress = false }), rigs);
        _options = new BatchOptions { Slots = rigs.Rigs.Count, Threads = threads };
        TaskSong song = task.Song;
        _truth = Roll(t => song.Keys(song.LeadIn + t));
    }

    /// <summary>Plays the song once on every rig.</summary>
    /// <param name="act">Gets observations, a row per rig, and gives actions.</param>
    /// <param name="stepped">Called after every control step, with its number; may be null.</param>
    /// <param name="stop">Breaks off.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public TrialResult Run(PolicyAction act, Action<int>? stepped = null, CancellationToken stop = default)
    {
        if (_batch is null)
            _batch = new BatchedTask(_task, _rigs, _options);
        else
            _batch.Reset();
        int rigs = _rigs.Rigs.Count;
        UInt128[][] heard = [.. Enumerable.Range(0, rigs).Select(_ => new UInt128[_task.Song.Steps])];
        EpisodeStatistics?[] ended = new EpisodeStatistics?[rigs];
        for (int t = 0; t < _task.Song.Steps; t++)
        {
            stop.ThrowIfCancellationRequested();
            act(_batch.Observations, _batch.Actions);
            _batch.Step();
            for (int e = 0; e < rigs; e++)
            {
                // A simulation that broke down begins the song anew, which is not asked for.
                if (ended[e] is not null)
                    continue;
                heard[e][t] = _batch.KeysHeard[e];
                if (_batch.Terminated[e] || _batch.Truncated[e])
                    ended[e] = _batch.Episodes[e];
            }
            stepped?.Invoke(t);
        }
        return new TrialResult(
            [.. ended.Select(e => e!.Value)],
            [.. heard.Select(keys => PerformanceScore.OfRolls(_truth, Roll(t => keys[_task.Song.LeadIn + t])))]);
    }

    /// <inheritdoc/>
    public void Dispose() => _batch?.Dispose();

    // The song without its lead-in.
    private KeyRoll Roll(Func<int, UInt128> keys)
    {
        TaskSong song = _task.Song;
        int[] steps = [.. Enumerable.Range(0, song.Steps - song.LeadIn)];
        return KeyRoll.Create(SceneOptions.ControlPeriod, steps.Select(t => KeyRoll.Keys(keys(t))), steps.Select(t => song.Pedal(song.LeadIn + t) ? (byte)1 : (byte)0));
    }
}

/// <summary>What a policy does.</summary>
/// <param name="observations">A row per environment.</param>
/// <param name="actions">Receives a row per environment.</param>
public delegate void PolicyAction(ReadOnlySpan<float> observations, Span<float> actions);
