using Legato.Sim.Scene;

namespace Legato.Policy.Kinematics;

/// <summary>One hand's part of the inverse kinematics: its linearised problem, and a trust region around the best pose so far.</summary>
/// <remarks>The region is a box, so that limits and trust are the same constraint. One thread per instance.</remarks>
internal sealed class HandProblem(HandSide side, int[] actuators)
{
    // Jacobians are trusted this far at first, rad or m: a fingertip 0.1 m from its knuckle is then 1 mm beside its tangent.
    private const double FirstRadius = 0.15;
    private const double Grow = 2;
    private const double Shrink = 0.25;

    private readonly BoxQp _qp = new(actuators.Length);
    private readonly double[] _best = new double[actuators.Length];
    private readonly double[] _step = new double[actuators.Length];
    private readonly double[] _low = new double[actuators.Length];
    private readonly double[] _high = new double[actuators.Length];
    private double[] _hessian = new double[actuators.Length * actuators.Length];
    private double[] _gradient = new double[actuators.Length];
    private double _cost;
    private double _radius;

    /// <summary>Which hand.</summary>
    public HandSide Side => side;

    /// <summary>Its actuators.</summary>
    public int[] Actuators => actuators;

    /// <summary>Hessian at the pose on trial, row-major.</summary>
    public double[] TrialHessian { get; private set; } = new double[actuators.Length * actuators.Length];

    /// <summary>Gradient at the pose on trial.</summary>
    public double[] TrialGradient { get; private set; } = new double[actuators.Length];

    /// <summary>Forgets the problem before.</summary>
    public void Begin() => (_cost, _radius) = (double.PositiveInfinity, FirstRadius);

    /// <summary>Judges the pose on trial by its cost and moves on from the best one.</summary>
    public void Step(double cost, double[] low, double[] high, Span<double> pose)
    {
        if (cost <= _cost)
        {
            if (double.IsFinite(_cost))
                _radius *= Grow;
            _cost = cost;
            (_hessian, TrialHessian) = (TrialHessian, _hessian);
            (_gradient, TrialGradient) = (TrialGradient, _gradient);
            for (int i = 0; i < actuators.Length; i++)
                _best[i] = pose[actuators[i]];
        }
        else
        {
            _radius *= Shrink;
        }
        for (int i = 0; i < actuators.Length; i++)
        {
            _low[i] = Math.Max(low[actuators[i]] - _best[i], -_radius);
            _high[i] = Math.Min(high[actuators[i]] - _best[i], _radius);
        }
        Array.Clear(_step);
        _qp.Solve(_hessian, _gradient, _low, _high, _step);
        for (int i = 0; i < actuators.Length; i++)
            pose[actuators[i]] = _best[i] + _step[i];
    }

    /// <summary>Leaves the better of the pose on trial and the best one before in place.</summary>
    public void End(double cost, Span<double> pose)
    {
        if (cost <= _cost)
            return;
        for (int i = 0; i < actuators.Length; i++)
            pose[actuators[i]] = _best[i];
    }
}
