using Legato.Music;
using Legato.Policy.Feedforward;
using Legato.Policy.Kinematics;
using Legato.Policy.Limits;
using Legato.Policy.Refinement;
using Legato.Policy.Robustness;
using Legato.Sim.Drives;
using Legato.Sim.Scene;

namespace Legato.Policy.Planning;

/// <summary>What all candidates of a song share: the scene with and without contacts, the posture, how actuators answer, the song.</summary>
/// <remarks>Owns the scene without contacts. Thread-safe.</remarks>
internal sealed class PlanStage : IDisposable
{
    /// <summary>Measures the posture and the actuators' responses.</summary>
    public PlanStage(PianoScene scene, PlannerOptions options, NoteTrajectory trajectory, PlanRun run)
    {
        (Scene, Options, Run, Truth) = (scene, options, run, trajectory.ToKeyRoll());
        Feasible = options.Limits is { } limits ? new FeasibleCommands(limits) : null;
        run.Report("posture and actuator responses");
        using (var kinematics = new HandKinematics(scene))
            Posture = PlayingPosture.Measure(kinematics, options.Style, options.Posture);
        if (options.Limits is not null)
            Posture = Posture.Within(options.Limits);
        Free = scene.WithContacts(ContactSet.None);
        Inverse = new NormOptimalInverse(StepResponses.Identify(Free, Posture.Pose), scene.Actuators.Count, Steps, options.Roughness);
    }

    /// <summary>The scene to play in.</summary>
    public PianoScene Scene { get; }

    /// <summary>The same without contacts.</summary>
    public PianoScene Free { get; }

    /// <summary>The relaxed hand and its span.</summary>
    public PlayingPosture Posture { get; }

    /// <summary>Targets that make actuators follow.</summary>
    public NormOptimalInverse Inverse { get; }

    /// <summary>Targets that the robot takes as they are; null where its actuators' ranges are the only limits.</summary>
    public FeasibleCommands? Feasible { get; }

    /// <summary>What is to sound.</summary>
    public KeyRoll Truth { get; }

    /// <summary>What the planner may do.</summary>
    public PlannerOptions Options { get; }

    /// <summary>Clock, threads, messages.</summary>
    public PlanRun Run { get; }

    /// <summary>Control steps of the song and its lead-in.</summary>
    public int Steps => Options.LeadIn + Truth.Count;

    /// <summary>Plays targets from the start of a world and records what happens.</summary>
    /// <exception cref="OperationCanceledException">Somebody asked to stop.</exception>
    public void Perform(DrivenWorld world, CommandTable commands, RolloutTrace trace)
    {
        trace.Record(world, commands, Run.CheckStop);
        Run.Count(commands.Steps);
    }

    /// <summary>Plays targets on another rig and records what happens.</summary>
    /// <exception cref="OperationCanceledException">Somebody asked to stop.</exception>
    public void Perform(PerturbedRig rig, CommandTable commands, RolloutTrace trace)
    {
        rig.Play(commands, trace, Run.CheckStop);
        Run.Count(commands.Steps);
    }

    /// <inheritdoc/>
    public void Dispose() => Free.Dispose();
}
