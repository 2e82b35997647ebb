using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Calibration;

/// <summary>Asks how coupled fingers share their travel between J2 and J1, before anything is fitted: poses of fingertips depend on it by centimetres.</summary>
/// <remarks>
/// Free motion shows whether the tip waits for the middle joint, and hardly how stiffly: so it is one or the other, by how each joint (not their sum)
/// moves about its mean. Immutable; uses several threads.
/// </remarks>
/// <param name="scene">The scene without parameters or contacts; it stays the caller's.</param>
/// <param name="replay">How to replay.</param>
/// <param name="clearance">Height from which fingers are free, m.</param>
internal sealed class CouplingSearch(PianoScene scene, ReplayOptions replay, double clearance)
{
    /// <summary>The parameter.</summary>
    public const string Parameter = "hands.coupling";

    /// <summary>Why its estimate has no interval.</summary>
    public const string Chosen = "0 or 2 N·m/rad, by how J1 and J2 share their travel";

    // What another value must make of the squared error to be believed.
    private const double Convincing = 0.7;

    private const double MostSeconds = 12;

    // Not at all, or so stiffly that a key's force bends the tip by a degree or so.
    private static readonly double[] Values = [0, 2];

    /// <summary>The value that explains the recordings best; null where no coupled finger moves freely.</summary>
    /// <param name="records">The motions.</param>
    /// <param name="start">Everything else; its own value stays unless another one is much better.</param>
    public double? Find(IReadOnlyList<MotionRecord> records, SimParameters start)
    {
        SimParameters[] rigs = [start, .. Values.Select(value => start.With(Parameter, value))];
        var errors = new double[rigs.Length];
        int count = 0;
        foreach (MotionRecord record in records)
        {
            int[] coupled = [.. Enumerable.Range(0, scene.Actuators.Count).Where(a => scene.JointsOf(a).Count == 2 && record.Moves(a, replay.Noise))];
            if (coupled.Length == 0)
                continue;
            var own = new JointReplay(scene, record, replay with { MaxSeconds = MostSeconds / records.Count });
            FreeMotion free = FreeMotion.Of(scene, record, clearance);
            double[][] predicted = own.Predict(rigs);
            foreach ((int actuator, int joint) in coupled.SelectMany(a => scene.JointsOf(a).Select(j => (a, j))))
            {
                int[] samples = [.. Enumerable.Range(0, own.Samples.Count).Where(s => free[own.Samples[s], actuator])];
                count += samples.Length;
                for (int r = 0; r < rigs.Length && samples.Length > 0; r++)
                    errors[r] += Scatter([.. samples.Select(s => predicted[r][(s * scene.Joints.Count) + joint] - record.Measured[own.Samples[s]][joint])]);
            }
        }
        if (count == 0)
            return null;
        int best = Enumerable.Range(1, Values.Length).MinBy(r => errors[r]);
        return errors[best] < Convincing * errors[0] ? Values[best - 1] : start[Parameter];
    }

    // A wrong zero is no matter of coupling.
    private static double Scatter(double[] errors)
    {
        double mean = errors.Average();
        return errors.Sum(e => (e - mean) * (e - mean));
    }
}
