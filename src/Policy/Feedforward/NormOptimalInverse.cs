using Legato.Policy.Kinematics;

namespace Legato.Policy.Feedforward;

/// <summary>
/// Which targets make an actuator follow a reference: the norm-optimal inverse of its step response,
/// min |e − G·u|² + ρ|Δu|², over the whole song at once.
/// </summary>
/// <remarks>
/// Norm-optimal iterative learning: Amann, Owens and Rogers (1996). G is the lower-triangular Toeplitz matrix of the impulse response,
/// so GᵀG is banded and the cost is linear in the song's length. Away from its ends the matrix repeats along its diagonals, and so does
/// its factor, to the last bits within some hundred rows: a factor of that size serves songs of any length. Thread-safe after construction.
/// </remarks>
public sealed class NormOptimalInverse
{
    // The last targets hardly move anything within the song; this keeps them bounded.
    private const double Regularisation = 1e-6;

    // Rows of the smallest factor, and how much it may still change in its middle.
    private const int ShortFactor = 512;
    private const double Steady = 1e-13;

    private readonly double[][] _impulse;
    private readonly BandedSystem[] _systems;
    private readonly int _steps;
    private readonly double _roughness;

    /// <summary>Factors one system per actuator.</summary>
    /// <param name="responses">Step responses.</param>
    /// <param name="actuators">How many actuators.</param>
    /// <param name="steps">Length of the song with its lead-in, control steps.</param>
    /// <param name="roughness">ρ: price of a change of target between steps, relative to an error of the same size.</param>
    public NormOptimalInverse(StepResponses responses, int actuators, int steps, double roughness)
    {
        (_steps, _roughness) = (steps, roughness);
        _impulse = new double[actuators][];
        _systems = new BandedSystem[actuators];
        for (int a = 0; a < actuators; a++)
        {
            ReadOnlySpan<double> step = responses[a];
            var impulse = new double[StepResponses.Length];
            for (int k = 0; k < impulse.Length; k++)
                impulse[k] = step[k] - (k > 0 ? step[k - 1] : 0);
            _impulse[a] = impulse;
            _systems[a] = Factor(impulse, steps, roughness);
        }
    }

    /// <summary>Change of targets that removes a tracking error of an actuator; both over all steps.</summary>
    public void Solve(int actuator, ReadOnlySpan<double> error, Span<double> change)
    {
        double[] impulse = _impulse[actuator];
        for (int t = 0; t < _steps; t++)
        {
            double sum = 0;
            for (int k = 0; k < impulse.Length && t + k < _steps; k++)
                sum += impulse[k] * error[t + k];
            change[t] = sum;
        }
        _systems[actuator].Solve(change[.._steps]);
    }

    /// <summary>What a change of an actuator's targets, over all steps, costs in the error that it makes: the Hessian of the problem above, not factored.</summary>
    public BandedSystem Hessian(int actuator) => Build(_impulse[actuator], _steps, _roughness);

    private static BandedSystem Factor(double[] impulse, int steps, double roughness)
    {
        for (int size = ShortFactor; size < steps; size *= 2)
        {
            BandedSystem system = Build(impulse, size, roughness);
            system.Factor();
            if (system.Drift < Steady)
                return system;
        }
        BandedSystem whole = Build(impulse, steps, roughness);
        whole.Factor();
        return whole;
    }

    private static BandedSystem Build(double[] impulse, int steps, double roughness)
    {
        int band = impulse.Length - 1;
        var system = new BandedSystem(steps, band);
        var row = new double[impulse.Length];
        for (int t = 0; t < steps; t++)
        {
            // Row t of G: u[t−k] weighs impulse[k].
            int first = Math.Max(0, t - band);
            for (int c = first; c <= t; c++)
                row[c - first] = impulse[t - c];
            system.AddSquare(first, row.AsSpan(0, t - first + 1), 1);
            system.Add(t, t, Regularisation);
            if (t > 0)
                system.AddSquare(t - 1, [-1, 1], roughness);
        }
        return system;
    }
}
