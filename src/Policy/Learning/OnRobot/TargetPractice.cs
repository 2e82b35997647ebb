using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Policy.Refinement;

namespace Legato.Policy.Learning.OnRobot;

/// <summary>Practice in which the plan's targets themselves are learnt (<see cref="Practice"/>).</summary>
/// <param name="practice">Learns; disposed with this.</param>
/// <param name="bundle">What was begun with; a network in it is left out, since nothing is learnt for it.</param>
public sealed class TargetPractice(Practice practice, PolicyBundle bundle) : IPractice
{
    private readonly PolicyBundle _alone = bundle.OpenLoop();

    /// <inheritdoc/>
    public PolicyBundle Next => _alone with { Commands = practice.Next.Commands };

    /// <inheritdoc/>
    public ExplorationTape? Exploration => null;

    /// <inheritdoc/>
    public PolicyBundle? Best => practice.Best is { } best ? _alone with { Commands = best.Commands, Manifest = _alone.Manifest with { Evaluation = best.Score } } : null;

    /// <inheritdoc/>
    public PerformanceScore Learn(RolloutTrace trace, CancellationToken stop) => practice.Learn(trace);

    /// <inheritdoc/>
    public void Dispose() => practice.Dispose();
}
