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
    public static (PolicyBundle Bundle, string Folder) FindOrPlan(
        PianoScene scene, PlayableSong song, string parametersHash, string policies, PlannerOptions options, IProgress<PlanProgress>? progress, CancellationToken cancellation)
    {
        string key = Fingerprint(scene, song, parametersHash, options);
        string folder = Path.Combine(policies, $"{song.Name}-{Name}-{key[..12]}");
        if (Directory.Exists(folder))
        {
            PolicyBundle kept = PolicyBundle.Load(folder);
            if (kept.Manifest.SongHash == PolicyBundle.HashOf(song.Trajectory))
                return (kept, folder);
        }
        SongPlan plan = new SongPlanner(scene, options).Plan(song.Name, song.Trajectory, progress, cancellation);
        PolicyBundle bundle = PolicyBundle.Of(plan, song.Trajectory, Describe(scene), parametersHash);
        bundle.Save(folder);
        return (bundle, folder);
    }

    /// <summary>Preset, action space and embodiment in one word each.</summary>
    public static string Describe(PianoScene scene) =>
        $"{scene.Options.Preset} {scene.Options.ActionSpace} {scene.Options.Embodiment}".ToLowerInvariant();

    private static string Fingerprint(PianoScene scene, PlayableSong song, string parametersHash, PlannerOptions options)
    {
        // The version of the planner is that of its assembly: another build may plan differently.
        string build = typeof(SongPlanner).Assembly.ManifestModule.ModuleVersionId.ToString();
        string text = string.Join('\n', build, scene.Options, PolicyBundle.HashOf(song.Trajectory), parametersHash, options.LeadIn, options.FreeRollouts, options.ContactRollouts, options.Style, options.Posture, options.Kinematics,
            string.Concat(options.LearningRigs.Select(rig => rig.Hash)), string.Concat(options.Doubts.Select(rig => rig.Hash)));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
