namespace Legato.SystemId.Fitting;

/// <summary>One unknown of a fit.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Lower">Smallest value allowed; may be −∞.</param>
/// <param name="Upper">Largest value allowed, above <paramref name="Lower"/>; may be +∞.</param>
/// <param name="Scale">A typical change of it, above 0, in its own unit: steps and damping are measured in it.</param>
public sealed record FitVariable(string Name, double Lower, double Upper, double Scale)
{
    /// <summary>What is believed before any data, in its own unit.</summary>
    public double PriorMean { get; init; }

    /// <summary>Standard deviation of that belief; +∞ is none.</summary>
    public double PriorSd { get; init; } = double.PositiveInfinity;
}

/// <summary>When a fit stops, and what it counts.</summary>
public sealed record FitOptions
{
    /// <summary>The loss of the residuals; priors always count as squares. Default: least squares.</summary>
    public RobustLoss Loss { get; init; } = RobustLoss.None;

    /// <summary>Most steps, refused ones aside; 1 or more. Default 60.</summary>
    public int MaxIterations { get; init; } = 60;

    /// <summary>
    /// Steps that may go on with the same Jacobian, as long as it predicts what they gain; after the last, intervals are computed from it, too. Default 0: each
    /// step has its own.
    /// </summary>
    public int JacobianReuse { get; init; }

    /// <summary>Distance of finite differences, in scales; default 1e-4.</summary>
    public double DifferenceStep { get; init; } = 1e-4;

    /// <summary>Whether differences go to both sides: twice the evaluations, an error of second order. Default true.</summary>
    public bool CentralDifferences { get; init; } = true;

    /// <summary>
    /// Whether each derivative is the smaller of its two one-sided differences, or zero where they point apart (the minmod limiter of shock-capturing
    /// schemes): a jump beside a point, as contacts make them, is then not taken for a slope. Needs differences to both sides. Default false.
    /// </summary>
    public bool LimitDifferences { get; init; }

    /// <summary>Largest cosine between the residuals and a column of the Jacobian at a minimum; default 1e-9.</summary>
    public double GradientTolerance { get; init; } = 1e-9;

    /// <summary>Smallest step, in scales; default 1e-9.</summary>
    public double StepTolerance { get; init; } = 1e-9;

    /// <summary>Smallest relative gain of a step that is worth another; default 1e-11.</summary>
    public double CostTolerance { get; init; } = 1e-11;

    /// <summary>Columns shorter than this fraction of the longest are without effect; default 1e-7.</summary>
    public double EffectTolerance { get; init; } = 1e-7;

    /// <summary>Eigenvalues of JᵀJ with unit columns below this are null directions; default 1e-8.</summary>
    public double NullTolerance { get; init; } = 1e-8;
}

/// <summary>Why a fit ended.</summary>
public enum FitEnd
{
    /// <summary>No direction inside the bounds goes down.</summary>
    GradientSmall,

    /// <summary>The best step changes nothing.</summary>
    StepSmall,

    /// <summary>The last step gained next to nothing.</summary>
    CostStalled,

    /// <summary>The model goes down but no step does, however short: the residuals are not smooth at this scale.</summary>
    NoDescent,

    /// <summary>The iterations ran out: the estimate may be anywhere.</summary>
    IterationLimit,
}

/// <summary>Residuals at several points at once, so that a simulator can work on all of them in parallel.</summary>
/// <param name="points">Values of the variables in their own units; not to be changed.</param>
/// <returns>For each point its residuals, in standard deviations; always the same number of them.</returns>
public delegate double[][] ResidualBatch(IReadOnlyList<double[]> points);

/// <summary>Derivatives of the residuals at a point.</summary>
/// <param name="point">Values of the variables in their own units; not to be changed.</param>
/// <returns>For each variable its column: the derivatives of all residuals, per its own unit.</returns>
public delegate double[][] JacobianColumns(double[] point);
