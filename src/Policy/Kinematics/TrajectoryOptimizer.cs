using Legato.Sim;
using Legato.Sim.Scene;

namespace Legato.Policy.Kinematics;

/// <summary>
/// Poses of both hands over the whole song as one box-constrained nonlinear least-squares problem: fingertips, posture, smoothness, and
/// clearance between links, keys and hands.
/// </summary>
/// <remarks>
/// Levenberg–Marquardt on MuJoCo's Jacobians and distances. Differences in time make the normal equations banded, so the cost is linear in
/// the song's length; long songs are solved horizon by horizon. What happens in one second hardly depends on another, so every step has
/// its own damping. Variables at a limit that are pushed outward leave the step (projected Newton: Bertsekas, 1982). One thread per instance.
/// </remarks>
public sealed class TrajectoryOptimizer : IDisposable
{
    private readonly TrajectoryOptions _options;
    private readonly Clearance _clearance;
    private readonly JointWeights _weights;

    /// <summary>Creates an optimiser for a scene.</summary>
    public TrajectoryOptimizer(HandKinematics kinematics, PlayingPosture posture, TrajectoryOptions options)
    {
        _options = options;
        _clearance = new Clearance(kinematics.Scene, options.Distance);
        _weights = new JointWeights(kinematics.Scene, posture, options);
    }

    /// <summary>Solves; <paramref name="poses"/> holds the start and receives the solution.</summary>
    /// <param name="tips">Fingertip targets.</param>
    /// <param name="carriages">Planned carriage targets of the right and left hand for every step, m (actuator coordinates).</param>
    /// <param name="poses">Actuator coordinates for every step.</param>
    /// <param name="atStep">Called before each step of each iteration; may throw to break off.</param>
    public void Solve(TipReference tips, double[][] carriages, CommandTable poses, Action<int>? atStep = null)
    {
        for (int start = 0; start < poses.Steps; start += _options.Horizon)
        {
            int steps = Math.Min(poses.Steps - start, _options.Horizon + _options.LookAhead);
            HandTrajectory[] hands = [new(_clearance.Kinematics, _weights, _options, 0, start, steps), new(_clearance.Kinematics, _weights, _options, 1, start, steps)];
            for (int iteration = 0; iteration < _options.Iterations; iteration++)
            {
                foreach (HandTrajectory hand in hands)
                    hand.Clear();
                for (int t = start; t < start + steps; t++)
                {
                    atStep?.Invoke(t);
                    _clearance.Find(tips, t, poses[t]);
                    foreach (HandTrajectory hand in hands)
                        hand.AddStep(t, tips, carriages, poses, _clearance.Near);
                }
                foreach (HandTrajectory hand in hands)
                    hand.Step(poses);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _clearance.Dispose();
}

/// <summary>Limits and weights of every actuator.</summary>
internal sealed class JointWeights
{
    public JointWeights(PianoScene scene, PlayingPosture posture, TrajectoryOptions options)
    {
        int n = scene.Actuators.Count;
        (Low, High, Pull, Velocity, Acceleration) = (new double[n], new double[n], new double[n], new double[n], new double[n]);
        Posture = posture.Pose;
        HandWidth = posture.Span.HandWidth;
        for (int a = 0; a < n; a++)
        {
            string name = scene.Actuators.Names[a];
            bool isRail = scene.Actuators.Units[a] == JointUnit.Metre;
            // A carriage may use its whole rail; its ends are far from any key.
            double margin = isRail ? 0 : options.Margin * (scene.ControlHigh[a] - scene.ControlLow[a]);
            (Low[a], High[a]) = (scene.ControlLow[a] + margin, scene.ControlHigh[a] - margin);
            bool isWrist = name.Contains("WRJ", StringComparison.Ordinal) || name.EndsWith("LFJ5", StringComparison.Ordinal);
            Pull[a] = isRail ? options.Carriage : isWrist ? options.Wrist : options.Posture;
            Velocity[a] = isRail ? 0 : options.Velocity;
            Acceleration[a] = isRail ? options.CarriageAcceleration : options.Acceleration;
        }
    }

    public double[] Low { get; }

    public double[] High { get; }

    public double[] Posture { get; }

    public double[] Pull { get; }

    public double[] Velocity { get; }

    public double[] Acceleration { get; }

    public double HandWidth { get; }
}
