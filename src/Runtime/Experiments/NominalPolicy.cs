using System.Security.Cryptography;
using System.Text;

using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Sim.Scene;

namespace Legato.Runtime.Experiments;

/// <summary>Finds or makes the bundle that a run plays.</summary>
public static class NominalPolicy
{
    /// <summary>The word on the command line for the plan that the planner makes by itself.</summary>
    public const string Name = "nominal";

    /// <summary>
    /// The nominal plan of a song for a scene: planned once, then kept under a name that its song, scene, parameters and options determine.
    /// </summary>
    /// <param name="scene">The scene, parameters applied.</param>
    /// <param name="song">What to play.</param>
    /// <param name="parametersHash">Identifies the parameters.</param>
    /// <param name="policies">Folder of all bundles.</param>
    /// <param name="options">Planner options.</param>
    /// <param name="progress">Told while planning.</param>
    /// <param name="cancellation">Stops planning.</param>
    /// <returns>The bundle and its folder.</returns>
    /// <exception cref="OperationCanceledException">Stopped; what was best so far is kept to go on from.</exception>
    public static (PolicyBundle Bundle, string Folder) FindOrPlan(
        PianoScene scene, PlayableSong song, string parametersHash, string policies, PlannerOptions options, IProgress<PlanProgress>? progress, CancellationToken cancellation)
    {
        string key = Fingerprint(scene, song, parametersHash, options);
        string folder = Path.Combine(policies, $"{song.Name}-{Name}-{key[..12]}");
        if (PolicyBundle.Exists(folder))
        {
            var kept = PolicyBundle.Load(folder);
            bool hadItsTime = kept.Manifest.IsComplete || kept.Manifest.Seconds >= options.Seconds;
            if (hadItsTime && kept.Manifest.SongHash == PolicyBundle.HashOf(song.Trajectory))
                return (kept, folder);
        }
        PlannedBundle planned = new PlanSession(scene, parametersHash, options, progress).Run(song, folder, Resumption.IfAlike, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return (planned.Bundle, folder);
    }

    private static string Fingerprint(PianoScene scene, PlayableSong song, string parametersHash, PlannerOptions options)
    {
        // The version of the planner is that of its assembly: another build may plan differently.
        string build = typeof(SongPlanner).Assembly.ManifestModule.ModuleVersionId.ToString();
        string text = string.Join('\n', build, scene.Options, PolicyBundle.HashOf(song.Trajectory), parametersHash, options.Hash);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
