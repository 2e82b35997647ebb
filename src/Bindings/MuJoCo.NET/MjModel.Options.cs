using System.Runtime.CompilerServices;

namespace MuJoCo;

/// <content>Physics options (<c>mjOption</c>), statistics and the size of the off-screen buffer.</content>
public sealed unsafe partial class MjModel
{
    /// <summary>Time step, s; finite and positive.</summary>
    public double Timestep
    {
        get => Native->opt.timestep;
        set => Native->opt.timestep = Positive(value);
    }

    /// <summary>Ratio of friction to normal contact impedance; finite and positive.</summary>
    public double ImpRatio
    {
        get => Native->opt.impratio;
        set => Native->opt.impratio = Positive(value);
    }

    /// <summary>Termination tolerance of the main solver; finite, 0 runs all iterations.</summary>
    public double Tolerance
    {
        get => Native->opt.tolerance;
        set => Native->opt.tolerance = value is >= 0 and < double.PositiveInfinity ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "must be finite and not negative");
    }

    /// <summary>Most iterations of the main solver, 0 or more. Newton wants 5 or more.</summary>
    public int Iterations
    {
        get => Native->opt.iterations;
        set => Native->opt.iterations = NotNegative(value);
    }

    /// <summary>Most iterations of the no-slip solver, 0 or more.</summary>
    public int NoSlipIterations
    {
        get => Native->opt.noslip_iterations;
        set => Native->opt.noslip_iterations = NotNegative(value);
    }

    /// <summary>Constraint solver.</summary>
    public MjSolver Solver
    {
        get => (MjSolver)Native->opt.solver;
        set => Native->opt.solver = (int)Defined(value);
    }

    /// <summary>Friction cone.</summary>
    public MjCone Cone
    {
        get => (MjCone)Native->opt.cone;
        set => Native->opt.cone = (int)Defined(value);
    }

    /// <summary>Integrator.</summary>
    public MjIntegrator Integrator
    {
        get => (MjIntegrator)Native->opt.integrator;
        set => Native->opt.integrator = (int)Defined(value);
    }

    /// <summary>What is switched off.</summary>
    public MjDisableFlags DisableFlags
    {
        get => (MjDisableFlags)Native->opt.disableflags;
        set => Native->opt.disableflags = (int)value;
    }

    /// <summary>What is switched on beyond the default.</summary>
    public MjEnableFlags EnableFlags
    {
        get => (MjEnableFlags)Native->opt.enableflags;
        set => Native->opt.enableflags = (int)value;
    }

    /// <summary>Gravity, m/s², 3.</summary>
    public Span<double> Gravity => new(Native->opt.gravity, 3);

    /// <summary>Size of the model, m; MuJoCo scales its default camera and clipping planes by it.</summary>
    public double Extent => Native->stat.extent;

    /// <summary>Centre of the model, m, 3.</summary>
    public ReadOnlySpan<double> Center => new(Native->stat.center, 3);

    private static double Positive(double value, [CallerMemberName] string name = "") =>
        double.IsFinite(value) && value > 0 ? value
        : throw new ArgumentOutOfRangeException(name, value, "must be finite and positive");

    private static int NotNegative(int value, [CallerMemberName] string name = "") =>
        value >= 0 ? value : throw new ArgumentOutOfRangeException(name, value, "must not be negative");

    private static T Defined<T>(T value, [CallerMemberName] string name = "") where T : struct, Enum =>
        Enum.IsDefined(value) ? value
        : throw new ArgumentOutOfRangeException(name, value, $"is not one of {string.Join(", ", Enum.GetNames<T>())}");
}
