using Legato.Sim.Scene;

namespace Legato.Sim.Tasks.Rewards;

/// <summary>The fingertips are, seen from above, where a demonstration has them: 0..1, 0 in the lead-in.</summary>
/// <remarks>PianoMime: mean over the tips of g(distance in x and y; [0, 0.01] m, 0.05 m).</remarks>
public sealed class MimicReward : RewardTerm
{
    private readonly TipTable _demo;

    /// <summary>Creates the term.</summary>
    /// <param name="scene">Gives the fingers.</param>
    /// <param name="demo">The demonstration, lead-in first.</param>
    /// <exception cref="InputException">There is no demonstration, or it has other fingers.</exception>
    public MimicReward(PianoScene scene, TipTable? demo)
    {
        _demo = demo ?? throw new InputException("reward 'mimic' needs a demonstration's fingertips; give them or leave the reward out");
        if (_demo.Width != 3 * scene.Fingers.Count)
            throw new InputException($"the demonstration has {_demo.Width / 3} fingertips, the scene {scene.Fingers.Count}; make it for this scene");
    }

    /// <inheritdoc/>
    public override double Evaluate(TaskState state)
    {
        if (state.Step < state.Song.LeadIn)
            return 0;
        ReadOnlySpan<double> demo = _demo[state.Step], tips = state.TipPositions;
        double sum = 0;
        for (int i = 0; i < demo.Length; i += 3)
        {
            double x = tips[i] - demo[i], y = tips[i + 1] - demo[i + 1];
            sum += Tolerance.Gaussian(Math.Sqrt((x * x) + (y * y)), 0, 0.01, 0.05);
        }
        return 3 * sum / demo.Length;
    }
}
