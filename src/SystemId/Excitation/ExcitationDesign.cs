using Legato.Sim.Parameters;
using Legato.SystemId.Parameters;

namespace Legato.SystemId.Excitation;

/// <summary>How well a parameter will be known.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Prior">Half the width of its 95 % interval before any motion.</param>
/// <param name="Planned">The same after the planned motion.</param>
/// <param name="Random">The same after random safe motion of equal length.</param>
/// <param name="IsObservable">False if the planned motion leaves it about as uncertain as it was.</param>
public sealed record PredictedInterval(string Name, string Unit, double Prior, double Planned, double Random, bool IsObservable);

/// <summary>Chooses blocks by what they tell about parameters.</summary>
public static class ExcitationDesign
{
    // A parameter that keeps more of its prior width than this is not observable.
    private const double Observable = 0.9;

    // Half widths of 95 % intervals in standard deviations.
    private const double Quantile = 1.959964;

    /// <summary>
    /// Takes blocks one after the other, each time the one that adds most to the logarithm of the determinant of the precision per second
    /// (D-optimality), until none fits into the time any more. A block may be taken more than once.
    /// </summary>
    /// <param name="information">Information of each block.</param>
    /// <param name="seconds">Duration of each block.</param>
    /// <param name="budget">Seconds in all.</param>
    /// <returns>Indices of the blocks in the order of their choice; what is behind tells less than what is before.</returns>
    public static IReadOnlyList<int> Choose(IReadOnlyList<double[,]> information, IReadOnlyList<double> seconds, double budget)
    {
        var chosen = new List<int>();
        if (information.Count == 0)
            return chosen;
        var posterior = new Posterior(information[0].GetLength(0));
        for (double left = budget; ;)
        {
            double now = posterior.LogDeterminant();
            int best = -1;
            double most = 0;
            for (int b = 0; b < information.Count; b++)
            {
                double gain = seconds[b] <= left ? (posterior.LogDeterminant(information[b]) - now) / seconds[b] : 0;
                if (gain > most)
                    (best, most) = (b, gain);
            }
            if (best < 0)
                return chosen;
            chosen.Add(best);
            posterior.Add(information[best]);
            left -= seconds[best];
        }
    }

    /// <summary>Predicts intervals.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="planned">What the planned motion tells.</param>
    /// <param name="random">What random motion of equal length tells.</param>
    public static IReadOnlyList<PredictedInterval> Predict(ParameterVector parameters, Posterior planned, Posterior random)
    {
        double[] after = planned.StandardDeviations(), beside = random.StandardDeviations();
        return [.. parameters.Definitions.Select((ParameterDefinition d, int i) =>
        {
            double prior = Quantile * parameters.Priors[i].Sd;
            return new PredictedInterval(d.Name, d.Unit, prior, prior * after[i], prior * beside[i], after[i] <= Observable);
        })];
    }
}
