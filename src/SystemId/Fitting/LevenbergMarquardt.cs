using System.Globalization;

namespace Legato.SystemId.Fitting;

/// <summary>Bounded, robust, nonlinear least squares by Levenberg's and Marquardt's method.</summary>
/// <remarks>
/// Minimises Σ loss(rᵢ(x)) + ½ Σ ((xⱼ − meanⱼ) / sdⱼ)² within the bounds. Each step solves the damped quadratic model inside
/// the box; the loss enters by iteratively reweighted least squares, the damping follows Nielsen's rule (Madsen, Nielsen,
/// Tingleff, Methods for Non-Linear Least Squares Problems, 2004). Derivatives may serve for several steps as long as they predict
/// well (Shamanskii, 1967), and may be those of a quicker model. Without a Jacobian, finite differences; all points of an iteration are asked for in one call, and
/// variables whose residuals do not overlap share theirs. Immutable; safe on several threads when the residuals are. Deterministic when they are.
/// </remarks>
public sealed class LevenbergMarquardt
{
    private const double MaxDamping = 1e14;

    // Part of the predicted gain from which old derivatives still do.
    private const double GoodModel = 0.25;

    private readonly FitVariable[] _variables;
    private readonly FitOptions _options;

    /// <summary>Creates a solver for these variables.</summary>
    /// <exception cref="ArgumentException">There are none, or one has no room, scale or prior width.</exception>
    public LevenbergMarquardt(IReadOnlyList<FitVariable> variables, FitOptions? options = null)
    {
        (_variables, _options) = ([.. variables], options ?? new FitOptions());
        if (_variables.Length == 0)
            throw new ArgumentException("there is nothing to fit", nameof(variables));
        foreach (FitVariable v in _variables)
        {
            if (!(v.Lower < v.Upper && v.Scale > 0 && double.IsFinite(v.Scale) && v.PriorSd > 0))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"'{v.Name}': bounds {v.Lower}..{v.Upper}, scale {v.Scale}, prior sd {v.PriorSd}; expected room between the bounds, and positive scale and sd"), nameof(variables));
        }
    }

    /// <summary>Finds the minimum that lies downhill from a start.</summary>
    /// <param name="residuals">Residuals at several points.</param>
    /// <param name="start">First values, in their own units; clamped to the bounds.</param>
    /// <param name="jacobian">Derivatives, or null for finite differences.</param>
    /// <param name="structure">What is known of the residuals; null is nothing.</param>
    /// <param name="near">Derivatives at a place near the start, which do as long as they predict well; null is none.</param>
    /// <param name="quick">Residuals that change as <paramref name="residuals"/> do but are quicker to have: finite differences are taken of them. Null is the residuals themselves.</param>
    /// <exception cref="ArgumentException">Not one start per variable.</exception>
    /// <exception cref="InputException">Residuals are not finite at the start or beside a point of the way.</exception>
    public FitResult Minimise(ResidualBatch residuals, ReadOnlySpan<double> start, JacobianColumns? jacobian = null, ResidualStructure? structure = null, FitResult? near = null, ResidualBatch? quick = null)
    {
        structure ??= new ResidualStructure();
        if (start.Length != _variables.Length)
            throw new ArgumentException($"{start.Length} starts for {_variables.Length} variables.", nameof(start));
        double[] x = start.ToArray();
        for (int j = 0; j < x.Length; j++)
            x[j] = Math.Clamp(x[j], _variables[j].Lower, _variables[j].Upper);
        int evaluations = 1;
        double[] r = residuals([x])[0];
        double cost = Cost(x, r);
        if (!double.IsFinite(cost))
            throw new InputException("the residuals are not finite at the start of the fit: data or start values are damaged");

        double damping = 1e-3, growth = 2;
        FitEnd? end = null;
        double[][] columns = near is null ? [] : [.. _variables.Select(v => near.ColumnOf(v.Name))];
        for ((int iteration, int age) = (1, near is null ? 0 : 1); ; iteration++, age++)
        {
            if (columns.Length == 0)
                (columns, age) = (jacobian is null ? Slopes() : Scaled(jacobian(x)), 0);
            NormalEquations model = Linearise(x, r, columns);
            if (end is null && IsStationary(model, x, cost))
            {
                if (IsOld())
                    continue;
                end = FitEnd.GradientSmall;
            }
            while (end is null)
            {
                double[] step = BoxStep.Solve(model.Damped(damping), model.Gradient, Room(x, up: false), Room(x, up: true));
                if (step.Max(Math.Abs) <= _options.StepTolerance)
                {
                    end = IsOld() ? null : FitEnd.StepSmall;
                    break;
                }
                double[] trial = Moved(x, step);
                double[] trialResiduals = residuals([trial])[0];
                evaluations++;
                double gain = cost - Cost(trial, trialResiduals), ratio = gain / model.Decrease(step);
                if (gain > 0 && ratio > 1e-4)
                {
                    if (gain <= _options.CostTolerance * cost)
                        end = FitEnd.CostStalled;
                    else if (iteration >= _options.MaxIterations)
                        end = FitEnd.IterationLimit;
                    (x, r, cost) = (trial, trialResiduals, cost - gain);
                    damping = Math.Max(1e-12, damping * Math.Max(1.0 / 3, 1 - Math.Pow((2 * ratio) - 1, 3)));
                    growth = 2;
                    // The derivatives at the new place: for the next step, or for the intervals.
                    if (age >= _options.JacobianReuse || ratio < GoodModel)
                        columns = [];
                    break;
                }
                if (IsOld())
                    break;
                damping *= growth;
                growth *= 2;
                if (damping > MaxDamping)
                    end = FitEnd.NoDescent;
            }
            if (end is { } reason && columns.Length > 0)
            {
                var evidence = FitEvidence.Of(columns, r, _options.Loss, structure);
                return new FitResult(_variables, x, cost, r, reason, iteration, evaluations, FitConfidence.Of(_variables, evidence, _options)) { Evidence = evidence, Columns = columns };
            }

            double[][] Slopes()
            {
                if (quick is null)
                    return Differences(residuals, x, r, structure, ref evaluations);
                evaluations++;
                return Differences(quick, x, quick([x])[0], structure, ref evaluations);
            }

            // Old derivatives do not end a fit: they are computed anew.
            bool IsOld()
            {
                columns = age > 0 ? [] : columns;
                return age > 0;
            }
        }
    }

    private double Cost(double[] x, double[] r)
    {
        double sum = 0;
        foreach (double residual in r)
            sum += _options.Loss.Cost(residual);
        for (int j = 0; j < x.Length; j++)
        {
            double z = (x[j] - _variables[j].PriorMean) / _variables[j].PriorSd;
            sum += double.IsFinite(_variables[j].PriorSd) ? 0.5 * z * z : 0;
        }
        return sum;
    }

    private double[][] Differences(ResidualBatch residuals, double[] x, double[] r, ResidualStructure structure, ref int evaluations)
    {
        // At a bound a central difference becomes one-sided, and a forward one looks back.
        double[] h = [.. _variables.Select(v => _options.DifferenceStep * v.Scale)];
        double[] to = [.. _variables.Select((v, j) => _options.CentralDifferences || x[j] + h[j] <= v.Upper ? Math.Min(x[j] + h[j], v.Upper) : x[j] - h[j])];
        double[] from = [.. _variables.Select((v, j) => _options.CentralDifferences ? Math.Max(x[j] - h[j], v.Lower) : x[j])];
        int[][] colours = structure.Colours(_variables);
        double[][] points = [.. colours.Select(colour => With(x, colour, to))];
        if (_options.CentralDifferences)
            points = [.. points, .. colours.Select(colour => With(x, colour, from))];
        double[][] values = residuals(points);
        evaluations += points.Length;
        var columns = new double[x.Length][];
        for (int c = 0; c < colours.Length; c++)
        {
            double[] there = values[c], here = _options.CentralDifferences ? values[colours.Length + c] : r;
            foreach (int j in colours[c])
            {
                columns[j] = SlopesOf(here, there, _variables[j].Scale / (to[j] - from[j]));
                if (_options is { CentralDifferences: true, LimitDifferences: true } && from[j] < x[j] && x[j] < to[j])
                    Limit(columns[j], SlopesOf(here, r, _variables[j].Scale / (x[j] - from[j])), SlopesOf(r, there, _variables[j].Scale / (to[j] - x[j])));
                structure.Mask(_variables[j], columns[j]);
                if (columns[j].Any(value => !double.IsFinite(value)))
                    throw new InputException(string.Create(CultureInfo.InvariantCulture, $"the residuals are not finite when '{_variables[j].Name}' changes a little from {x[j]:G6}: narrow its bounds"));
            }
        }
        return columns;
    }

    private static double[] SlopesOf(double[] from, double[] to, double perDifference) => [.. to.Zip(from, (there, here) => (there - here) * perDifference)];

    private static void Limit(double[] slopes, double[] before, double[] after)
    {
        for (int i = 0; i < slopes.Length; i++)
            slopes[i] = before[i] * after[i] <= 0 ? 0 : Math.Sign(before[i]) * Math.Min(Math.Abs(slopes[i]), 2 * Math.Min(Math.Abs(before[i]), Math.Abs(after[i])));
    }

    private static double[] With(double[] x, int[] chosen, double[] values)
    {
        double[] changed = [.. x];
        foreach (int j in chosen)
            changed[j] = values[j];
        return changed;
    }

    private double[][] Scaled(double[][] columns) =>
        [.. columns.Select((column, j) => column.Select(value => value * _variables[j].Scale).ToArray())];

    // Gauss and Newton's model in scaled variables, priors included.
    private NormalEquations Linearise(double[] x, double[] r, double[][] columns)
    {
        var model = NormalEquations.Of(columns, r, [.. r.Select(_options.Loss.Weight)]);
        for (int j = 0; j < x.Length; j++)
        {
            double precision = _variables[j].Scale / _variables[j].PriorSd;
            model.Hessian[j, j] += precision * precision;
            model.Gradient[j] += precision * precision * (x[j] - (double.IsFinite(_variables[j].PriorSd) ? _variables[j].PriorMean : x[j])) / _variables[j].Scale;
        }
        return model;
    }

    private bool IsStationary(NormalEquations model, double[] x, double cost)
    {
        for (int j = 0; j < x.Length; j++)
        {
            double downhill = -model.Gradient[j];
            bool isHeld = downhill < 0 ? x[j] <= _variables[j].Lower : x[j] >= _variables[j].Upper;
            if (!isHeld && Math.Abs(downhill) > _options.GradientTolerance * Math.Sqrt(model.Hessian[j, j] * 2 * cost))
                return false;
        }
        return true;
    }

    private double[] Room(double[] x, bool up) =>
        [.. _variables.Select((v, j) => ((up ? v.Upper : v.Lower) - x[j]) / v.Scale)];

    private double[] Moved(double[] x, double[] step) =>
        [.. _variables.Select((v, j) => Math.Clamp(x[j] + (step[j] * v.Scale), v.Lower, v.Upper))];
}
