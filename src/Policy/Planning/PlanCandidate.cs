using Legato.Music;
using Legato.Policy.Feedforward;
using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Policy.Refinement;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Policy.Planning;

/// <summary>Targets and how they scored in the scene that they were planned in.</summary>
internal sealed record Rehearsal(CommandTable Commands, PerformanceScore Score);

/// <summary>What all candidates of a song share.</summary>
internal sealed record PlanStage(PianoScene Scene, PianoScene Free, PlayingPosture Posture, NormOptimalInverse Inverse, KeyRoll Truth, PlannerOptions Options);

/// <summary>One fingering on its way to a plan: poses, then learning without the piano, then rehearsals with it.</summary>
/// <remarks>One thread at a time. <see cref="Prepare"/> comes first.</remarks>
internal sealed class PlanCandidate(PlanStage stage, string strategy, FingeringPlan fingering) : IDisposable
{
    private const double FirstGain = 1;
    private const double FreeGain = 0.8;
    private const int Kept = 2;

    private readonly HandKinematics _kinematics = new(stage.Scene);
    private readonly PianoWorld _piano = new(stage.Scene);
    private readonly RolloutTrace _trace = new(stage.Options.LeadIn + stage.Truth.Count, stage.Scene.Joints.Count);
    private readonly CommandTable _commands = new(stage.Scene.Actuators, stage.Options.LeadIn + stage.Truth.Count);
    private readonly List<Rehearsal> _best = [];
    private IterativeLearning? _learner;
    private TipReference? _tips;

    /// <summary>Name of the fingering strategy.</summary>
    public string Strategy => strategy;

    /// <summary>The fingering.</summary>
    public FingeringPlan Fingering => fingering;

    /// <summary>The best rehearsals, best first.</summary>
    public IReadOnlyList<Rehearsal> Best => _best;

    /// <summary>Rehearsals so far.</summary>
    public int Rehearsals { get; private set; }

    /// <summary>Control steps simulated.</summary>
    public long EnvSteps { get; private set; }

    /// <summary>Solves the poses and lets the joints learn to follow them without the piano.</summary>
    public void Prepare(CancellationToken cancellation)
    {
        PlannerOptions options = stage.Options;
        MotionReference reference = ReferenceBuilder.Build(_kinematics, stage.Posture, fingering, options.LeadIn, stage.Truth.Count, options.Style, options.Kinematics);
        _tips = reference.Tips;
        _learner = new IterativeLearning(_kinematics, stage.Inverse, reference.Poses, reference.Tips);
        using var world = new PianoWorld(stage.Free);
        for (int i = 0; i <= options.FreeRollouts; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Record(world, _commands);
            _learner.Update(_commands, _trace, i == 0 ? FirstGain : FreeGain, fromTips: false);
        }
        for (int t = 0; t < _commands.Steps; t++)
        {
            for (int a = 0; a < stage.Scene.Actuators.Count; a++)
                _commands[t][a] = Math.Clamp(_commands[t][a] + reference.Force[t][a], stage.Scene.ControlLow[a], stage.Scene.ControlHigh[a]);
        }
    }

    /// <summary>Plays once with the piano, keeps the targets if they are among the best, and learns from what went wrong.</summary>
    public void Rehearse()
    {
        Record(_piano, _commands);
        Rehearsals++;
        // Learning with contacts is not monotone, so the best are kept.
        _best.Add(new Rehearsal(_commands.Clone(), PerformanceScore.OfRolls(stage.Truth, Played())));
        _best.Sort((a, b) => (b.Score.F1, b.Score.OnsetF1).CompareTo((a.Score.F1, a.Score.OnsetF1)));
        if (_best.Count > Kept)
            _best.RemoveAt(Kept);
        _learner!.Update(_commands, _trace, stage.Options.ContactGain, fromTips: true);
    }

    /// <summary>Samples around what is wrong with targets.</summary>
    public Rehearsal Refine(CommandTable commands, SamplingOptions sampling, Func<bool> isOver, IProgress<SamplingProgress> progress, CancellationToken cancellation)
    {
        var refiner = new SamplingRefiner([stage.Scene], _kinematics, _tips!, stage.Truth, stage.Options.LeadIn, sampling, stage.Options.Seed, stage.Options.Threads);
        SamplingResult result = refiner.Refine(commands, isOver, progress, cancellation);
        EnvSteps += result.EnvSteps;
        return new Rehearsal(result.Commands, result.Score);
    }

    /// <summary>F1 of targets in another scene, for example one with other parameters.</summary>
    public double F1In(PianoScene scene, CommandTable commands)
    {
        using var world = new PianoWorld(scene);
        Record(world, commands);
        return PerformanceScore.OfRolls(stage.Truth, Played()).F1;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _piano.Dispose();
        _kinematics.Dispose();
    }

    private void Record(PianoWorld world, CommandTable commands)
    {
        _trace.Record(world, commands);
        EnvSteps += commands.Steps;
    }

    // The pedal has no physics: it is where the plan puts it.
    private KeyRoll Played() =>
        KeyRoll.Create(SceneOptions.ControlPeriod, Enumerable.Range(stage.Options.LeadIn, stage.Truth.Count).Select(Down), stage.Truth.Sustain.ToArray());

    private IEnumerable<int> Down(int step)
    {
        for (int k = 0; k < PianoGeometry.KeyCount; k++)
        {
            if (_trace.Keys(step)[k])
                yield return k;
        }
    }
}
