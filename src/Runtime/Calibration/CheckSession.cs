using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Checks;
using Legato.SystemId.Parameters;
using Legato.SystemId.Rollouts;

namespace Legato.Runtime.Calibration;

/// <summary>Checks recorded runs and keeps what came of it in the folder of a calibration.</summary>
/// <param name="time">Dates the check.</param>
/// <param name="progress">Told what is going on, in lines for people.</param>
public sealed class CheckSession(TimeProvider time, Action<string> progress)
{
    // Parameters that show only where something is touched.
    private static readonly string[] TouchSections = ["piano", "keys", "hands"];

    // Motion from which it is predicted what can be told apart, s: those parts of all runs that move most. More only narrows intervals.
    private const double MostSeconds = 60;

    /// <summary>Checks.</summary>
    /// <param name="runs">The runs, of one robot.</param>
    /// <param name="acceptedLosses">Folders or names of runs that may be used in spite of their losses or grades.</param>
    /// <param name="parameters">Names of the parameters that a fit is to determine.</param>
    /// <param name="prior">What is believed of all parameters.</param>
    /// <param name="calibration">Folder that receives <c>check.json</c>.</param>
    /// <returns>What was written there.</returns>
    /// <exception cref="InputException">There are no runs, they are of several robots, one stands twice, or a loss is accepted of a run that is not among them.</exception>
    public CheckFile Run(IReadOnlyList<RunImport> runs, IReadOnlyList<string> acceptedLosses, IReadOnlyList<string> parameters, SimParameters prior, string calibration)
    {
        HashSet<string> accepted = Accepted(runs, acceptedLosses);
        ParameterVector choice = ParameterVector.Of(parameters, prior);
        // Contacts cost time, and joints that move freely tell what is asked of drives.
        SceneOptions options = SceneOf(runs) with { Contacts = choice.Definitions.Any(d => TouchSections.Contains(d.Section)) ? ContactSet.Full : ContactSet.None };
        using PianoScene scene = PianoScene.Build(options);
        double seconds = runs.Sum(r => r.Recording.CommandTimes[^1] - r.Recording.CommandTimes[0]);
        progress(FormattableString.Invariant($"checking {runs.Count} runs, {seconds:0} s of motion, for {choice.Count} parameters"));
        CheckResult result = new DataCheck(scene, new ReplayOptions { SegmentLength = 4, Settle = 0.5 + LagOf(prior), MaxSeconds = MostSeconds / runs.Count }).Run([.. runs.Select(r => r.Recording)], accepted, choice, prior);
        var file = new CheckFile(
            time.GetUtcNow(), result.IsPassed, prior.Hash,
            [.. runs.Select(r => new CheckedRun(r.Recording.Name, r.Folder, r.Hash, accepted.Contains(r.Recording.Name)))],
            result.Findings, result.Outlook);
        file.Save(calibration);
        return file;
    }

    private static SceneOptions SceneOf(IReadOnlyList<RunImport> runs)
    {
        if (runs.Count == 0)
            throw new InputException("there is nothing to check; name the folders of runs");
        RunImport? other = runs.FirstOrDefault(r => r.Scene != runs[0].Scene);
        if (other is not null)
            throw new InputException($"{other.Folder}: was recorded with another robot than {runs[0].Folder} (preset, action space, hands or time step differ); check them one by one");
        RunImport? twice = runs.GroupBy(r => r.Hash, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any())?.Last();
        return twice is null ? runs[0].Scene : throw new InputException($"{twice.Folder}: stands twice among the runs; name each once, as data that count twice look more certain than they are");
    }

    private static HashSet<string> Accepted(IReadOnlyList<RunImport> runs, IReadOnlyList<string> named)
    {
        var accepted = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in named)
        {
            RunImport run = runs.FirstOrDefault(r => r.Recording.Name == name || r.Folder == Path.TrimEndingDirectorySeparator(Path.GetFullPath(name)))
                ?? throw new InputException($"--accept-loss {name}: is not among the runs; name one of {string.Join(", ", runs.Select(r => r.Recording.Name))}");
            accepted.Add(run.Recording.Name);
        }
        return accepted;
    }

    private static double LagOf(SimParameters prior) => Math.Max(prior["right_hand.report_lag"], prior["left_hand.report_lag"]);
}
