using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Policy.Refinement;

namespace Legato.Policy.Learning.OnRobot;

/// <summary>Practice in which the plan's targets themselves are learnt (<see cref="Practice"/>).</summary>
/// <param name="practice">Learns; disposed with this.</param>
/// <param name="bundle">What was begun with.</param>
public sealed class TargetPractice(Practice practice, PolicyBundle bundle) : IPractice
{
    /// <inheritdoc/>
    public PolicyBundle Next => bundle with { Commands = practice.Next.Commands };

    /// <inheritdoc/>
    public ExplorationTape? Exploration => null;

    /// <inheritdoc/>
    public PolicyBundle? Best => practice.Best is { } best ? bundle with { Commands = best.Commands, Manifest = bundle.Manifest with { Evaluation = best.Score } } : null;

    /// <inheritdoc/>
    public PerformanceScore Learn(RolloutTrace trace, CancellationToken stop) => practice.Learn(trace);

    /// <inheritdoc/>
    public void Dispose() => practice.Dispose();
}
