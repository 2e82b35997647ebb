using Legato.Policy.Kinematics;

namespace Legato.Policy.Limits;

/// <summary>
/// Minimises ½ (x − d)ᵀH(x − d) under bounds on x and on its first and second differences, by a primal–dual interior-point method
/// with Mehrotra's predictor and corrector (<i>On the implementation of a primal-dual interior point method</i>, 1992).
/// </summary>
/// <remarks>
/// Every constraint touches neighbours only, so each iteration is one banded factorisation: linear in the length. Constraints
/// may have to be violated by the start. One solve per instance; the same numbers give the same bits.
/// </remarks>
internal sealed class BandedQp
{
    /// <summary>Diagonals below the main one that bounds on second differences need.</summary>
    public const int Band = 2;

    private const int MaxIterations = 100;

    // Complementarity that a plain step aims at, as a part of what there is.
    private const double Plain = 0.2;

    // Largest violation, mean complementarity and slope at which the solution is taken; what actuators feel is far coarser.
    private const double Feasible = 1e-10, Converged = 1e-9, Optimal = 1e-6;

    // Slacks start no smaller than the first, multipliers at the second; both stay off their bounds by the third, a share of a full step.
    private const double LeastStart = 1e-2, StartPrice = 1, StepShare = 0.995;

    private readonly double[] _goal;
    private readonly BandedSystem _metric;
    private readonly BandedSystem _system;
    private readonly List<Row> _rows = [];

    /// <summary>A problem without constraints.</summary>
    /// <param name="goal">d, as long as H is large.</param>
    /// <param name="metric">H, not factored, with a band as wide as the bounds; positive definite.</param>
    public BandedQp(ReadOnlySpan<double> goal, BandedSystem metric)
    {
        _goal = [.. goal];
        (_metric, _system) = (metric, metric.Clone());
    }

    /// <summary>Adds a bound; an infinite end of it is none.</summary>
    public void Add(Bound bound)
    {
        if (double.IsFinite(bound.High))
            _rows.Add(new Row(bound.Start, bound.Coefficients, bound.High - bound.Offset));
        if (double.IsFinite(bound.Low))
            _rows.Add(new Row(bound.Start, [.. bound.Coefficients.Select(c => -c)], bound.Offset - bound.Low));
    }

    /// <summary>Solves; null if no solution was found.</summary>
    public double[]? TrySolve()
    {
        int n = _goal.Length, m = _rows.Count;
        double[] best = [.. _goal], slack = new double[m], price = new double[m], residual = new double[m], complement = new double[m];
        // A start well inside, however far outside the goal is: from the edge, steps are short.
        double violation = _rows.Select(row => -row.Room(best)).DefaultIfEmpty().Max();
        for (int i = 0; i < m; i++)
            (slack[i], price[i]) = (Math.Max(_rows[i].Room(best), Math.Max(LeastStart, 1.5 * violation)), StartPrice);
        double last = double.PositiveInfinity;
        double[] gradient = new double[n], step = new double[n], difference = new double[n], slackStep = new double[m], priceStep = new double[m];
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            for (int t = 0; t < n; t++)
                difference[t] = best[t] - _goal[t];
            _metric.Multiply(difference, gradient);
            double worst = 0, mean = 0;
            for (int i = 0; i < m; i++)
            {
                _rows[i].AddTo(gradient, price[i]);
                residual[i] = slack[i] - _rows[i].Room(best);
                worst = Math.Max(worst, Math.Abs(residual[i]));
                mean += slack[i] * price[i] / m;
            }
            if (worst < Feasible && mean < Converged && gradient.Max(Math.Abs) < Optimal)
            {
                return best;
            }
            _system.CopyFrom(_metric);
            for (int i = 0; i < m; i++)
                _system.AddSquare(_rows[i].Start, _rows[i].Coefficients, price[i] / slack[i]);
            _system.Factor();

            for (int i = 0; i < m; i++)
                complement[i] = slack[i] * price[i];
            Direction();
            double reach = Math.Min(Longest(slack, slackStep), Longest(price, priceStep)), after = 0;
            for (int i = 0; i < m; i++)
                after += (slack[i] + (reach * slackStep[i])) * (price[i] + (reach * priceStep[i])) / m;
            // Near the end the corrector may send the iterates in circles; plain steps towards the central path always arrive.
            bool circles = mean > 0.5 * last;
            double centre = circles ? Plain * mean : mean * Math.Pow(after / mean, 3);
            for (int i = 0; i < m; i++)
                complement[i] = (slack[i] * price[i]) + (circles ? 0 : slackStep[i] * priceStep[i]) - centre;
            last = mean;
            Direction();

            double share = StepShare * Math.Min(Longest(slack, slackStep), Longest(price, priceStep));
            share = Math.Min(1, share);
            for (int t = 0; t < n; t++)
                best[t] += share * step[t];
            for (int i = 0; i < m; i++)
                (slack[i], price[i]) = (slack[i] + (share * slackStep[i]), price[i] + (share * priceStep[i]));
        }
        return null;

        // Newton's step for the residuals and complementarities as they are.
        void Direction()
        {
            for (int t = 0; t < n; t++)
                step[t] = -gradient[t];
            for (int i = 0; i < m; i++)
                _rows[i].AddTo(step, -((price[i] * residual[i]) - complement[i]) / slack[i]);
            _system.Solve(step);
            for (int i = 0; i < m; i++)
            {
                slackStep[i] = -residual[i] - _rows[i].Value(step);
                priceStep[i] = -(complement[i] + (price[i] * slackStep[i])) / slack[i];
            }
        }
    }

    // Largest share of a step that leaves all values positive; above 1 if a full one does.
    private static double Longest(double[] values, double[] steps)
    {
        double longest = 1 / StepShare;
        for (int i = 0; i < values.Length; i++)
        {
            if (steps[i] < 0)
                longest = Math.Min(longest, -values[i] / steps[i]);
        }
        return longest;
    }

    /// <summary>Σ cₖ·x[start + k] ≤ limit.</summary>
    private readonly record struct Row(int Start, double[] Coefficients, double Limit)
    {
        public double Value(double[] x)
        {
            double sum = 0;
            for (int k = 0; k < Coefficients.Length; k++)
                sum += Coefficients[k] * x[Start + k];
            return sum;
        }

        public double Room(double[] x) => Limit - Value(x);

        public void AddTo(double[] x, double weight)
        {
            for (int k = 0; k < Coefficients.Length; k++)
                x[Start + k] += weight * Coefficients[k];
        }
    }
}
