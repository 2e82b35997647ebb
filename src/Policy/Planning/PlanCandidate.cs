using Legato.Music;
using Legato.Policy.Feedforward;
using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Policy.Refinement;
using Legato.Policy.Robustness;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Policy.Planning;

/// <summary>Targets, how they scored in the scene that they were planned in, and their mean F1 on the rigs that they learned from beside it.</summary>
internal sealed record Rehearsal(CommandTable Commands, PerformanceScore Score, double ElsewhereF1)
{
    /// <summary>What rehearsals are compared by.</summary>
    public double Merit => Score.F1 + ElsewhereF1;
}

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
    private readonly PerturbedRig[] _elsewhere = [.. stage.Options.LearningRigs.Select(p => new PerturbedRig(stage.Scene, p))];
    private readonly RolloutTrace[] _traces = [.. stage.Options.LearningRigs.Select(_ => new RolloutTrace(stage.Options.LeadIn + stage.Truth.Count, stage.Scene.Joints.Count))];
    private readonly CommandTable _commands = new(stage.Scene.Actuators, stage.Options.LeadIn + stage.Truth.Count);
    private readonly List<Rehearsal> _best = [];
    private IterativeLearning? _learner;

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
        for (int i = 0; i < _elsewhere.Length; i++)
            Play(_elsewhere[i], _commands, _traces[i]);
        Rehearsals++;
        PerformanceScore score = _trace.Score(stage.Truth);
        double elsewhere = _traces.Length > 0 ? _traces.Average(t => t.Score(stage.Truth).F1) : score.F1;
        // Learning with contacts is not monotone, so the best are kept.
        _best.Add(new Rehearsal(_commands.Clone(), score, elsewhere));
        _best.Sort((a, b) => (b.Merit, b.Score.OnsetF1).CompareTo((a.Merit, a.Score.OnsetF1)));
        if (_best.Count > Kept)
            _best.RemoveAt(Kept);
        _learner!.Update(_commands, _trace, stage.Options.ContactGain, fromTips: true, _traces);
    }

    /// <summary>F1 of targets on another rig.</summary>
    public double F1On(PerturbedRig rig, CommandTable commands)
    {
        Play(rig, commands, _trace);
        return _trace.Score(stage.Truth).F1;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _piano.Dispose();
        foreach (PerturbedRig rig in _elsewhere)
            rig.Dispose();
        _kinematics.Dispose();
    }

    private void Record(PianoWorld world, CommandTable commands)
    {
        _trace.Record(world, commands);
        EnvSteps += commands.Steps;
    }

    private void Play(PerturbedRig rig, CommandTable commands, RolloutTrace trace)
    {
        rig.Play(commands, trace);
        EnvSteps += commands.Steps;
    }
}
