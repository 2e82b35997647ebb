using Legato.Music;
using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Policy.Refinement;
using Legato.Policy.Robustness;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Policy.Planning;

/// <summary>Targets, how they scored in the scene that they were planned in, and their mean F1 on the rigs that they learned from beside it.</summary>
internal sealed record Rehearsal(CommandTable Commands, PerformanceScore Score, double ElsewhereF1)
{
    /// <summary>What rehearsals are compared by.</summary>
    public double Merit => Score.F1 + ElsewhereF1;
}

/// <summary>One fingering on its way to a plan: poses, then learning without the piano, then rehearsals with it.</summary>
/// <remarks>One thread at a time. <see cref="Prepare"/> or <see cref="Resume"/> comes first.</remarks>
internal sealed class PlanCandidate(PlanStage stage, string strategy, FingeringPlan fingering) : IDisposable
{
    private const double FirstGain = 1;
    private const double FreeGain = 0.8;
    private const int Kept = 2;

    private readonly HandKinematics _kinematics = new(stage.Scene);
    private readonly DrivenWorld _piano = new(stage.Scene);
    private readonly RolloutTrace _trace = new(stage.Steps, stage.Scene.Joints.Count);
    private readonly PerturbedRig[] _elsewhere = [.. stage.Options.LearningRigs.Select(p => new PerturbedRig(stage.Scene, p))];
    private readonly RolloutTrace[] _traces = [.. stage.Options.LearningRigs.Select(_ => new RolloutTrace(stage.Steps, stage.Scene.Joints.Count))];
    private readonly List<Rehearsal> _best = [];
    private CommandTable _commands = new(stage.Scene.Actuators, stage.Steps);
    private IterativeLearning? _learner;
    private RehearsalLearning? _rehearsals, _performances;
    private TipReference? _tips;

    /// <summary>Name of the fingering strategy.</summary>
    public string Strategy => strategy;

    /// <summary>The fingering.</summary>
    public FingeringPlan Fingering => fingering;

    /// <summary>The best rehearsals, best first.</summary>
    public IReadOnlyList<Rehearsal> Best => _best;

    /// <summary>Targets to play next.</summary>
    public CommandTable Commands => _commands;

    /// <summary>Rehearsals so far.</summary>
    public int Rehearsals { get; private set; }

    /// <summary>Solves the poses and lets the joints learn to follow them without the piano.</summary>
    /// <exception cref="OperationCanceledException">Somebody asked to stop.</exception>
    public void Prepare()
    {
        PlannerOptions options = stage.Options;
        MotionReference reference = SolvePoses();
        using var world = new DrivenWorld(stage.Free);
        var gain = new double[_commands.Steps];
        for (int i = 0; i <= options.FreeRollouts; i++)
        {
            stage.Run.Report($"{strategy}: without the piano {i + 1}/{options.FreeRollouts + 1}");
            stage.Perform(world, _commands, _trace);
            Array.Fill(gain, i == 0 ? FirstGain : FreeGain);
            _learner!.Update(_commands, _trace, gain, fromTips: false);
        }
        for (int t = 0; t < _commands.Steps; t++)
        {
            for (int a = 0; a < stage.Scene.Actuators.Count; a++)
                _commands[t][a] = Math.Clamp(_commands[t][a] + reference.Force[t][a], stage.Scene.ControlLow[a], stage.Scene.ControlHigh[a]);
        }
        _learner!.Confine(_commands);
    }

    /// <summary>Solves the poses and takes targets that have learned before.</summary>
    /// <exception cref="OperationCanceledException">Somebody asked to stop.</exception>
    public void Resume(CommandTable learned)
    {
        SolvePoses();
        _commands = learned.Clone();
        _learner!.Confine(_commands);
    }

    /// <summary>Learns from what went wrong the last time, plays once with the piano, and keeps the targets if they are among the best.</summary>
    /// <exception cref="OperationCanceledException">Somebody asked to stop.</exception>
    public void Rehearse()
    {
        if (Rehearsals > 0)
            _rehearsals!.Learn(_commands, _trace, _traces);
        stage.Perform(_piano, _commands, _trace);
        for (int i = 0; i < _elsewhere.Length; i++)
            stage.Perform(_elsewhere[i], _commands, _traces[i]);
        Rehearsals++;
        PerformanceScore score = _trace.Score(stage.Truth);
        double elsewhere = _traces.Length > 0 ? _traces.Average(t => t.Score(stage.Truth).F1) : score.F1;
        // Learning with contacts is not monotone, so the best are kept.
        _best.Add(new Rehearsal(_commands.Clone(), score, elsewhere));
        _best.Sort((a, b) => (b.Merit, b.Score.OnsetF1).CompareTo((a.Merit, a.Score.OnsetF1)));
        if (_best.Count > Kept)
            _best.RemoveAt(Kept);
        stage.Run.Report($"{strategy}: rehearsal {Rehearsals}/{stage.Options.ContactRollouts}", _best[0].Score.F1);
    }

    /// <summary>Learns from what a rig made of <see cref="Commands"/>: from its joints, and from what was heard.</summary>
    public void Learn(RolloutTrace trace, KeyFeedback heard)
    {
        _performances ??= new RehearsalLearning(_learner!, stage.Truth, stage.Options.LeadIn, stage.Scene.Joints.Count, stage.Options.ContactGain, boldness: 0);
        _learner!.Shift(heard.Of(trace));
        _performances.Learn(_commands, trace);
    }

    /// <summary>Samples around what is wrong with targets; the result is no worse.</summary>
    public SamplingResult Refine(CommandTable commands, SamplingOptions sampling)
    {
        PianoScene[] others = [.. stage.Options.LearningRigs.Select(p => stage.Scene.With(p))];
        try
        {
            var refiner = new SamplingRefiner([stage.Scene, .. others], _kinematics, _tips!, stage.Truth, stage.Options.LeadIn, sampling, stage.Options.Seed, stage.Options.Threads, stage.Feasible);
            SamplingResult result = refiner.Refine(commands, () => stage.Run.IsOver, stage.Run);
            stage.Run.Count(result.EnvSteps);
            return result;
        }
        finally
        {
            foreach (PianoScene other in others)
                other.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _piano.Dispose();
        foreach (PerturbedRig rig in _elsewhere)
            rig.Dispose();
        _kinematics.Dispose();
    }

    private MotionReference SolvePoses()
    {
        PlannerOptions options = stage.Options;
        stage.Run.Report($"{strategy}: poses");
        MotionReference reference = ReferenceBuilder.Build(_kinematics, stage.Posture, fingering, options.LeadIn, stage.Truth.Count, options.Style, options.Trajectory, options.Limits, stage.Run.CheckStop);
        _tips = reference.Tips;
        _learner = new IterativeLearning(_kinematics, stage.Inverse, reference.Poses, reference.Tips, stage.Feasible);
        _rehearsals = new RehearsalLearning(_learner, stage.Truth, options.LeadIn, stage.Scene.Joints.Count, options.ContactGain);
        return reference;
    }
}
