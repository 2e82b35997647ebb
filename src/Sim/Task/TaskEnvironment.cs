using Legato.Music;
using Legato.Sim.Scene;
using Legato.Sim.Tasks.Rewards;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Sim.Tasks;

/// <summary>One simulation of a task: steps, rewards, observations, and how the episode goes.</summary>
/// <remarks>
/// A step sends a command, lets 50 ms pass, judges the end of the step against the song's row of that step, and moves on to the next row. The
/// same rigs, starts and actions give the same bits. <see cref="Reset"/> comes first. One thread at a time. Nothing allocates once every rig has been used.
/// </remarks>
public sealed class TaskEnvironment : IDisposable
{
    private readonly PianoTask _task;
    private readonly IReadOnlyList<SimRig> _rigs;
    private readonly ReportedWorld?[] _worlds;
    private readonly RewardTerm[] _terms;
    private readonly double[] _weights, _termSums, _planned;
    private readonly IPriorPlayer? _prior;
    private ReportedWorld _world = null!;
    private StepMetricsSum _metrics;
    private double _return, _energy;
    private int _rig = -1, _start;
    private bool _isOver = true, _diverged;

    internal TaskEnvironment(PianoTask task, IReadOnlyList<SimRig> rigs, TaskState state, RewardTerm[] terms)
    {
        (_task, _rigs, State, _terms) = (task, rigs, state, terms);
        _worlds = new ReportedWorld?[rigs.Count];
        _weights = [.. task.Definition.Rewards.Select(r => r.Weight)];
        _termSums = new double[terms.Length];
        (_prior, _planned) = (task.NewPriorPlayer(), new double[state.Command.Length]);
    }

    /// <summary>What rewards and observations see; to read.</summary>
    public TaskState State { get; }

    /// <summary>The episode so far.</summary>
    public EpisodeStatistics Episode => new(_return, _start, State.EpisodeStep, _rig, _metrics.Keys, _energy, _diverged);

    /// <summary>What each term of <see cref="TaskDefinition.Rewards"/>, weighted, has added to the episode's return.</summary>
    public ReadOnlySpan<double> TermSums => _termSums;

    /// <summary>Which of its rigs the last episode was on; −1 before the first.</summary>
    internal int Rig
    {
        get => _rig;
        set => _rig = value;
    }

    /// <summary>Starts an episode on the next of its rigs.</summary>
    /// <param name="start">
    /// First control step, lead-in included. 0 starts with all joints at zero; any other at rest where the plan's command of the step before, held
    /// for 0.2 s, puts hands and keys.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    /// <exception cref="InvalidOperationException">There is no plan to start in the middle of.</exception>
    public void Reset(int start = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(start, _task.Song.Steps);
        _rig = (_rig + 1) % _rigs.Count;
        _world = _worlds[_rig] ??= new ReportedWorld(_rigs[_rig], _task.Map, _task.Definition.Privileged);
        Array.Clear(State.Command);
        if (start == 0)
        {
            _world.Reset();
        }
        else
        {
            PriorTable prior = _task.Prior ?? throw new InvalidOperationException("There is no plan to start in the middle of.");
            prior[start - 1].CopyTo(State.Command);
            _world.Start(State.Command.AsSpan(..^1));
        }
        State.Command.CopyTo(State.PreviousCommand, 0);
        Array.Clear(State.Action);
        Array.Clear(State.PreviousAction);
        Array.Clear(_termSums);
        (State.Step, State.EpisodeStep, State.LastReward) = (start, 0, 0);
        _prior?.Reset();
        (_start, _return, _energy, _metrics, _isOver, _diverged) = (start, 0, 0, default, false, false);
        _world.Fill(State);
    }

    /// <summary>Takes a control step.</summary>
    /// <param name="action">As many elements as <see cref="ActionMap.Size"/>, −1..1.</param>
    /// <exception cref="InvalidOperationException">There is no episode, or it is over.</exception>
    public StepOutcome Step(ReadOnlySpan<float> action)
    {
        if (_isOver)
            throw new InvalidOperationException("No episode is under way; reset the environment first.");
        State.Action.CopyTo(State.PreviousAction, 0);
        State.Command.CopyTo(State.PreviousCommand, 0);
        _prior?.Play(State.Step, State, _planned);
        _task.Actions.Apply(action, State.Step, _planned, State.Action, State.Command);
        _world.Step(State.Command.AsSpan(..^1));
        _world.Fill(State);
        _diverged = _world.Diverged;
        double reward = _diverged ? 0 : Judge();
        State.LastReward = reward;
        State.Step++;
        State.EpisodeStep++;
        bool terminated = _diverged || (_task.Definition.EndOnWrongPress && (State.KeysDown & ~_task.Song.Keys(State.Step - 1)) != 0);
        bool truncated = !terminated && (State.Step == _task.Song.Steps || State.EpisodeStep == _task.MaxEpisodeSteps);
        _isOver = terminated || truncated;
        return new StepOutcome((float)reward, terminated, truncated);
    }

    /// <summary>Writes what is observed before the next step; after an episode's last one, what would be.</summary>
    /// <param name="vector">As many elements as the task's layout has.</param>
    public void Observe(Span<float> vector) => _task.Observations.Write(State, vector);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ReportedWorld? world in _worlds)
            world?.Dispose();
    }

    private double Judge()
    {
        double reward = 0, power = 0;
        for (int i = 0; i < _terms.Length; i++)
        {
            double term = _weights[i] * _terms[i].Evaluate(State);
            _termSums[i] += term;
            reward += term;
        }
        foreach (double p in State.Power)
            power += p;
        _return += reward;
        _energy += power * SceneOptions.ControlPeriod;
        if (State.Step >= _task.Song.LeadIn)
            _metrics.Add(_task.Song.Keys(State.Step), _task.Song.Pedal(State.Step), State.KeysDown, State.PedalDown);
        return reward;
    }
}
