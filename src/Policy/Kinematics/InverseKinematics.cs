using Legato.Sim.Scene;

namespace Legato.Policy.Kinematics;

/// <summary>Weights of the inverse kinematics. Tip errors are in metres, so joint weights are small.</summary>
public sealed record InverseKinematicsOptions
{
    /// <summary>Pull towards the playing posture, per rad².</summary>
    public double Posture { get; init; } = 2e-5;

    /// <summary>Pull of the wrist towards its posture, per rad²: it moves all fingers, so fingers do the work.</summary>
    public double Wrist { get; init; } = 3e-4;

    /// <summary>Pull towards the pose of the step before, per rad².</summary>
    public double Smoothness { get; init; } = 2e-5;

    /// <summary>Pull of a carriage towards its plan, per m².</summary>
    public double Carriage { get; init; } = 0.05;

    /// <summary>Pull of the depth axis towards the posture, per m².</summary>
    public double Depth { get; init; } = 2e-3;

    /// <summary>Part of each control range kept free at both ends: a position actuator at its limit has no force left.</summary>
    public double Margin { get; init; } = 0.06;

    /// <summary>Gauss–Newton iterations for a step.</summary>
    public int Iterations { get; init; } = 4;
}

/// <summary>
/// Inverse kinematics as a box-constrained least-squares problem in actuator coordinates: fingertips, posture, smoothness, carriage.
/// </summary>
/// <remarks>Gauss–Newton on MuJoCo's Jacobians with a <see cref="BoxQp"/> per hand and iteration, in a trust region: a step that makes things worse is taken back. One thread per instance.</remarks>
public sealed class InverseKinematics
{
    // The depth axis carries the whole hand: it may drift but not jump, per m².
    private const double DepthSmoothness = 0.02;

    private readonly HandKinematics _kinematics;
    private readonly InverseKinematicsOptions _options;
    private readonly double[] _low;
    private readonly double[] _high;
    private readonly HandProblem[] _hands;
    private readonly int[] _carriage;
    private readonly int[] _depth;
    private readonly bool[] _wrist;

    /// <summary>Creates a solver for a scene.</summary>
    public InverseKinematics(HandKinematics kinematics, InverseKinematicsOptions options)
    {
        _kinematics = kinematics;
        _options = options;
        PianoScene scene = kinematics.Scene;
        int n = scene.Actuators.Count;
        _low = new double[n];
        _high = new double[n];
        for (int a = 0; a < n; a++)
        {
            double margin = options.Margin * (scene.ControlHigh[a] - scene.ControlLow[a]);
            // A carriage may use its whole rail; its ends are far from any key.
            if (scene.Actuators.Units[a] == Sim.JointUnit.Metre)
                margin = 0;
            _low[a] = scene.ControlLow[a] + margin;
            _high[a] = scene.ControlHigh[a] - margin;
        }
        _hands = [.. ((HandSide[])[HandSide.Right, HandSide.Left]).Select(side => new HandProblem(side, kinematics.ActuatorsOfSide[(int)side]))];
        _wrist = [.. scene.Actuators.Names.Select(name => name.Contains("WRJ", StringComparison.Ordinal) || name.EndsWith("LFJ5", StringComparison.Ordinal))];
        _carriage = [scene.Actuators.Require("rh_forearm_tx"), scene.Actuators.Require("lh_forearm_tx")];
        _depth = [scene.Actuators.Require("rh_forearm_ty"), scene.Actuators.Require("lh_forearm_ty")];
    }

    /// <summary>
    /// Solves one step. <paramref name="pose"/> holds the start (the step before) and receives the solution, in actuator coordinates.
    /// </summary>
    /// <param name="targets">One target per finger.</param>
    /// <param name="posture">Pose to prefer.</param>
    /// <param name="carriage">Planned carriage targets of the right and left hand, m (actuator coordinates).</param>
    /// <param name="pose">Start and solution.</param>
    /// <returns>The largest error of a pressing tip along y or z, m.</returns>
    public double Solve(ReadOnlySpan<TipTarget> targets, ReadOnlySpan<double> posture, ReadOnlySpan<double> carriage, Span<double> pose)
    {
        Span<double> previous = stackalloc double[pose.Length];
        pose.CopyTo(previous);
        for (int a = 0; a < pose.Length; a++)
            pose[a] = Math.Clamp(pose[a], _low[a], _high[a]);
        foreach (HandProblem hand in _hands)
            hand.Begin();
        for (int iteration = 0; iteration < _options.Iterations; iteration++)
        {
            _kinematics.SetPose(pose);
            foreach (HandProblem hand in _hands)
            {
                double cost = Linearise(hand, targets, posture, previous, carriage, pose);
                hand.Step(cost, _low, _high, pose);
            }
        }
        _kinematics.SetPose(pose);
        foreach (HandProblem hand in _hands)
            hand.End(Linearise(hand, targets, posture, previous, carriage, pose), pose);
        _kinematics.SetPose(pose);
        return _kinematics.WorstPressError(targets);
    }

    // Cost of a hand's pose, its gradient and Gauss–Newton Hessian.
    private double Linearise(HandProblem hand, ReadOnlySpan<TipTarget> targets, ReadOnlySpan<double> posture, ReadOnlySpan<double> previous, ReadOnlySpan<double> carriage, ReadOnlySpan<double> pose)
    {
        int[] actuators = hand.Actuators;
        int n = actuators.Length, side = (int)hand.Side;
        Span<double> h = hand.TrialHessian, g = hand.TrialGradient, jacobian = stackalloc double[3 * n];
        h.Clear();
        g.Clear();
        double cost = 0;
        for (int f = 0; f < targets.Length; f++)
        {
            if (_kinematics.Scene.Fingers[f].Side == hand.Side)
                cost += AddTip(f, targets[f], actuators, jacobian, h, g);
        }
        for (int i = 0; i < n; i++)
        {
            int a = actuators[i];
            bool isCarriage = a == _carriage[side], isDepth = a == _depth[side];
            double pull = isCarriage ? _options.Carriage : isDepth ? _options.Depth : _wrist[a] ? _options.Wrist : _options.Posture;
            double off = pose[a] - (isCarriage ? carriage[side] : posture[a]), moved = pose[a] - previous[a];
            double smooth = isCarriage ? 0 : isDepth ? DepthSmoothness : _options.Smoothness;
            h[(i * n) + i] += pull + smooth;
            g[i] += (pull * off) + (smooth * moved);
            cost += 0.5 * ((pull * off * off) + (smooth * moved * moved));
        }
        return cost;
    }

    private double AddTip(int finger, in TipTarget target, int[] actuators, Span<double> jacobian, Span<double> h, Span<double> g)
    {
        int n = actuators.Length;
        Span<double> tip = stackalloc double[3];
        _kinematics.Tip(finger, tip);
        _kinematics.TipJacobian(finger, actuators, jacobian);
        ReadOnlySpan<double> error = [tip[0] - target.X, tip[1] - target.Y, tip[2] - target.Z];
        ReadOnlySpan<double> weight = [target.WeightX, target.WeightY, target.WeightZ];
        double cost = 0;
        for (int axis = 0; axis < 3; axis++)
        {
            if (weight[axis] == 0)
                continue;
            cost += 0.5 * weight[axis] * error[axis] * error[axis];
            ReadOnlySpan<double> row = jacobian.Slice(axis * n, n);
            for (int i = 0; i < n; i++)
            {
                double wi = weight[axis] * row[i];
                if (wi == 0)
                    continue;
                g[i] += wi * error[axis];
                for (int j = 0; j < n; j++)
                    h[(i * n) + j] += wi * row[j];
            }
        }
        return cost;
    }
}
