using Legato.Music;
using Legato.Policy.Feedback;
using Legato.Policy.Planning;
using Legato.Policy.Refinement;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Policy.Robustness;

/// <summary>A rig that differs from the one that a plan is for; plans are played on it as they are.</summary>
/// <remarks>One thread at a time. Deterministic.</remarks>
public sealed class PerturbedRig : IDisposable
{
    private readonly PianoScene _plannedFor, _scene;
    private readonly DrivenWorld _world;

    /// <summary>Builds the rig.</summary>
    /// <param name="scene">The scene that plans are for; it stays the caller's.</param>
    /// <param name="parameters">How the rig differs from it.</param>
    /// <param name="seed">Draws the differences between keys.</param>
    public PerturbedRig(PianoScene scene, SimParameters parameters, int seed = 0)
    {
        _plannedFor = scene;
        _scene = scene.With(parameters, seed);
        _world = new DrivenWorld(_scene);
    }

    /// <summary>Plays targets from rest and records what happens; <paramref name="atStep"/> is called before each step and may throw to break off.</summary>
    public void Play(CommandTable commands, RolloutTrace trace, Action<int>? atStep = null) => trace.Record(_world, commands, atStep);

    /// <summary>Plays a plan: its targets, lead-in first, scored against the song that follows the lead-in.</summary>
    public PerformanceScore Play(CommandTable commands, KeyRoll truth)
    {
        var trace = new RolloutTrace(commands.Steps, _scene.Joints.Count);
        Play(commands, trace);
        return trace.Score(truth);
    }

    /// <summary>Plays a plan as it is meant to be: corrected by what is heard and felt where it asks for that.</summary>
    public PerformanceScore Play(SongPlan plan, KeyRoll truth)
    {
        if (!plan.Feedback)
            return Play(plan.Commands, truth);
        var trace = new RolloutTrace(plan.Commands.Steps, _scene.Joints.Count);
        trace.Record(_world, plan.ToPlayer(_plannedFor.Fingers, FeedbackModel.Of(_plannedFor, plan)));
        return trace.Score(truth);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _world.Dispose();
        _scene.Dispose();
    }
}
