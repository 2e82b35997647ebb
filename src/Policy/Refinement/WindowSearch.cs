using Legato.Sim.Parameters;

namespace Legato.Policy.Refinement;

/// <summary>Predictive sampling in a window: samples are drawn around the best so far, and the best of them is the next to draw around.</summary>
/// <remarks>One at a time of its methods.</remarks>
/// <param name="stage">What the samples play on.</param>
/// <param name="window">Where to search.</param>
/// <param name="sampler">Draws for the window.</param>
/// <param name="commands">Of the whole song; rows of the window and of the steps that follow it are read.</param>
/// <param name="rank">Its turn among the searches of a crew.</param>
internal sealed class WindowSearch(SampleStage stage, FaultyWindow window, StrokeSampler sampler, CommandTable commands, int rank)
{
    // A smaller gain counts as none, in steps in which nothing is right.
    private const double LeastGain = 0.02;

    private readonly int _horizon = Math.Min(stage.Cost.Steps, window.End + stage.Options.Tail) - window.Start;
    private readonly List<Take> _bests = [stage.Rent()];
    private int _idle;
    private long _envSteps;

    /// <summary>Control steps simulated so far.</summary>
    public long EnvSteps => _envSteps;

    // Begins with the commands as they are; the last one is the best so far.
    private Take Best => _bests[^1];

    // Steps that finalists play.
    private int Outlook => Math.Min(stage.Cost.Steps - window.Start, _horizon + stage.Options.Outlook);

    /// <summary>Searches; the tapes may change once this has returned to its caller.</summary>
    /// <param name="tapes">What was played last, in every scene.</param>
    /// <param name="seed">Seed of a sample by iteration and number.</param>
    /// <param name="envSteps">Control steps after which no iteration begins.</param>
    /// <param name="isOver">Asked before every iteration, too.</param>
    /// <returns>This search, over.</returns>
    public async Task<WindowSearch> RunAsync(IReadOnlyList<SongTape> tapes, Func<int, int, int> seed, long envSteps, Func<bool> isOver)
    {
        // The commands as they are need no roll-out of their own.
        for (int s = 0; s < tapes.Count; s++)
            tapes[s].CopyTo(Best[s], window.Start, _horizon);
        Best.Cost = stage.CostOver(Best, _horizon);
        for (int i = 0; i < stage.Options.Iterations && Best.Cost.Faults > 0 && _idle < stage.Options.Patience && _envSteps < envSteps && !isOver(); i++)
        {
            Take[] samples = [.. Propose(i, seed)];
            await Task.WhenAll(samples.Select(take => stage.Crew.DoAsync(SampleStage.Urgent + 1 + rank, _horizon - take.From, worlds =>
            {
                take.CopyFrom(Best, take.From);
                Interlocked.Add(ref _envSteps, stage.Play(take, worlds, commands, window, take.From, _horizon, Best));
            })));
            Choose(samples);
        }
        return this;
    }

    /// <summary>Takes over the best that was found, if it holds against the commands as they are.</summary>
    /// <remarks>
    /// What helps here may harm what follows, and what changed in the windows before is not what the samples began with: the last of
    /// the bests play all of it once more, from where the tapes are by now. The tapes take over what the winner has played.
    /// </remarks>
    /// <param name="tapes">True up to some step; afterwards up to the end of the outlook if something changed before or in the window.</param>
    /// <returns>True if the commands changed.</returns>
    public async Task<bool> DecideAsync(IReadOnlyList<SongTape> tapes)
    {
        Take asIs = _bests[0], winner = asIs;
        if (_bests.Count > 1)
        {
            await stage.PlayAsync(tapes, window.Start, commands);
            bool isKnown = tapes.All(tape => tape.Length >= window.Start + Outlook);
            for (int s = 0; s < tapes.Count && isKnown; s++)
                tapes[s].CopyTo(asIs[s], window.Start, Outlook);
            asIs.Cost = isKnown ? stage.CostOver(asIs, Outlook) : default;
            await Task.WhenAll(_bests.Where(take => take != asIs || !isKnown).Select(take => stage.Crew.DoAsync(SampleStage.Urgent, Outlook, worlds =>
            {
                for (int s = 0; s < tapes.Count; s++)
                    tapes[s].CopyTo(take[s], window.Start, 0);
                Interlocked.Add(ref _envSteps, stage.Play(take, worlds, commands, window, 0, Outlook, null));
            })));
            winner = _bests.Where(take => take.Cost.Faults <= asIs.Cost.Faults).MinBy(take => take.Cost.Total)!;
            for (int t = 0; t < window.Length && winner != asIs; t++)
                stage.Targets(commands, window, winner, t, commands[window.Start + t]);
            for (int s = 0; s < tapes.Count && (winner != asIs || !isKnown); s++)
                tapes[s].Splice(winner[s], window.Start, Outlook);
        }
        stage.GiveBack(_bests);
        return winner != asIs;
    }

    private IEnumerable<Take> Propose(int iteration, Func<int, int, int> seed)
    {
        if (iteration == 0)
            return sampler.Simple().Select(stroke => Sample(stroke.Changes, stroke.From));
        return Enumerable.Range(0, stage.Options.Population).Select(k =>
        {
            Take take = Sample(Best.Changes, 0);
            take.From = sampler.Draw(new GaussianNoise(seed(iteration, k)), take.Changes);
            return take;
        });

        Take Sample(double[] changes, int from)
        {
            Take take = stage.Rent();
            changes.CopyTo(take.Changes, 0);
            take.From = from;
            return take;
        }
    }

    // The best sample is the next to draw around; the last few of these are kept.
    private void Choose(Take[] samples)
    {
        Take champion = samples.MinBy(take => take.Cost.Total)!;
        _idle = Best.Cost.Total - champion.Cost.Total > LeastGain ? 0 : _idle + 1;
        bool better = champion.Cost.Total < Best.Cost.Total;
        stage.GiveBack(samples.Where(take => !better || take != champion));
        if (!better)
            return;
        _bests.Add(champion);
        if (_bests.Count > stage.Options.Finalists + 1)
        {
            stage.GiveBack([_bests[1]]);
            _bests.RemoveAt(1);
        }
    }
}
