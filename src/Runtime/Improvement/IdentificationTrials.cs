using Legato.RobotDriver.StandIn;
using Legato.Runtime.Calibration;
using Legato.Sim.Parameters;
using Legato.SystemId.Calibration;

namespace Legato.Runtime.Improvement;

/// <summary>Calibrates rigs whose truth is known: what fits find, and whether their intervals are honest.</summary>
/// <remarks>
/// A trial is a rig of the simulator's own kind: what is fitted is drawn as <see cref="RealityGenerator"/> does, zeros of sensors and everything else are as in the simulator;
/// sensors have noise and steps. It plays the motions for identification and every song once, and is calibrated by the check and the fit of the loop. Trials
/// that are done are found again in the folder. One at a time.
/// </remarks>
/// <param name="workshop">Makes the workshop for a rig: YAML of its reality, folder of its runs.</param>
/// <param name="folder">Folder of all trials.</param>
/// <param name="calibration">What is fitted.</param>
/// <param name="tell">Told what is going on.</param>
public sealed class IdentificationTrials(Func<string, string, IWorkshop> workshop, string folder, CalibrationOptions calibration, IProgress<string> tell)
{
    /// <summary>Runs trials.</summary>
    /// <param name="songs">Names or paths; may be empty.</param>
    /// <param name="seeds">One rig each.</param>
    /// <param name="severity">0 to 1.</param>
    /// <param name="stop">Stops within some simulations.</param>
    /// <exception cref="InputException">A song, the robot or the motions are wrong.</exception>
    public async Task<IReadOnlyList<(SimParameters Truth, IReadOnlyList<ParameterEstimate> Estimates)>> RunAsync(
        IReadOnlyList<string> songs, IEnumerable<int> seeds, double severity, CancellationToken stop)
    {
        var trials = new List<(SimParameters, IReadOnlyList<ParameterEstimate>)>();
        foreach (int seed in seeds)
        {
            SimParameters truth = Draw(seed, severity);
            string own = Path.Combine(folder, FormattableString.Invariant($"rig-{seed}")), found = Path.Combine(own, "calibration");
            if (!File.Exists(Path.Combine(found, FitSession.FitFile)))
            {
                tell.Report($"rig {seed}");
                await CalibrateAsync(songs, seed, truth, own, found, stop);
            }
            trials.Add((truth, FitSession.LoadEstimates(found)));
        }
        return trials;
    }

    /// <summary>The rig of a seed.</summary>
    public SimParameters Draw(int seed, double severity)
    {
        SimParameters drawn = RealityGenerator.Generate(seed, severity).Parameters;
        var drives = ParameterSchema.Definitions.Where(d => calibration.DriveKeys.Contains(d.Key) && (ParameterSchema.Groups.Contains(d.Section) || d.Inherits is not null));
        var others = ParameterSchema.Definitions.Where(d => d.Key is "delay" or "report_lag" or "coupling");
        return drives.Concat(others).Select(d => d.Name).Concat(calibration.KeyParameters)
            .Aggregate(SimParameters.Nominal, (rig, name) => rig.With(name, drawn[name]));
    }

    private async Task CalibrateAsync(IReadOnlyList<string> songs, int seed, SimParameters truth, string own, string found, CancellationToken stop)
    {
        var reality = new Reality { Name = Path.GetFileName(own), Seed = seed, Parameters = truth, Effects = new RealityEffects { ReportNoise = 1, ReportQuantisation = true } };
        string file = Path.Combine(own, "rig.yaml");
        CalibrationFiles.Write(file, reality.ToYaml());
        IWorkshop shop = workshop(file, Path.Combine(own, "runs"));
        var runs = new List<string> { (await shop.ExciteAsync(seed, stop)).Run };
        foreach (string song in songs)
        {
            Trained nominal = await shop.TrainAsync(song, parameters: null, robust: false, previous: null, stop);
            runs.Add((await shop.PlayAsync(song, nominal.Policy, seed, rig: null, stop)).Run);
        }
        await shop.CalibrateAsync(runs, holdOut: [], start: null, keyEvents: true, found, stop);
    }
}
