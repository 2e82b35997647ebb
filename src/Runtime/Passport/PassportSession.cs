using Legato.Policy.Bundles;
using Legato.Runtime.Experiments;
using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.Sim.Limits;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Runtime.Passport;

/// <summary>What speaks against a performance.</summary>
public sealed record PassportLimits
{
    /// <summary>Smallest distance between the hands, m.</summary>
    public double HandClearance { get; init; } = 0.001;

    /// <summary>Greatest measured speed of a drive as a share of what the guard lets commands have: a drive that overshoots is faster than its command.</summary>
    public double Speed { get; init; } = 1.5;

    /// <summary>Greatest share of commands that the guard may have to change.</summary>
    public double Clamped { get; init; } = 0.02;
}

/// <summary>Plays a song in the simulator, on rigs as likely as the real one, and says what to expect of it.</summary>
/// <param name="setup">The robot's model and limits; nothing of it moves.</param>
/// <param name="limits">What speaks against a performance.</param>
/// <param name="time">Measures the loop's sections.</param>
public sealed class PassportSession(RobotSetup setup, PassportLimits limits, TimeProvider time)
{
    /// <summary>Flies.</summary>
    /// <param name="song">What to play.</param>
    /// <param name="bundle">How.</param>
    /// <param name="folder">The bundle's folder.</param>
    /// <param name="rigs">Parameters of the rigs; at least one.</param>
    /// <param name="doubts">What they were drawn from, in words.</param>
    /// <param name="flown">Told how many rigs are done; may be null.</param>
    /// <param name="stop">Breaks it off.</param>
    /// <exception cref="InputException">The bundle does not fit the robot or the song.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public async Task<FlightPassport> RunAsync(PlayableSong song, PolicyBundle bundle, string folder, IReadOnlyList<SimParameters> rigs, string doubts, IProgress<int>? flown, CancellationToken stop)
    {
        bundle.RequireFits(setup.Scene.Actuators, 1 / SceneOptions.ControlPeriod, song.Trajectory);
        using PianoScene bare = PianoScene.Build(setup.Scene.Options);
        var flights = new Flight[rigs.Count];
        int done = 0;
        await Parallel.ForAsync(0, rigs.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, async (i, cancel) =>
        {
            using PianoScene scene = bare.With(rigs[i]);
            flights[i] = await Flight.RunAsync(scene, setup.Scene, setup.Limits, song, bundle, time, cancel);
            flown?.Report(Interlocked.Increment(ref done));
        });
        return Sum(song, bundle, folder, doubts, flights);
    }

    private FlightPassport Sum(PlayableSong song, PolicyBundle bundle, string folder, string doubts, Flight[] flights)
    {
        JointLayout drives = setup.Scene.Actuators;
        ReadOnlySpan<double> range = setup.Scene.Model.ActuatorForceRange;
        double[] force = new double[drives.Count], speed = new double[drives.Count];
        for (int a = 0; a < drives.Count; a++)
            (force[a], speed[a]) = (setup.Scene.Model.ActuatorForceLimited[a] != 0 ? range[(2 * a) + 1] : 0, Finite(setup.Limits.Velocity[a]));
        var passport = new FlightPassport
        {
            Song = song.Name,
            Robot = setup.Configuration.Name,
            Policy = folder,
            Doubts = doubts,
            Rigs = flights.Length,
            F1 = Prediction.Of(flights.Select(f => f.F1)),
            OnsetF1 = Prediction.Of(flights.Select(f => f.OnsetF1)),
            Speed = PeakOf(drives, flights.Select(f => f.Speeds), speed, "rad/s", "m/s"),
            Force = PeakOf(drives, flights.Select(f => f.Forces), force, "N·m", "N"),
            HandClearanceMm = 1000 * flights.Min(f => f.HandClearance),
            PianoClearanceMm = 1000 * flights.Min(f => f.PianoClearance),
            Clamped = flights.Average(f => (double)f.Clamps.Values.Sum() / Math.Max(1, f.Commands)),
            ClampedBy = flights.SelectMany(f => f.Clamps.Keys).Distinct().Order().ToDictionary(r => r.ToString(), r => flights.Average(f => (double)f.Clamps.GetValueOrDefault(r) / Math.Max(1, f.Commands))),
            Objections = [],
        };
        return passport with { Objections = [.. Objections(passport, flights)] };
    }

    private IEnumerable<string> Objections(FlightPassport passport, Flight[] flights)
    {
        foreach (IGrouping<string, Flight> failed in flights.Where(f => f.Ended != PlayReport.Completed).GroupBy(f => f.Ended))
            yield return $"on {failed.Count()} of {flights.Length} rigs the run ended early: {failed.Key}";
        if (passport.HandClearanceMm < 1000 * limits.HandClearance)
            yield return FormattableString.Invariant($"the hands come within {passport.HandClearanceMm:0.0} mm of each other, at least {1000 * limits.HandClearance:0.0} mm are wanted: plan again with another fingering");
        if (passport.Speed.Share > limits.Speed)
            yield return FormattableString.Invariant($"{passport.Speed.Drive} reaches {100 * passport.Speed.Share:0} % of its limit of speed, at most {100 * limits.Speed:0} % are wanted: play more slowly (--tempo)");
        if (passport.Clamped > limits.Clamped)
            yield return FormattableString.Invariant($"the guard would change {100 * passport.Clamped:0.0} % of all commands, at most {100 * limits.Clamped:0.0} % are wanted: plan for this robot's limits, or play more slowly (--tempo)");
    }

    // The drive nearest to its limit; where nobody has one, the greatest value.
    private static Peak PeakOf(JointLayout drives, IEnumerable<double[]> values, double[] limits, string angular, string linear)
    {
        Peak best = default;
        foreach (double[] row in values)
        {
            for (int a = 0; a < row.Length; a++)
            {
                var peak = new Peak(drives.Names[a], row[a], drives.Units[a] == JointUnit.Metre ? linear : angular, limits[a] > 0 ? row[a] / limits[a] : 0);
                if ((peak.Share, peak.Value).CompareTo((best.Share, best.Value)) > 0)
                    best = peak;
            }
        }
        return best;
    }

    private static double Finite(double limit) => double.IsFinite(limit) ? limit : 0;
}
