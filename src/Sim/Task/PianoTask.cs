using Legato.Sim.Scene;
using Legato.Sim.Tasks.Observations;
using Legato.Sim.Tasks.Rewards;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Sim.Tasks;

/// <summary>A song to learn: a task's definition together with the song, the hands that play it, and what is known of how to.</summary>
/// <remarks>Immutable and thread-safe; shared by all its environments.</remarks>
public sealed class PianoTask
{
    private readonly PianoScene _scene;
    private readonly RewardContext _rewards;
    private readonly Func<IPriorPlayer>? _newPlayer;

    /// <summary>Composes a task.</summary>
    /// <param name="definition">What is observed, done and rewarded.</param>
    /// <param name="scene">The hands; it must outlive the task.</param>
    /// <param name="song">What is to be played, lead-in first.</param>
    /// <param name="prior">A plan for these hands with a row per step of the song, lead-in first.</param>
    /// <param name="demoTips">A demonstration's fingertips, as many rows.</param>
    /// <param name="newPlayer">Makes what plays the plan in an environment; null plays it row by row.</param>
    /// <exception cref="InputException">Something that the definition needs is missing or does not fit.</exception>
    public PianoTask(TaskDefinition definition, PianoScene scene, TaskSong song, PriorTable? prior = null, TipTable? demoTips = null, Func<IPriorPlayer>? newPlayer = null)
    {
        (Definition, _scene, Song, Prior, DemoTips, _newPlayer) = (definition, scene, song, prior, demoTips, newPlayer);
        RequireRows("plan", prior?.Steps);
        RequireRows("demonstration", demoTips?.Steps);
        if (definition.RandomStart > 0 && prior is null)
            throw new InputException("episodes that start anywhere (episode.random_start) need a plan to start from, and there is none; give one or set it to 0");
        Actions = new ActionMap(definition.Action, scene, song, prior);
        Observations = new ObservationReader(definition.Observations, new ObservationContext(scene, song, Actions, definition.Lookahead, prior, demoTips));
        _rewards = new RewardContext(scene, song, demoTips);
        Map = new SceneMap(scene);
        // Says now what is missing, not at the first environment.
        NewTerms();
    }

    /// <summary>What is observed, done and rewarded.</summary>
    public TaskDefinition Definition { get; }

    /// <summary>What is to be played.</summary>
    public TaskSong Song { get; }

    /// <summary>The plan, if there is one.</summary>
    public PriorTable? Prior { get; }

    /// <summary>The demonstration's fingertips, if there is one.</summary>
    public TipTable? DemoTips { get; }

    /// <summary>What an action means.</summary>
    public ActionMap Actions { get; }

    /// <summary>What is observed, and where it stands.</summary>
    public ObservationReader Observations { get; }

    /// <summary>Control steps of the longest episode.</summary>
    public int MaxEpisodeSteps => Definition.MaxSteps > 0 ? Math.Min(Definition.MaxSteps, Song.Steps) : Song.Steps;

    /// <summary>Where things stand in MuJoCo's arrays.</summary>
    internal SceneMap Map { get; }

    /// <summary>The same song, plan and demonstration for another definition.</summary>
    /// <exception cref="InputException">Something that the definition needs is missing or does not fit.</exception>
    public PianoTask WithDefinition(TaskDefinition definition) => new(definition, _scene, Song, Prior, DemoTips, _newPlayer);

    /// <summary>Makes what plays the plan in one environment, or on a robot; null if there is no plan.</summary>
    public IPriorPlayer? NewPriorPlayer() => Prior is null ? null : _newPlayer?.Invoke() ?? new RowByRow(Prior);

    /// <summary>Makes an environment; its first episode begins with its <see cref="TaskEnvironment.Reset"/>, on the first rig.</summary>
    /// <param name="rigs">Rigs to practise on in turn, at least one; they stay the caller's.</param>
    /// <exception cref="ArgumentException">There is no rig, or one has other joints or actuators than the task.</exception>
    public TaskEnvironment NewEnvironment(IReadOnlyList<SimRig> rigs)
    {
        if (rigs.Count == 0 || rigs.Any(rig => !rig.Scene.Actuators.Equals(_scene.Actuators) || !rig.Scene.Joints.Equals(_scene.Joints)))
            throw new ArgumentException("No rig, or one with other joints or actuators than the task's scene.", nameof(rigs));
        return new TaskEnvironment(this, rigs, new TaskState(_scene, Song), NewTerms());
    }

    private RewardTerm[] NewTerms() => [.. Definition.Rewards.Select(r => RewardKinds.Create(r, _rewards))];

    private void RequireRows(string what, int? rows)
    {
        if (rows is { } count && count != Song.Steps)
            throw new InputException($"the {what} has {count} rows, the song {Song.Steps} steps with its lead-in of {Song.LeadIn}; make them agree");
    }
}
