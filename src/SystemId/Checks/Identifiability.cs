using System.Globalization;

using Legato.SystemId.Fitting;
using Legato.SystemId.Parameters;

namespace Legato.SystemId.Checks;

/// <summary>What data will say of one parameter.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Prior">Mean of the prior.</param>
/// <param name="PriorSd">Standard deviation of the prior.</param>
/// <param name="PredictedSd">Standard deviation that a fit is predicted to leave; the prior's where it is frozen.</param>
/// <param name="Frozen">Why it stays at its prior, or null where the data determine it.</param>
public sealed record ParameterOutlook(string Name, string Unit, double Prior, double PriorSd, double PredictedSd, string? Frozen);

/// <summary>Two parameters whose estimates will err together.</summary>
/// <param name="First">The one.</param>
/// <param name="Second">The other.</param>
/// <param name="Correlation">Predicted correlation of all parameters' estimates, −1..1.</param>
public sealed record EntangledPair(string First, string Second, double Correlation);

/// <summary>Which parameters data can tell apart, before anything is fitted.</summary>
/// <remarks>
/// With x in standard deviations of the prior, the data predict the covariance (JᵀJ + I)⁻¹ for residuals in standard
/// deviations of the noise (Bayesian linear regression; Ljung, System Identification, 1999, 16.4). It assumes that the model is right and
/// its errors independent, so that real intervals are wider. As long as the data leave a parameter more than half of its prior's
/// width, the widest one is frozen there and the others are judged again: of two that cannot be told apart, one remains.
/// Immutable and thread-safe.
/// </remarks>
public sealed record Identifiability
{
    private const double Entangled = 0.95, Wide = 0.5, NoEffect = 0.05;

    // A direction of which the data say less than the prior.
    private const double Unseen = 1;

    // Of the prior's standard deviation: small enough to be linear, far above the noise of the simulation.
    private const double Difference = 0.1;

    /// <summary>Every parameter, in the order of the choice.</summary>
    public required IReadOnlyList<ParameterOutlook> Parameters { get; init; }

    /// <summary>Pairs whose estimates correlate by more than 0.95 in size, closest first.</summary>
    public required IReadOnlyList<EntangledPair> Pairs { get; init; }

    /// <summary>Combinations of which the data say less than the prior, by the names that take part, least visible first. Parameters without effect are left out.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> NullDirections { get; init; }

    /// <summary>Names that the data determine, in order.</summary>
    public IReadOnlyList<string> Identifiable => [.. Parameters.Where(p => p.Frozen is null).Select(p => p.Name)];

    /// <summary>Predicts from finite differences at the prior.</summary>
    /// <param name="parameters">The choice, with priors.</param>
    /// <param name="residuals">Residuals of the data in standard deviations of their noise, at several points at once.</param>
    /// <exception cref="InputException">The residuals are no numbers at the prior, or beside it.</exception>
    public static Identifiability Predict(ParameterVector parameters, ResidualBatch residuals)
    {
        double[] prior = [.. parameters.Priors.Select(p => p.Mean)];
        double[][] points = [prior, .. Enumerable.Range(0, prior.Length).Select(j => Beside(parameters, prior, j))];
        double[][] values = residuals(points);
        double[][] columns = [.. Enumerable.Range(0, prior.Length).Select(j => Column(parameters, points, values, j))];
        return Of(parameters, columns);
    }

    /// <summary>Predicts from the Jacobian.</summary>
    /// <param name="parameters">The choice, with priors.</param>
    /// <param name="columns">For each parameter the derivatives of all residuals, per standard deviation of its prior.</param>
    public static Identifiability Of(ParameterVector parameters, IReadOnlyList<double[]> columns)
    {
        int n = parameters.Count;
        var information = new double[n, n];
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k <= j; k++)
                information[j, k] = information[k, j] = columns[j].Zip(columns[k], (a, b) => a * b).Sum();
        }
        double[,] whole = Covariance(information, [.. Enumerable.Range(0, n)]);
        (double[] sds, string?[] reasons) = Freeze(parameters, information, whole);
        var pairs = from j in Enumerable.Range(0, n)
                    from k in Enumerable.Range(j + 1, n - j - 1)
                    let correlation = whole[j, k] / Math.Sqrt(whole[j, j] * whole[k, k])
                    where Math.Abs(correlation) > Entangled
                    orderby Math.Abs(correlation) descending
                    select new EntangledPair(parameters.Names[j], parameters.Names[k], correlation);
        return new Identifiability
        {
            Parameters = [.. Enumerable.Range(0, n).Select(j => new ParameterOutlook(
                parameters.Names[j], parameters.Definitions[j].Unit, parameters.Priors[j].Mean, parameters.Priors[j].Sd, sds[j] * parameters.Priors[j].Sd, reasons[j]))],
            Pairs = [.. pairs],
            NullDirections = FindNullDirections(parameters, information),
        };
    }

    private static (double[] Sds, string?[] Reasons) Freeze(ParameterVector parameters, double[,] information, double[,] whole)
    {
        var free = new List<int>(Enumerable.Range(0, parameters.Count));
        double[] sds = [.. free.Select(_ => 1.0)];
        var reasons = new string?[parameters.Count];
        while (free.Count > 0)
        {
            double[,] covariance = Covariance(information, free);
            double[] widths = [.. free.Select((_, f) => Math.Sqrt(covariance[f, f]))];
            int widest = Array.LastIndexOf(widths, widths.Max());
            if (widths[widest] <= Wide)
            {
                for (int f = 0; f < free.Count; f++)
                    sds[free[f]] = widths[f];
                break;
            }
            reasons[free[widest]] = Reason(parameters, information, whole, free[widest], widths[widest]);
            free.RemoveAt(widest);
        }
        return (sds, reasons);
    }

    private static string Reason(ParameterVector parameters, double[,] information, double[,] whole, int j, double width)
    {
        if (information[j, j] < NoEffect)
            return "has no effect on these data";
        int nearest = Enumerable.Range(0, parameters.Count).Where(k => k != j).OrderByDescending(k => Math.Abs(whole[j, k]) / Math.Sqrt(whole[k, k])).FirstOrDefault(j);
        // Alone it would show: something else hides it.
        bool isHidden = 1 / Math.Sqrt(1 + information[j, j]) <= Wide;
        return isHidden && nearest != j
            ? $"cannot be told apart from {parameters.Names[nearest]}"
            : string.Create(CultureInfo.InvariantCulture, $"the data leave {100 * width:0} % of the prior's width");
    }

    private static List<IReadOnlyList<string>> FindNullDirections(ParameterVector parameters, double[,] information)
    {
        int[] seen = [.. Enumerable.Range(0, parameters.Count).Where(j => information[j, j] >= Unseen)];
        if (seen.Length == 0)
            return [];
        var part = new double[seen.Length, seen.Length];
        for (int a = 0; a < seen.Length; a++)
        {
            for (int b = 0; b < seen.Length; b++)
                part[a, b] = information[seen[a], seen[b]];
        }
        (double[] values, double[,] vectors) = SymmetricMatrix.Eigen(part);
        return [.. Enumerable.Range(0, values.Length).TakeWhile(k => values[k] < Unseen).Select(k =>
        {
            double largest = Enumerable.Range(0, seen.Length).Max(a => Math.Abs(vectors[a, k]));
            return (IReadOnlyList<string>)[.. Enumerable.Range(0, seen.Length).Where(a => Math.Abs(vectors[a, k]) >= 0.3 * largest)
                .OrderByDescending(a => Math.Abs(vectors[a, k])).Select(a => parameters.Names[seen[a]])];
        })];
    }

    // Of the chosen parameters when the others are known, in standard deviations of the priors; positive definite by its unit diagonal.
    private static double[,] Covariance(double[,] information, List<int> chosen)
    {
        int n = chosen.Count;
        var precision = new double[n, n];
        for (int a = 0; a < n; a++)
        {
            for (int b = 0; b < n; b++)
                precision[a, b] = information[chosen[a], chosen[b]] + (a == b ? 1 : 0);
        }
        var covariance = new double[n, n];
        for (int b = 0; b < n; b++)
        {
            var unit = new double[n];
            unit[b] = 1;
            SymmetricMatrix.TrySolve(precision, unit, out double[] column);
            for (int a = 0; a < n; a++)
                covariance[a, b] = column[a];
        }
        return covariance;
    }

    // Up where there is room, down otherwise.
    private static double[] Beside(ParameterVector parameters, double[] prior, int j)
    {
        double[] point = [.. prior];
        double step = Difference * parameters.Priors[j].Sd;
        point[j] += point[j] + step <= parameters.Definitions[j].Max ? step : -step;
        return point;
    }

    private static double[] Column(ParameterVector parameters, double[][] points, double[][] values, int j)
    {
        double perSd = parameters.Priors[j].Sd / (points[j + 1][j] - points[0][j]);
        double[] column = [.. values[j + 1].Zip(values[0], (there, here) => (there - here) * perSd)];
        return column.All(double.IsFinite) ? column
            : throw new InputException(string.Create(CultureInfo.InvariantCulture, $"the simulation diverges at {parameters.Names[j]} = {points[j + 1][j]:G4}, close to its prior; choose a prior inside the range where the rig is stable"));
    }
}
