using Legato.Sim.Scene;

namespace Legato.Policy.Kinematics;

/// <summary>The normal equations of one hand over one horizon.</summary>
internal sealed class HandTrajectory
{
    // What one iteration may change, rad or m: the Jacobians hold only nearby.
    private const double TrustRegion = 0.15;

    // Damping of a step, per rad²: where it starts, its range, and what a worse or better outcome makes of it.
    private const double FirstDamping = 3e-4, LeastDamping = 1e-5, MostDamping = 1, Worse = 8, Better = 0.5;

    // Steps to either side whose cost decides on a step's damping.
    private const int Neighbours = 2;

    private readonly HandKinematics _kinematics;
    private readonly JointWeights _weights;
    private readonly TrajectoryOptions _options;
    private readonly int _side;
    private readonly int _start;
    private readonly int _steps;
    private readonly int[] _actuators;
    private readonly int[] _carriages;
    private readonly int _carriage;
    private readonly BandedSystem _system;
    private readonly double[] _gradient;
    private readonly double[] _jacobian;
    private readonly double[] _cost;
    private readonly double[] _lastCost;
    private readonly double[] _damping;

    public HandTrajectory(HandKinematics kinematics, JointWeights weights, TrajectoryOptions options, int side, int start, int steps)
    {
        (_kinematics, _weights, _options, _side, _start, _steps) = (kinematics, weights, options, side, start, steps);
        _actuators = kinematics.ActuatorsOfSide[side];
        _carriages = [kinematics.Scene.Actuators.Require("rh_forearm_tx"), kinematics.Scene.Actuators.Require("lh_forearm_tx")];
        _carriage = Array.IndexOf(_actuators, _carriages[side]);
        _system = new BandedSystem(steps * _actuators.Length, 2 * _actuators.Length);
        _gradient = new double[steps * _actuators.Length];
        _jacobian = new double[3 * _actuators.Length];
        (_cost, _lastCost, _damping) = (new double[steps], new double[steps], new double[steps]);
        Array.Fill(_lastCost, double.PositiveInfinity);
        Array.Fill(_damping, FirstDamping);
    }

    public void Clear()
    {
        _system.Clear();
        Array.Clear(_gradient);
        Array.Clear(_cost);
    }

    /// <summary>Adds the costs of one step; its pose is set in the kinematics.</summary>
    public void AddStep(int t, TipReference tips, double[][] carriages, CommandTable poses, IReadOnlyList<Proximity> near)
    {
        PianoScene scene = _kinematics.Scene;
        for (int f = 0; f < scene.Fingers.Count; f++)
        {
            if ((int)scene.Fingers[f].Side == _side)
                AddTip(t, f, tips);
        }
        foreach (Proximity p in near)
            AddRow(t, p.Slope[_side], -p.Missing, _options.Touch);
        for (int i = 0; i < _actuators.Length; i++)
        {
            int a = _actuators[i];
            double goal = i == _carriage ? carriages[_side][t] : _weights.Posture[a];
            AddOne(t, i, poses[t][a] - goal, _weights.Pull[a]);
            AddDifference(t, i, [1, -1], _weights.Velocity[a], poses);
            AddDifference(t, i, [1, -2, 1], _weights.Acceleration[a], poses);
            AddDifference(t, i, [1, -1], _weights.Excess[a], poses, _weights.MostStep[a]);
            AddDifference(t, i, [1, -2, 1], _weights.Excess[a], poses, _weights.MostChange[a]);
        }
        double gap = poses[t][_carriages[0]] + HandSide.Right.RootY() - poses[t][_carriages[1]] - HandSide.Left.RootY();
        // The hand that has nothing to play makes room; otherwise both do.
        if (_weights.HandWidth - gap is > 0 and var missing)
        {
            bool plays = IsPlaying(tips, t, _side), otherPlays = IsPlaying(tips, t, 1 - _side);
            double share = plays == otherPlays ? 0.5 : plays ? 0 : 1;
            AddOne(t, _carriage, (_side == 0 ? -missing : missing) * share, _options.Clearance);
        }
    }

    /// <summary>Moves all variables that are free to move by one damped step.</summary>
    public void Step(CommandTable poses)
    {
        int n = _actuators.Length;
        UpdateDamping();
        for (int i = 0; i < _gradient.Length; i++)
        {
            _system.Add(i, i, _damping[i / n] * (i % n == _carriage ? JointWeights.CarriageScale : 1));
            int a = _actuators[i % n];
            double value = poses[_start + (i / n)][a];
            if ((value <= _weights.Low[a] && _gradient[i] > 0) || (value >= _weights.High[a] && _gradient[i] < 0))
            {
                _system.Fix(i);
                _gradient[i] = 0;
            }
        }
        _system.Factor();
        _system.Solve(_gradient);
        for (int i = 0; i < _gradient.Length; i++)
        {
            int a = _actuators[i % n];
            ref double value = ref poses[_start + (i / n)][a];
            value = Math.Clamp(value - Math.Clamp(_gradient[i], -TrustRegion, TrustRegion), _weights.Low[a], _weights.High[a]);
        }
    }

    private void UpdateDamping()
    {
        for (int t = 0; t < _steps; t++)
        {
            double now = 0, last = 0;
            for (int k = Math.Max(0, t - Neighbours); k <= Math.Min(_steps - 1, t + Neighbours); k++)
            {
                now += _cost[k];
                last += _lastCost[k];
            }
            _damping[t] = Math.Clamp(_damping[t] * (now > last ? Worse : Better), LeastDamping, MostDamping);
        }
        _cost.CopyTo(_lastCost, 0);
    }

    private int Row(int t) => (t - _start) * _actuators.Length;

    private void AddTip(int t, int finger, TipReference tips)
    {
        TipTarget target = tips[t, finger];
        Span<double> tip = stackalloc double[3];
        _kinematics.Tip(finger, tip);
        _kinematics.TipJacobian(finger, _actuators, _jacobian);
        double scale = !target.Pressing ? 1 : tips.HasJustBegun(t, finger) ? _options.Press : _options.Hold;
        AddRow(t, _jacobian.AsSpan(0, _actuators.Length), tip[0] - target.X, scale * target.WeightX);
        AddRow(t, _jacobian.AsSpan(_actuators.Length, _actuators.Length), tip[1] - target.Y, scale * target.WeightY);
        AddRow(t, _jacobian.AsSpan(2 * _actuators.Length), tip[2] - target.Z, scale * target.WeightZ);
    }

    private bool IsPlaying(TipReference tips, int t, int side)
    {
        IReadOnlyList<FingerSite> fingers = _kinematics.Scene.Fingers;
        for (int f = 0; f < fingers.Count; f++)
        {
            if ((int)fingers[f].Side == side && tips[t, f].WeightY > 0.5)
                return true;
        }
        return false;
    }

    // w·(error + slope·Δq)²
    private void AddRow(int t, ReadOnlySpan<double> slope, double error, double weight)
    {
        if (weight == 0)
            return;
        int row = Row(t);
        _cost[t - _start] += weight * error * error;
        for (int i = 0; i < slope.Length; i++)
        {
            double w = weight * slope[i];
            if (w == 0)
                continue;
            _gradient[row + i] += w * error;
            for (int k = 0; k <= i; k++)
                _system.Add(row + i, row + k, w * slope[k]);
        }
    }

    private void AddOne(int t, int column, double error, double weight)
    {
        int index = Row(t) + column;
        _cost[t - _start] += weight * error * error;
        _gradient[index] += weight * error;
        _system.Add(index, index, weight);
    }

    // w·e², where e is what Σ cₖ·q[t−k] has beyond ±free; what lies before the horizon is given, what lies before the song does not exist.
    private void AddDifference(int t, int column, ReadOnlySpan<double> coefficients, double weight, CommandTable poses, double free = 0)
    {
        if (weight == 0 || t < coefficients.Length - 1)
            return;
        int a = _actuators[column];
        double error = 0;
        for (int k = 0; k < coefficients.Length; k++)
            error += coefficients[k] * poses[t - k][a];
        if (Math.Abs(error) < free)
            return;
        error -= Math.CopySign(free, error);
        _cost[t - _start] += weight * error * error;
        for (int k = 0; k < coefficients.Length && t - k >= _start; k++)
        {
            int row = Row(t - k) + column;
            _gradient[row] += weight * coefficients[k] * error;
            for (int l = k; l < coefficients.Length && t - l >= _start; l++)
                _system.Add(row, Row(t - l) + column, weight * coefficients[k] * coefficients[l]);
        }
    }
}
