using System.Globalization;

using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Rollouts;
using Legato.SystemId.Timing;

namespace Legato.SystemId.Checks;

/// <summary>Asks of every drive whose target it follows: finds swapped joints, swapped hands and flipped signs.</summary>
/// <remarks>
/// The rate of each drive's reading is correlated with the rates of all targets of its unit over delays that drives can
/// have. A drive follows a target when the best correlation is high and its motion is no mere echo (fingers shake a little when
/// the wrist moves). Only clear cases are reported: targets that move alike cannot be told apart. Immutable and thread-safe.
/// </remarks>
/// <param name="scene">The scene of the recorded robot; it stays the caller's.</param>
/// <param name="noise">What the encoders' noise is taken to be.</param>
public sealed class MappingCheck(PianoScene scene, EncoderNoise noise)
{
    /// <summary>Range of a target, in standard deviations of the noise, from which it counts as moving.</summary>
    internal const double MovingTarget = 20;

    private const double Period = 0.02, MaxDelay = 0.4;

    // Half the window of slopes, in periods: 20 Hz commands are steps, so that their rates need two of them.
    private const int HalfWindow = 3;

    // A correlation from which a drive follows its own target, by how much another explanation must be worse, and the smallest motion that is no echo.
    private const double Follows = 0.75, Margin = 0.3, LeastGain = 0.25;

    // There are dozens of others, and one of them may resemble anything that shakes a joint: real swaps are far clearer.
    private const double FollowsAnother = 0.9;

    // Below this a drive is pushed around more than it moves itself.
    private const double HardlyFollows = 0.5;

    /// <summary>Largest correlations of a drive with a target over all delays: along with it, and against it (0 or less).</summary>
    private readonly record struct Peaks(double Along, double Against)
    {
        public double Size => Math.Max(Along, -Against);

        // A wave that repeats looks like its opposite half a period later: only what follows in no other way is flipped.
        public bool IsFlipped => -Against >= Follows && -Against >= Along + Margin;
    }

    /// <summary>Whom a moving drive follows.</summary>
    /// <param name="Drive">Index of the drive.</param>
    /// <param name="Own">Correlations with its own target; 0 when that does not move.</param>
    /// <param name="Best">Index of the target that it follows best, or −1.</param>
    /// <param name="Other">Correlations with that one.</param>
    private sealed record Following(int Drive, Peaks Own, int Best, Peaks Other)
    {
        public bool IsStray => Best >= 0 && Best != Drive && Other.Size >= FollowsAnother && Other.Size >= Own.Size + Margin;
    }

    /// <summary>Everything found, errors first.</summary>
    /// <param name="recording">A recording whose times rise and whose values are numbers.</param>
    public IReadOnlyList<Finding> Judge(RawRecording recording)
    {
        if (!recording.Actuators.Equals(scene.Actuators) || !recording.Joints.Equals(scene.Joints))
            return [new Finding(Severity.Error, "wrong-robot", $"{recording.Name}: its joints or actuators are not those of this robot ({Difference(recording)}); choose the robot that it was recorded with")];
        double start = Math.Max(recording.MeasuredTimes[0], recording.CommandTimes[0]), end = Math.Min(recording.MeasuredTimes[^1], recording.CommandTimes[^1]);
        int count = (int)((end - start) / Period) + 1, lags = (int)(MaxDelay / Period);
        if (count < 4 * lags)
            return [new Finding(Severity.Warning, "mapping", Text($"{recording.Name}: too short to tell which joint follows which target: {end - start:0.0} s, expected {4 * MaxDelay:0} s"))];
        MotionRecord motion = recording.ToMotion();
        double[]?[] targets = [.. Enumerable.Range(0, scene.Actuators.Count).Select(a => Rates(a, motion.CommandTimes, [.. motion.Targets.Select(row => row[a])], isHeld: true))];
        double[]?[] readings = [.. Enumerable.Range(0, scene.Actuators.Count).Select(a => Rates(a, motion.MeasuredTimes, [.. motion.Measured.Select(row => scene.JointsOf(a).Sum(j => row[j]))], isHeld: false))];
        Following[] all = [.. Enumerable.Range(0, readings.Length).Where(d => readings[d] is not null).Select(d => Follow(d, readings[d]!, targets, lags))];
        return [.. Name(recording, all)];

        double[]? Rates(int actuator, double[] times, double[] values, bool isHeld) => values.Max() - values.Min() < MovingTarget * noise.Of(scene.Actuators.Units[actuator])
            ? null
            : Slopes(new TimedSignal(times, values, isHeld).Resample(start, Period, count));
    }

    private Following Follow(int drive, double[] reading, double[]?[] targets, int lags)
    {
        var (own, other) = (default(Peaks), default(Peaks));
        int best = -1;
        for (int a = 0; a < targets.Length; a++)
        {
            if (targets[a] is not { } target || scene.Actuators.Units[a] != scene.Actuators.Units[drive])
                continue;
            Peaks peaks = Correlate(target, reading, lags);
            if (a == drive)
                own = peaks;
            bool isEcho = Size(reading) < LeastGain * Size(target);
            if (!isEcho && peaks.Size > other.Size)
                (best, other) = (a, peaks);
        }
        return new Following(drive, own, best, other);
    }

    private IEnumerable<Finding> Name(RawRecording recording, Following[] all)
    {
        Dictionary<int, Following> strays = all.Where(f => f.IsStray).ToDictionary(f => f.Drive);
        int crossed = strays.Values.Count(f => f.Best == OtherHand(f.Drive));
        // A few joints on the wrong side are wires; most of what moves are hands.
        if (crossed >= 3 && 2 * crossed > all.Length)
        {
            string examples = string.Join(", ", strays.Values.Take(3).Select(f => $"{Drive(f.Drive)} follows {Drive(f.Best)}"));
            yield return new Finding(Severity.Error, "wrong-hand", $"{recording.Name}: {crossed} drives follow the target of the same drive of the other hand ({examples}): the hands are swapped; check namespaces and cables");
            yield break;
        }
        foreach (Following f in strays.Values)
        {
            bool isMutual = strays.TryGetValue(f.Best, out Following? other) && other.Best == f.Drive;
            if (isMutual && f.Best < f.Drive)
                continue;
            string swap = isMutual ? ": the two are swapped" : $", not its own (correlations {Text($"{f.Other.Size:0.00}")} and {Text($"{f.Own.Size:0.00}")}): its sensor or motor is connected elsewhere";
            yield return new Finding(Severity.Error, isMutual ? "swapped-joints" : "wrong-joint", $"{recording.Name}: {Drive(f.Drive)} follows the target of {Drive(f.Best)}{swap}; check names and order in the driver's configuration");
        }
        foreach (Following f in all.Where(f => !f.IsStray && f.Own.IsFlipped))
            yield return new Finding(Severity.Error, "flipped-sign", $"{recording.Name}: {Drive(f.Drive)} moves against its target (correlation {Text($"{f.Own.Against:0.00}")}): its sign is flipped; check the calibration of the sensor");
        foreach (Following f in all.Where(f => f is { IsStray: false, Own: { IsFlipped: false, Along: > 0 and < HardlyFollows } }))
            yield return new Finding(Severity.Warning, "hardly-follows", $"{recording.Name}: {Drive(f.Drive)} hardly follows its target (correlation {Text($"{f.Own.Along:0.00}")}): other motion pushes it more than its own drive; move it on its own, or further");
    }

    private int OtherHand(int actuator)
    {
        string drive = Drive(actuator);
        string other = (drive.StartsWith("rh_", StringComparison.Ordinal) ? "lh_" : "rh_") + drive[3..];
        return Enumerable.Range(0, scene.Actuators.Count).FirstOrDefault(a => Drive(a) == other, -1);
    }

    private string Drive(int actuator) => SceneParameters.DriveName(scene.Actuators.Names[actuator]);

    private string Difference(RawRecording recording)
    {
        string[] missing = [.. scene.Joints.Names.Except(recording.Joints.Names).Concat(scene.Actuators.Names.Except(recording.Actuators.Names)).Take(3)];
        string[] extra = [.. recording.Joints.Names.Except(scene.Joints.Names).Concat(recording.Actuators.Names.Except(scene.Actuators.Names)).Take(3)];
        return missing.Length + extra.Length == 0 ? "the order differs"
            : string.Join("; ", ((string[])[missing.Length > 0 ? $"missing {string.Join(", ", missing)}" : "", extra.Length > 0 ? $"unknown {string.Join(", ", extra)}" : ""]).Where(s => s.Length > 0));
    }

    private static Peaks Correlate(double[] target, double[] reading, int lags)
    {
        var (along, against) = (0.0, 0.0);
        for (int lag = 0; lag <= lags; lag++)
        {
            (double cross, double first, double second) = (0, 0, 0);
            for (int i = 0; i + lag < target.Length; i++)
            {
                cross += target[i] * reading[i + lag];
                first += target[i] * target[i];
                second += reading[i + lag] * reading[i + lag];
            }
            double correlation = first > 0 && second > 0 ? cross / Math.Sqrt(first * second) : 0;
            (along, against) = (Math.Max(along, correlation), Math.Min(against, correlation));
        }
        return new Peaks(along, against);
    }

    private static double[] Slopes(double[] values) =>
        [.. Enumerable.Range(HalfWindow, values.Length - (2 * HalfWindow)).Select(i => Enumerable.Range(1, HalfWindow).Sum(k => k * (values[i + k] - values[i - k])))];

    private static double Size(double[] rates) => Math.Sqrt(rates.Average(r => r * r));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
