using System.Globalization;

using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Checks;

/// <summary>Judges a recording as a measurement: what is missing, stale, frozen, saturated, or no number.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
/// <param name="scene">The scene of the recorded robot; it stays the caller's.</param>
/// <param name="noise">What the encoders' noise is taken to be.</param>
public sealed class QualityCheck(PianoScene scene, EncoderNoise noise)
{
    // A state this old has been through a stall; the control loop lifts the hands at the same age, s.
    private const double OldState = 0.1;

    // Clocks of one machine agree far better than this, s.
    private const double ClockTolerance = 1e-4;

    // Longest gap that segments of the replay bridge without losing what the joints did in it, s.
    private const double LongestGap = 0.5;
    private const double FewLate = 0.01, Late = 0.01;

    // Share of the time at a limit from which a drive shows its limit more than its dynamics.
    private const double MuchSaturation = 0.2;

    // In standard deviations of the noise; less is no motion.
    private const double LeastMotion = 6;

    // How much wider another motion must be to show that a drive is alive.
    private const double MuchWider = 2;

    /// <summary>Everything found, errors first.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="acceptLoss">Whether somebody who knows of its losses, or of a D or E as its grade, wants it used all the same.</param>
    /// <param name="others">More recordings of the rig: a drive that follows in one of them is not dead where a small motion does not overcome its friction.</param>
    public IReadOnlyList<Finding> Judge(RawRecording recording, bool acceptLoss = false, IReadOnlyList<RawRecording>? others = null)
    {
        var findings = new List<Finding>();
        findings.AddRange(recording.Losses.Select(loss => new Finding(
            acceptLoss ? Severity.Warning : Severity.Error, "loss",
            $"{recording.Name}: {loss.TrimEnd('.')}{(acceptLoss ? " (accepted)" : "; record it again, or accept the loss by name")}")));
        if (recording.Grade is "C" or "D" or "E" or "F")
            findings.Add(GradeFinding(recording, acceptLoss));
        if (recording.MeasuredTimes.Length < 3 || recording.CommandTimes.Length < 3)
            findings.Add(new Finding(Severity.Error, "short", $"{recording.Name}: holds {recording.CommandTimes.Length} commands and {recording.MeasuredTimes.Length} joint states; expected three or more of each"));
        else
            findings.AddRange([.. Times(recording), .. Values(recording, others ?? [])]);
        // Sorting is stable: findings of one severity stay in the order of the checks.
        return [.. findings.OrderByDescending(f => f.Severity)];
    }

    // A fault spoils a run whoever vouches for it; a C does not spoil a fit, as times are recorded as they were.
    private static Finding GradeFinding(RawRecording recording, bool accept)
    {
        string text = $"{recording.Name}: graded {recording.Grade} as a measurement: {recording.GradeReason}";
        return recording.Grade switch
        {
            "F" => new Finding(Severity.Error, "grade", $"{text}; record it again"),
            "C" => new Finding(Severity.Warning, "grade", text),
            _ when accept => new Finding(Severity.Warning, "grade", $"{text} (accepted)"),
            _ => new Finding(Severity.Error, "grade", $"{text}; record it again, or accept the run by name"),
        };
    }

    private static IEnumerable<Finding> Times(RawRecording recording)
    {
        (string name, double[] times) = (recording.Name, recording.MeasuredTimes);
        foreach ((string what, double[] clock) in ((string, double[])[])[("commands", recording.CommandTimes), ("joint states", times)])
        {
            int back = Enumerable.Range(1, clock.Length - 1).FirstOrDefault(i => !(clock[i] >= clock[i - 1]));
            if (back > 0)
                yield return new Finding(Severity.Error, "clock", Text($"{name}: the times of {what} run backwards at number {back}, {clock[back] - clock[0]:0.000} s into the recording; the clock was set or two sources share a topic"));
        }
        double ahead = times.Zip(recording.ReadTimes, (reported, read) => reported - read).Max();
        if (ahead > ClockTolerance)
            yield return new Finding(Severity.Error, "clock-offset", Text($"{name}: joint states are stamped up to {1000 * ahead:0.0} ms after they were read; their clock is not the control loop's"));
        double[] ages = [.. times.Zip(recording.ReadTimes, (reported, read) => read - reported).Order()];
        if (ages[^1] > OldState)
            yield return new Finding(Severity.Warning, "stale", Text($"{name}: {ages.Count(a => a > OldState)} of {ages.Length} joint states were older than {1000 * OldState:0} ms when they were read, the oldest {1000 * ages[^1]:0} ms"));

        int repeated = Enumerable.Range(1, times.Length - 1).Count(i => times[i] == times[i - 1]);
        if (repeated > 0)
            yield return new Finding(Severity.Warning, "repeated", Text($"{name}: {repeated} of {times.Length} joint states repeat the stamp of the one before; they are left out"));
        double[] distances = [.. times.Skip(1).Zip(times, (next, before) => next - before).Where(d => d > 0)];
        double usual = distances.Length > 0 ? distances.Order().ElementAt(distances.Length / 2) : 0;
        double[] gaps = [.. distances.Where(d => d > 2.5 * usual)];
        if (gaps.Length > 0)
        {
            Severity severity = gaps.Max() > LongestGap ? Severity.Error : Severity.Warning;
            yield return new Finding(severity, "gap", Text($"{name}: {gaps.Length} gaps in the joint states ({1000 * usual:0.#} ms apart otherwise), the longest {1000 * gaps.Max():0} ms{(severity == Severity.Error ? "; record it again" : "")}"));
        }
        int late = recording.Lateness.Count(l => l > Late);
        if (late > FewLate * recording.Lateness.Length)
            yield return new Finding(Severity.Warning, "late", Text($"{name}: {late} of {recording.Lateness.Length} cycles began more than {1000 * Late:0} ms late, the worst {1000 * recording.Lateness.Max():0} ms"));
    }

    private IEnumerable<Finding> Values(RawRecording recording, IReadOnlyList<RawRecording> others)
    {
        bool isFinite = true;
        foreach ((string what, JointLayout layout, double[][] rows) in ((string, JointLayout, double[][])[])[("target", recording.Actuators, recording.Targets), ("measured position", recording.Joints, recording.Measured)])
        {
            for (int j = 0; j < layout.Count; j++)
            {
                int wrong = rows.Count(row => !double.IsFinite(row[j]));
                if (wrong == 0)
                    continue;
                isFinite = false;
                yield return new Finding(Severity.Error, "not-a-number", $"{recording.Name}: {layout.Names[j]}: {wrong} of {rows.Length} {what}s are no numbers; check the sensor and record it again");
            }
        }
        if (!isFinite || !recording.Actuators.Equals(scene.Actuators) || !recording.Joints.Equals(scene.Joints))
            yield break;
        int[] commandOf = LatestCommands(recording);
        for (int a = 0; a < scene.Actuators.Count; a++)
        {
            foreach (Finding finding in Drive(recording, a, commandOf, others))
                yield return finding;
        }
    }

    private IEnumerable<Finding> Drive(RawRecording recording, int a, int[] commandOf, IReadOnlyList<RawRecording> others)
    {
        double unit = noise.Of(scene.Actuators.Units[a]);
        (double commanded, double moved) = Ranges(recording, a);
        if (commanded < MappingCheck.MovingTarget * unit)
            yield break;
        string drive = SceneParameters.DriveName(scene.Actuators.Names[a]);
        IReadOnlyList<int> joints = scene.JointsOf(a);
        double[] targets = [.. recording.Targets.Select(row => row[a])], readings = [.. recording.Measured.Select(row => joints.Sum(j => row[j]))];
        if (moved < Math.Max(LeastMotion * unit, 0.02 * commanded))
        {
            string what = $"{recording.Name}: {drive} moves by {In(moved, a)} while its target moves by {In(commanded, a)}";
            yield return others.Any(other => Follows(other, a, MuchWider * commanded))
                ? new Finding(Severity.Warning, "sticks", $"{what}: held by its friction or play, as it follows wider motions of another recording")
                : new Finding(Severity.Error, "frozen", $"{what}: frozen, jammed or not reported");
        }

        double edge = 1e-3 * (scene.ControlHigh[a] - scene.ControlLow[a]);
        double atLimit = Share(targets, t => t <= scene.ControlLow[a] + edge || t >= scene.ControlHigh[a] - edge);
        if (atLimit > MuchSaturation)
            yield return new Finding(Severity.Warning, "at-limit", Text($"{recording.Name}: the target of {drive} is at an end of its range for {atLimit:0 %} of the time"));
        double force = scene.Model.ActuatorForceLimited[a] != 0 ? scene.Model.ActuatorForceRange[(2 * a) + 1] : double.PositiveInfinity;
        double atForce = Share(Enumerable.Range(0, readings.Length), i => Math.Abs(targets[commandOf[i]] - readings[i]) * scene.ActuatorGains[a] >= force);
        if (atForce > MuchSaturation)
            yield return new Finding(Severity.Warning, "at-force", Text($"{recording.Name}: {drive} pulls with its full force for {atForce:0 %} of the time: that shows its limit, not its gain; move it more slowly"));
    }

    private (double Commanded, double Moved) Ranges(RawRecording recording, int a)
    {
        IReadOnlyList<int> joints = scene.JointsOf(a);
        return (Range(recording.Targets.Select(row => row[a])), Range(recording.Measured.Select(row => joints.Sum(j => row[j]))));

        static double Range(IEnumerable<double> values) => values.Max() - values.Min();
    }

    // Whether a drive goes most of the way of a target that moves at least so far.
    private bool Follows(RawRecording recording, int a, double least)
    {
        if (!recording.Actuators.Equals(scene.Actuators) || !recording.Joints.Equals(scene.Joints) || recording.Targets.Length == 0 || recording.Measured.Length == 0)
            return false;
        (double commanded, double moved) = Ranges(recording, a);
        return commanded >= least && moved >= 0.5 * commanded;
    }

    // For each state the command that was in force when it was reported.
    private static int[] LatestCommands(RawRecording recording)
    {
        var latest = new int[recording.MeasuredTimes.Length];
        for (int i = 0, c = 0; i < latest.Length; i++)
        {
            while (c + 1 < recording.CommandTimes.Length && recording.CommandTimes[c + 1] <= recording.MeasuredTimes[i])
                c++;
            latest[i] = c;
        }
        return latest;
    }

    private string In(double value, int actuator) => scene.Actuators.Units[actuator] == JointUnit.Metre ? Text($"{1000 * value:0.0} mm") : Text($"{value * 180 / Math.PI:0.0}°");

    private static double Share<T>(IEnumerable<T> values, Func<T, bool> condition) => values.Average(v => condition(v) ? 1.0 : 0.0);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
