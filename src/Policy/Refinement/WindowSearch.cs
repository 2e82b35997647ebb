using Legato.Sim.Parameters;

namespace Legato.Policy.Refinement;

/// <summary>Predictive sampling in a window: samples are drawn around the best so far, and a better one is the next to draw around.</summary>
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
    private double _mark;
    private int _idle;

    /// <summary>Control steps simulated so far.</summary>
    public long EnvSteps { get; private set; }

    // Begins with the commands as they are; the last one is the best so far.
    private Take Best => _bests[^1];

    // Steps that finalists play.
    private int Outlook => Math.Min(stage.Cost.Steps - window.Start, _horizon + stage.Options.Outlook);

    /// <summary>Searches; the tapes may change once this has returned to its caller.</summary>
    /// <remarks>
    /// A sample is drawn as soon as another is judged, around the best by then: nobody waits for the slowest of a generation. They are judged in the
    /// order in which they were drawn, whichever is played first, so that the same samples are drawn on any number of threads.
    /// </remarks>
    /// <param name="tapes">What was played last, in every scene.</param>
    /// <param name="seed">Seed of a sample by its number.</param>
    /// <param name="envSteps">Control steps after which no sample is drawn.</param>
    /// <param name="isOver">Asked before every sample, too.</param>
    /// <returns>This search, over.</returns>
    public async Task<WindowSearch> RunAsync(IReadOnlyList<SongTape> tapes, Func<int, int> seed, long envSteps, Func<bool> isOver)
    {
        // The commands as they are need no roll-out of their own.
        for (int s = 0; s < tapes.Count; s++)
            tapes[s].CopyTo(Best[s], window.Start, _horizon);
        Best.Cost = stage.CostOver(Best, _horizon);
        _mark = Best.Cost.Total;
        using IEnumerator<(Take Take, Take Parent)> samples = Draw(seed).GetEnumerator();
        var played = new Queue<Task<Take>>();
        do
        {
            while (played.Count < stage.Options.Ahead && Best.Cost.Faults > 0 && _idle < stage.Options.Patience && EnvSteps < envSteps && !isOver() && samples.MoveNext())
                played.Enqueue(PlayAsync(samples.Current.Take, samples.Current.Parent));
            if (played.TryDequeue(out Task<Take>? next))
                Judge(await next);
        }
        while (played.Count > 0);
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
            Take[] finalists = [asIs, .. _bests.Skip(1).TakeLast(stage.Options.Finalists)];
            Take[] playing = isKnown ? finalists[1..] : finalists;
            await Task.WhenAll(playing.Select(take => stage.Crew.DoAsync(SampleStage.Urgent, Outlook, worlds =>
            {
                for (int s = 0; s < tapes.Count; s++)
                    tapes[s].CopyTo(take[s], window.Start, 0);
                stage.Play(take, worlds, commands, window, 0, Outlook, null);
            })));
            EnvSteps += playing.Sum(take => take.EnvSteps);
            winner = finalists.Where(take => take.Cost.Faults <= asIs.Cost.Faults).MinBy(take => take.Cost.Total)!;
            for (int t = 0; t < window.Length && winner != asIs; t++)
                stage.Targets(commands, window, winner, t, commands[window.Start + t]);
            for (int s = 0; s < tapes.Count && (winner != asIs || !isKnown); s++)
                tapes[s].Splice(winner[s], window.Start, Outlook);
        }
        stage.GiveBack(_bests);
        return winner != asIs;
    }

    // Simple strokes change the commands as they are, the others what is best when they are asked for.
    private IEnumerable<(Take Take, Take Parent)> Draw(Func<int, int> seed)
    {
        foreach ((double[] changes, int from) in sampler.Simple())
        {
            Take take = stage.Rent();
            changes.CopyTo(take.Changes, 0);
            take.From = from;
            yield return (take, _bests[0]);
        }
        for (int k = 0; k < stage.Options.Samples; k++)
        {
            (Take take, Take parent) = (stage.Rent(), Best);
            parent.Changes.CopyTo(take.Changes, 0);
            take.From = sampler.Draw(new GaussianNoise(seed(k)), take.Changes);
            yield return (take, parent);
        }
    }

    private async Task<Take> PlayAsync(Take take, Take parent)
    {
        await stage.Crew.DoAsync(SampleStage.Urgent + 1 + rank, _horizon - take.From, worlds =>
        {
            take.CopyFrom(parent, take.From);
            stage.Play(take, worlds, commands, window, take.From, _horizon, parent);
        });
        return take;
    }

    private void Judge(Take take)
    {
        EnvSteps += take.EnvSteps;
        _idle++;
        if (take.Cost.Total >= Best.Cost.Total)
        {
            stage.GiveBack([take]);
            return;
        }
        if (_mark - take.Cost.Total > LeastGain)
            (_mark, _idle) = (take.Cost.Total, 0);
        _bests.Add(take);
        // Those that samples may still be derived from stay, and the finalists.
        if (_bests.Count > Math.Max(stage.Options.Ahead, stage.Options.Finalists) + 2)
        {
            stage.GiveBack([_bests[1]]);
            _bests.RemoveAt(1);
        }
    }
}
