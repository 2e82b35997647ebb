using Legato.Music;
using Legato.Policy.Refinement;
using Legato.Sim.Scene;

namespace Legato.Policy.Planning;

/// <summary>Learning on the robot itself: after every performance the targets change by what went wrong in it.</summary>
/// <remarks>
/// The same iterative learning as in the planner's rehearsals, from measured joints; what no joint sensor can tell comes from the
/// keyboard (<see cref="KeyFeedback"/>). The best performance so far is kept. One thread at a time.
/// </remarks>
public sealed class Practice : IDisposable
{
    private readonly PlanStage _stage;
    private readonly PlanCandidate _candidate;
    private readonly KeyFeedback _heard;
    private readonly SongPlan _plan;

    /// <summary>Prepares to learn; solves the plan's poses again.</summary>
    /// <param name="scene">The best model of the robot there is. It stays the caller's.</param>
    /// <param name="options">Planner options; lead-in, keystroke and gains count here.</param>
    /// <param name="plan">What to begin with.</param>
    /// <param name="trajectory">The song.</param>
    /// <param name="stop">Breaks off the preparation.</param>
    /// <exception cref="ArgumentException">The plan is for another song, lead-in or hand.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public Practice(PianoScene scene, PlannerOptions options, SongPlan plan, NoteTrajectory trajectory, CancellationToken stop = default)
    {
        plan.RequireFits(scene, options, trajectory);
        // What is learnt belongs to the rows that were played.
        _plan = plan with { Feedback = false, Motion = null, Sounds = null };
        _stage = new PlanStage(scene, options, trajectory, new PlanRun(options, null, stop));
        _candidate = new PlanCandidate(_stage, plan.Strategy, plan.Fingering);
        _heard = new KeyFeedback(plan.Fingering, _stage.Truth, options.LeadIn);
        try
        {
            _candidate.Resume(plan.Commands);
        }
        catch (OperationCanceledException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What to perform next: the plan with the targets as they are now, and the score that the best performance had.</summary>
    public SongPlan Next => Best is { } best ? _plan with { Commands = _candidate.Commands.Clone(), Score = best.Score } : _plan;

    /// <summary>The best performance so far, targets and score; null before the first.</summary>
    public SongPlan? Best { get; private set; }

    /// <summary>Learns from a performance of <see cref="Next"/>.</summary>
    /// <param name="trace">What the robot reported, lead-in included.</param>
    /// <returns>The score of the performance.</returns>
    public PerformanceScore Learn(RolloutTrace trace)
    {
        PerformanceScore score = trace.Score(_stage.Truth);
        if (Best is null || (score.F1, score.OnsetF1).CompareTo((Best.Score.F1, Best.Score.OnsetF1)) > 0)
            Best = _plan with { Commands = _candidate.Commands.Clone(), Score = score };
        _candidate.Learn(trace, _heard);
        return score;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _candidate.Dispose();
        _stage.Dispose();
    }
}
