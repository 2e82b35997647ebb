using Legato.Sim;
using Legato.Sim.Limits;
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
    /// <param name="kinematics">Of the scene.</param>
    /// <param name="posture">Where joints rest.</param>
    /// <param name="options">Weights.</param>
    /// <param name="limits">What the robot's commands may do; poses keep to it too, where they can. Null for the control ranges alone.</param>
    public TrajectoryOptimizer(HandKinematics kinematics, PlayingPosture posture, TrajectoryOptions options, MotionLimits? limits = null)
    {
        _options = options;
        _clearance = new Clearance(kinematics.Scene, options.Distance);
        _weights = new JointWeights(kinematics.Scene, posture, options, limits);
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
    /// <summary>A metre of carriage moves a tip as far as this many radians, squared.</summary>
    public const double CarriageScale = 100;

    public JointWeights(PianoScene scene, PlayingPosture posture, TrajectoryOptions options, MotionLimits? limits)
    {
        int n = scene.Actuators.Count;
        (Low, High, Pull, Velocity, Acceleration) = (new double[n], new double[n], new double[n], new double[n], new double[n]);
        Posture = posture.Pose;
        (Excess, MostStep, MostChange) = (new double[n], new double[n], new double[n]);
        HandWidth = posture.Span.HandWidth;
        for (int a = 0; a < n; a++)
        {
            string name = scene.Actuators.Names[a];
            bool isRail = scene.Actuators.Units[a] == JointUnit.Metre;
            // A carriage may use its whole rail; its ends are far from any key.
            double margin = isRail ? 0 : options.Margin * (scene.ControlHigh[a] - scene.ControlLow[a]);
            (Low[a], High[a]) = (Math.Max(scene.ControlLow[a] + margin, limits?.Lower[a] ?? double.NegativeInfinity), Math.Min(scene.ControlHigh[a] - margin, limits?.Upper[a] ?? double.PositiveInfinity));
            Excess[a] = options.Excess * (isRail ? CarriageScale : 1);
            MostStep[a] = (limits?.Velocity[a] ?? double.PositiveInfinity) * SceneOptions.ControlPeriod;
            MostChange[a] = (limits?.Acceleration[a] ?? double.PositiveInfinity) * SceneOptions.ControlPeriod * SceneOptions.ControlPeriod;
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

    /// <summary>Price of a step or a change of it that is larger than the following two.</summary>
    public double[] Excess { get; }

    /// <summary>Largest change of an actuator between steps; infinite where there is no limit.</summary>
    public double[] MostStep { get; }

    /// <summary>Largest change of that change.</summary>
    public double[] MostChange { get; }

    public double HandWidth { get; }
}
