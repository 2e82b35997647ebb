using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Feedback;
using Legato.Policy.Planning;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Policy.Learning.Training;

/// <summary>Makes a learning task of a song and, where there is one, its plan: who presses what, what to correct, where the fingertips were.</summary>
/// <remarks>Stateless and thread-safe.</remarks>
public static class SongTask
{
    // Nothing to see, nothing to do.
    private static readonly TaskDefinition PlanAlone = new()
    {
        Observations = ["piano/keys"],
        Action = new ActionSettings { Kind = ActionKind.Residual },
        Rewards = [new("key_press", 1)],
    };

    /// <summary>Makes the task.</summary>
    /// <param name="definition">What is observed, done and rewarded.</param>
    /// <param name="scene">The hands, parameters applied; it must outlive the task.</param>
    /// <param name="trajectory">What is to be played.</param>
    /// <param name="plan">How, if a plan is known.</param>
    /// <exception cref="InputException">The definition needs a plan and there is none, or it does not fit.</exception>
    public static PianoTask Create(TaskDefinition definition, PianoScene scene, NoteTrajectory trajectory, SongPlan? plan)
    {
        TaskSong song = TaskSong.From(trajectory, plan?.LeadIn ?? 0);
        if (plan is null)
            return new PianoTask(definition, scene, song);
        song = song.WithFingering(plan.Fingering.Presses.Select(p => (new FingeredKey(p.Press.Key, scene.Fingers[p.Finger].Part), p.Press.Start, p.Press.End)));
        PriorTable prior = PriorOf(plan);
        TipTable? tips = NeedsDemonstration(definition) ? Demonstrate(scene, song, prior) : null;
        return new PianoTask(definition, scene, song, prior, tips, plan.Feedback ? Corrected(scene, plan) : null);
    }

    /// <summary>The task of a bundle that is played, not trained: what its network observes and does, or of a bundle without one, what makes no action play the plan. Its reward means nothing.</summary>
    /// <param name="bundle">A bundle that fits the scene and the song.</param>
    /// <param name="scene">The hands, parameters applied; it must outlive the task.</param>
    /// <param name="trajectory">What the bundle plays.</param>
    /// <exception cref="InputException">The network was trained on other observations than its task has here.</exception>
    public static PianoTask Of(PolicyBundle bundle, PianoScene scene, NoteTrajectory trajectory)
    {
        SongPlan plan = bundle.ToPlan();
        if (bundle.Manifest.Residual is not { } residual)
            return Create(PlanAlone, scene, trajectory, plan);
        string who = $"policy for '{bundle.Manifest.Song}'";
        PianoTask task = Create(TaskDefinition.Parse(residual.Task, $"{who}, task") with { Rewards = PlanAlone.Rewards }, scene, trajectory, plan);
        return task.Observations.Layout.Ranges.SequenceEqual(residual.Observation)
            ? task
            : throw new InputException($"{who}: was trained on other observations ({string.Join(' ', residual.Observation.Select(o => o.Name))}) than this robot has ({task.Observations.Layout}); train again");
    }

    private static Func<IPriorPlayer> Corrected(PianoScene scene, SongPlan plan)
    {
        var model = FeedbackModel.Of(scene, plan);
        return () => new CorrectedPrior(plan.ToPlayer(scene.Fingers, model), plan.Pedal);
    }

    private static PriorTable PriorOf(SongPlan plan)
    {
        int width = plan.Commands.Actuators.Count + 1;
        double[] rows = new double[plan.Commands.Steps * width];
        for (int t = 0; t < plan.Commands.Steps; t++)
        {
            plan.Commands[t].CopyTo(rows.AsSpan(t * width));
            rows[((t + 1) * width) - 1] = plan.Pedal[t];
        }
        return new PriorTable(plan.Commands.Actuators, rows);
    }

    private static bool NeedsDemonstration(TaskDefinition definition) =>
        definition.Observations.Contains("demo_fingertips") || definition.Rewards.Any(r => r.Name == "mimic");

    // The plan, played on the rig that it is for, is the demonstration.
    private static TipTable Demonstrate(PianoScene scene, TaskSong song, PriorTable prior)
    {
        var task = new PianoTask(PlanAlone, scene, song, prior);
        using TaskEnvironment world = task.NewEnvironment([new SimRig(scene, Sim.Parameters.SimParameters.Nominal)]);
        world.Reset();
        float[] nothing = new float[task.Actions.Size];
        int width = world.State.TipPositions.Length;
        double[] tips = new double[song.Steps * width];
        for (int t = 0; t < song.Steps; t++)
        {
            world.Step(nothing);
            world.State.TipPositions.CopyTo(tips, t * width);
        }
        return new TipTable(scene.Fingers.Count, tips);
    }
}
