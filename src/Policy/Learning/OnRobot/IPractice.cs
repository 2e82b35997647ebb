using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Refinement;

namespace Legato.Policy.Learning.OnRobot;

/// <summary>Learns a song from performances of a robot.</summary>
/// <remarks>One thread at a time.</remarks>
public interface IPractice : IDisposable
{
    /// <summary>What to perform next.</summary>
    PolicyBundle Next { get; }

    /// <summary>What to try in it, and where to keep what was seen and done; null where nothing is.</summary>
    ExplorationTape? Exploration { get; }

    /// <summary>The best performance so far, with the score that it had on the robot; null before the first.</summary>
    PolicyBundle? Best { get; }

    /// <summary>Learns from a performance of <see cref="Next"/>.</summary>
    /// <param name="trace">What the robot reported, lead-in included.</param>
    /// <param name="stop">Breaks learning off; the rest is learnt after the next performance.</param>
    /// <returns>The score of the performance.</returns>
    PerformanceScore Learn(RolloutTrace trace, CancellationToken stop);
}
