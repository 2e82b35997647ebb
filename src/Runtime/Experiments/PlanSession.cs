using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Sim.Scene;

namespace Legato.Runtime.Experiments;

/// <summary>When planning goes on from the bundle that lies in the folder.</summary>
public enum Resumption
{
    /// <summary>If the bundle is of the same song, scene, parameters and options.</summary>
    IfAlike,

    /// <summary>Always; a bundle that does not fit is refused.</summary>
    Required,

    /// <summary>Never.</summary>
    Never,
}

/// <summary>A bundle fresh from the planner.</summary>
/// <param name="Bundle">The bundle.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="ResumedF1">F1 of the bundle that planning went on from; null if it began anew.</param>
/// <param name="Replaced">Why the bundle that lay there was replaced; null if none was.</param>
public sealed record PlannedBundle(PolicyBundle Bundle, string Folder, double? ResumedF1, string? Replaced);

/// <summary>Plans songs for one scene into folders.</summary>
/// <param name="scene">The scene, parameters applied.</param>
/// <param name="parametersHash">Identifies the parameters.</param>
/// <param name="options">Planner options.</param>
/// <param name="progress">Told while planning; may be null.</param>
public sealed class PlanSession(PianoScene scene, string parametersHash, PlannerOptions options, IProgress<PlanProgress>? progress)
{
    /// <summary>Preset, action space and embodiment in one word each.</summary>
    public static string Describe(PianoScene scene) =>
        $"{scene.Options.Preset} {scene.Options.ActionSpace} {scene.Options.Embodiment}".ToLowerInvariant();

    /// <summary>Plans a song, anew or on from what lies in the folder, and writes the bundle there.</summary>
    /// <param name="song">What to play.</param>
    /// <param name="folder">Folder of the bundle.</param>
    /// <param name="resumption">Whether to go on.</param>
    /// <param name="stop">Ends planning; the best so far is written.</param>
    /// <exception cref="InputException">The folder cannot be written, or what lies there is not what has to be resumed.</exception>
    /// <exception cref="OperationCanceledException">Stopped before anything was played; nothing is written.</exception>
    public PlannedBundle Run(PlayableSong song, string folder, Resumption resumption, CancellationToken stop)
    {
        (SongPlan? previous, string? obstacle) = resumption == Resumption.Never ? (null, null) : Find(song, folder, resumption == Resumption.Required);
        var planner = new SongPlanner(scene, options);
        SongPlan plan = previous is null
            ? planner.Plan(song.Name, song.Trajectory, progress, stop)
            : planner.Continue(previous, song.Trajectory, progress, stop);
        var bundle = PolicyBundle.Of(plan, song.Trajectory, Describe(scene), parametersHash);
        bundle.Save(folder);
        return new PlannedBundle(bundle, folder, previous?.Score.F1, obstacle);
    }

    private (SongPlan? Plan, string? Obstacle) Find(PlayableSong song, string folder, bool isRequired)
    {
        if (!isRequired && !PolicyBundle.Exists(folder))
            return (null, null);
        try
        {
            var bundle = PolicyBundle.Load(folder);
            string? obstacle = bundle.ObstacleToGoOn(scene.Actuators, 1 / SceneOptions.ControlPeriod, song.Trajectory, options.LeadIn, Describe(scene), parametersHash);
            if (isRequired && obstacle is not null)
                throw new InputException($"{folder}: the policy for '{bundle.Manifest.Song}' cannot be resumed: {obstacle}");
            // With other options nobody but who asks for it wants the old fingering.
            if (!isRequired && bundle.Manifest.OptionsHash != options.Hash)
                obstacle ??= "made with other options of the planner";
            return obstacle is null ? (bundle.ToPlan(), null) : (null, obstacle);
        }
        catch (InputException e) when (!isRequired)
        {
            return (null, e.Message);
        }
    }
}
