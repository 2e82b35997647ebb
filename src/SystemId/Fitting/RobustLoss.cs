namespace Legato.SystemId.Fitting;

/// <summary>How much a residual counts: as its square, or less when it is large.</summary>
/// <remarks>
/// Immutable and thread-safe. Residuals are in units of their standard deviation. The tuning constants give 95 %
/// efficiency on normal residuals (Huber, Robust Statistics, 1981; Holland and Welsch, 1977).
/// </remarks>
public sealed class RobustLoss
{
    private enum Shape { Square, Huber, Cauchy }

    private readonly Shape _shape;
    private readonly double _scale;

    private RobustLoss(Shape shape, double scale) => (_shape, _scale) = (shape, scale);

    /// <summary>Least squares.</summary>
    public static RobustLoss None { get; } = new(Shape.Square, double.PositiveInfinity);

    /// <summary>Quadratic up to <paramref name="scale"/>, linear beyond.</summary>
    /// <param name="scale">Above 0, in standard deviations.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not positive.</exception>
    public static RobustLoss Huber(double scale = 1.345) => new(Shape.Huber, Positive(scale));

    /// <summary>Logarithmic for large residuals: far outliers lose all influence. Not convex: needs a fair start.</summary>
    /// <param name="scale">Above 0, in standard deviations.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not positive.</exception>
    public static RobustLoss Cauchy(double scale = 2.385) => new(Shape.Cauchy, Positive(scale));

    /// <summary>What a residual adds to the cost; r²/2 for small ones.</summary>
    public double Cost(double residual)
    {
        double z = residual * residual;
        return _shape switch
        {
            Shape.Huber when Math.Abs(residual) > _scale => _scale * (Math.Abs(residual) - (0.5 * _scale)),
            Shape.Cauchy => 0.5 * _scale * _scale * Math.Log(1 + (z / (_scale * _scale))),
            _ => 0.5 * z,
        };
    }

    /// <summary>Weight of a residual in iteratively reweighted least squares: the cost's derivative over the residual.</summary>
    public double Weight(double residual) => _shape switch
    {
        Shape.Huber when Math.Abs(residual) > _scale => _scale / Math.Abs(residual),
        Shape.Cauchy => 1 / (1 + (residual * residual / (_scale * _scale))),
        _ => 1,
    };

    /// <summary>Second derivative of the cost; negative for far outliers of Cauchy's loss.</summary>
    public double Curvature(double residual)
    {
        double weight = Weight(residual);
        return _shape switch
        {
            Shape.Huber => weight < 1 ? 0 : 1,
            Shape.Cauchy => weight * ((2 * weight) - 1),
            _ => 1,
        };
    }

    private static double Positive(double scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        return scale;
    }
}
