using Legato.Sim.Assignment;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Sim.Tasks.Rewards;

/// <summary>Fingertips are at the goal's keys, whichever finger that is: the tips go to the keys by optimal transport.</summary>
/// <remarks>
/// The assignment has the least total distance; of more keys than tips as many as there are tips are assigned. Silent steps earn 1.
/// Source: Zhao et al., "RP1M", 2024, and what became of it in RoboPianist.
/// </remarks>
public abstract class TransportReward : RewardTerm
{
    private readonly AssignmentSolver _solver;
    private readonly double[] _cost;
    private readonly int[] _tipOf = new int[PianoGeometry.KeyCount];
    private readonly int _tips;

    /// <summary>Creates the term.</summary>
    /// <param name="scene">Gives the fingers.</param>
    protected TransportReward(PianoScene scene)
    {
        _tips = scene.Fingers.Count;
        _solver = new AssignmentSolver(PianoGeometry.KeyCount, _tips);
        _cost = new double[PianoGeometry.KeyCount * _tips];
    }

    /// <inheritdoc/>
    public sealed override double Evaluate(TaskState state)
    {
        int keys = 0;
        for (UInt128 rest = state.Song.Keys(state.Step); rest != 0; rest &= rest - 1)
        {
            ReadOnlySpan<double> point = state.KeyPoints.AsSpan(3 * (int)UInt128.TrailingZeroCount(rest), 3);
            for (int f = 0; f < _tips; f++)
                _cost[(keys * _tips) + f] = Distance(state.TipPositions.AsSpan(3 * f, 3), point);
            keys++;
        }
        if (keys == 0)
            return 1;
        _solver.TrySolve(_cost.AsSpan(0, keys * _tips), keys, _tips, _tipOf.AsSpan(0, keys));
        double sum = 0;
        int pairs = 0;
        for (int k = 0; k < keys; k++)
        {
            if (_tipOf[k] < 0)
                continue;
            sum += Part(_cost[(k * _tips) + _tipOf[k]]);
            pairs++;
        }
        return Whole(sum, pairs);
    }

    /// <summary>What a pair adds to the sum.</summary>
    /// <param name="distance">m.</param>
    protected abstract double Part(double distance);

    /// <summary>What the sum is worth.</summary>
    protected abstract double Whole(double sum, int pairs);
}

/// <summary>As RoboPianist's code has it: the mean over the pairs of g(distance; [0, 0.01] m, 0.1 m), 0..1.</summary>
public sealed class MeanTransportReward(PianoScene scene) : TransportReward(scene)
{
    /// <inheritdoc/>
    protected override double Part(double distance) => Tolerance.Gaussian(distance, 0, 0.01, 0.1);

    /// <inheritdoc/>
    protected override double Whole(double sum, int pairs) => sum / pairs;
}

/// <summary>As RP1M's paper has it: of the total distance d, 1 below 0.01 m, else exp(c · (d − 0.01)²), 0..1.</summary>
/// <param name="scene">Gives the fingers.</param>
/// <param name="falloff">−c, 1/m², above 0. The paper does not give c; ln(10) / 0.1² is the falloff of RoboPianist's g.</param>
public sealed class SumTransportReward(PianoScene scene, double falloff) : TransportReward(scene)
{
    private const double Near = 0.01;

    /// <inheritdoc/>
    protected override double Part(double distance) => distance;

    /// <inheritdoc/>
    protected override double Whole(double sum, int pairs) => sum < Near ? 1 : Math.Exp(-falloff * (sum - Near) * (sum - Near));
}
