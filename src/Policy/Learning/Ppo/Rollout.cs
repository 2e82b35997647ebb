namespace Legato.Policy.Learning.Ppo;

/// <summary>What a batch of environments went through since the last update: Horizon steps of every slot, step-major.</summary>
/// <remarks>Arrays are pinned and reused. One thread at a time.</remarks>
internal sealed class Rollout(int horizon, int slots, int observationSize, int actionSize)
{
    public int Count => horizon * slots;

    /// <summary>Scaled observations, Count × observationSize.</summary>
    public float[] Observations { get; } = Pinned(horizon * slots * observationSize);

    /// <summary>Actions as drawn, not cut, Count × actionSize.</summary>
    public float[] Actions { get; } = Pinned(horizon * slots * actionSize);

    public float[] LogProbabilities { get; } = Pinned(horizon * slots);

    public float[] Rewards { get; } = Pinned(horizon * slots);

    public float[] Values { get; } = Pinned(horizon * slots);

    /// <summary>Whether the episode ended with this step.</summary>
    public bool[] Ends { get; } = new bool[horizon * slots];

    public float[] Advantages { get; } = Pinned(horizon * slots);

    /// <summary>What the value should have been.</summary>
    public float[] Returns { get; } = Pinned(horizon * slots);

    public Span<float> ObservationsAt(int step) => Observations.AsSpan(step * slots * observationSize, slots * observationSize);

    public Span<float> ActionsAt(int step) => Actions.AsSpan(step * slots * actionSize, slots * actionSize);

    /// <summary>Generalised advantage estimation (Schulman et al. 2016, eq. 16), backwards in time.</summary>
    /// <param name="lastValues">Value of what each slot observes after the last step.</param>
    /// <param name="discount">γ.</param>
    /// <param name="lambda">λ.</param>
    public void Estimate(ReadOnlySpan<float> lastValues, double discount, double lambda)
    {
        for (int e = 0; e < slots; e++)
        {
            double advantage = 0, next = lastValues[e];
            for (int t = horizon - 1; t >= 0; t--)
            {
                int i = (t * slots) + e;
                double open = Ends[i] ? 0 : 1;
                double error = Rewards[i] + (discount * next * open) - Values[i];
                advantage = error + (discount * lambda * open * advantage);
                Advantages[i] = (float)advantage;
                Returns[i] = (float)(advantage + Values[i]);
                next = Values[i];
            }
        }
    }

    private static float[] Pinned(int length) => GC.AllocateArray<float>(length, pinned: true);
}
