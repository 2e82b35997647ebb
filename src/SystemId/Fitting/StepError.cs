using Legato.Sim.Scene;

namespace Legato.SystemId.Fitting;

/// <summary>What the step of a simulation does to residuals: seen, to first order, from a simulation with a longer one (Richardson's extrapolation).</summary>
/// <remarks>
/// MuJoCo's integrator damps a drive the more the longer its step, and keys go down later: at 2 ms rails appear a percent too strong, half a millisecond late.
/// Rigs are regulated at 1 kHz, and so simulated by the stand-in: that step is extrapolated to. Immutable and thread-safe.
/// </remarks>
internal sealed class StepError
{
    // Period of a rig's drives, s.
    private const double RigStep = 0.001;

    private readonly double[] _error;

    private StepError(double[] error, double[] left) => (_error, Left) = (error, left);

    /// <summary>What stays in doubt: whether what happens within a period of the rig's drives is as its simulation has it.</summary>
    public double[] Left { get; }

    /// <summary>The error of the finer of two simulations.</summary>
    /// <param name="scene">The scene that residuals come from.</param>
    /// <param name="fine">Residuals of one rig.</param>
    /// <param name="longer">The same scene with longer steps.</param>
    /// <param name="coarse">Residuals of the same rig there.</param>
    /// <param name="most">Largest difference that the steps are taken to have made; what differs more has jumped, as a key does that is just so pressed in one of them.</param>
    public static StepError Of(PianoScene scene, double[] fine, PianoScene longer, double[] coarse, double most = double.PositiveInfinity)
    {
        double step = scene.Model.Timestep, perSecond = 1 / (longer.Model.Timestep - step);
        double[] slope = [.. coarse.Zip(fine, (there, here) => Math.Abs(there - here) <= most ? (there - here) * perSecond : 0)];
        return slope.All(double.IsFinite)
            ? new StepError([.. slope.Select(s => s * Math.Max(0, step - RigStep))], [.. slope.Select(s => s * Math.Min(step, RigStep))])
            : new StepError(new double[slope.Length], new double[slope.Length]);
    }

    /// <summary>Residuals as the rig's own step would have them.</summary>
    public double[][] Without(double[][] residuals) => [.. residuals.Select(rig => rig.Zip(_error, (residual, error) => residual - error).ToArray())];
}
