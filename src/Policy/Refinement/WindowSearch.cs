using Legato.Policy.Kinematics;
using Legato.Policy.Limits;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Policy.Refinement;

/// <summary>Predictive sampling in windows: samples are drawn around the best so far, and the best of them is the next to draw around.</summary>
/// <remarks>
/// The samples of all windows are played together on all threads; what comes out does not depend on how many there are. One search at a time.
/// </remarks>
internal sealed class WindowSearch : IDisposable
{
    // A smaller gain counts as none, in steps in which nothing is right.
    private const double LeastGain = 0.02;

    private readonly SamplingOptions _options;
    private readonly SongCost _cost;
    private readonly HandKinematics _kinematics;
    private readonly TipReference _tips;
    private readonly FeasibleCommands? _feasible;
    private readonly PianoScene[] _scenes;
    private readonly DrivenWorld[][] _worlds;
    private readonly Stack<Take> _spare = [];
    private readonly int _n;
    private long _envSteps;

    public WindowSearch(IReadOnlyList<PianoScene> scenes, HandKinematics kinematics, TipReference tips, SongCost cost, SamplingOptions options, int threads, FeasibleCommands? feasible)
    {
        (_options, _cost, _kinematics, _tips, _feasible, _scenes) = (options, cost, kinematics, tips, feasible, [.. scenes]);
        _worlds = [.. Enumerable.Range(0, threads).Select(_ => scenes.Select(s => new DrivenWorld(s)).ToArray())];
        _n = scenes[0].Actuators.Count;
    }

    /// <summary>Control steps simulated so far.</summary>
    public long EnvSteps => Interlocked.Read(ref _envSteps);

    /// <summary>Looks for better commands in windows, and writes them.</summary>
    /// <param name="commands">Changed within the windows in which something better was found.</param>
    /// <param name="tapes">The commands in every scene; cut where they are no longer true.</param>
    /// <param name="windows">Where to search, in order, none within what another looks at.</param>
    /// <param name="seed">Seed of a sample by window, iteration and number.</param>
    /// <param name="isOver">Asked before every iteration.</param>
    /// <returns>Windows in which the commands changed.</returns>
    public int Improve(CommandTable commands, IReadOnlyList<SongTape> tapes, IReadOnlyList<FaultyWindow> windows, Func<FaultyWindow, int, int, int> seed, Func<bool> isOver)
    {
        Search[] searches = [.. windows.Select(window => Open(window, commands, tapes))];
        for (int i = 0; i < _options.Iterations && !isOver(); i++)
        {
            Search[] open = [.. searches.Where(search => search.Best.Cost.Faults > 0 && search.Idle < _options.Patience)];
            if (open.Length == 0)
                break;
            int iteration = i;
            foreach (Search search in open)
                search.Samples = [.. Propose(search, tapes, iteration, sample => seed(search.Window, iteration, sample))];
            ForEach(open.SelectMany(search => search.Samples.Select(take => (search, take, search.Horizon - take.From))), (search, take, worlds) =>
            {
                for (int s = 0; s < _scenes.Length; s++)
                    take[s].CopyFrom(search.Best[s], 0, 0, take.From);
                Play(take, worlds, commands, search.Window, take.From, search.Horizon, search.Best);
            });
            foreach (Search search in open)
                Choose(search);
        }

        return searches.Count(search => Decide(search, commands, tapes));
    }

    private Search Open(FaultyWindow window, CommandTable commands, IReadOnlyList<SongTape> tapes)
    {
        int horizon = Math.Min(_cost.Steps, window.End + _options.Tail) - window.Start;
        int outlook = Math.Min(_cost.Steps - window.Start, horizon + _options.Outlook);
        var search = new Search(window, new StrokeSampler(_kinematics, _tips, commands, window, _options, _feasible), horizon, outlook, Rent(tapes));
        // The commands as they are need no roll-out of their own.
        for (int s = 0; s < _scenes.Length; s++)
        {
            tapes[s].PlayTo(window.Start + horizon, commands);
            tapes[s].CopyTo(search.Best[s], window.Start, horizon);
        }
        search.Best.Cost = CostOver(search.Best, horizon);
        return search;
    }

    private IEnumerable<Take> Propose(Search search, IReadOnlyList<SongTape> tapes, int iteration, Func<int, int> seed)
    {
        if (iteration == 0)
            return search.Sampler.Simple().Select(stroke => Sample(stroke.Changes, stroke.From));
        return Enumerable.Range(0, _options.Population).Select(k =>
        {
            Take take = Sample(search.Best.Changes, 0);
            take.From = search.Sampler.Draw(new GaussianNoise(seed(k)), take.Changes);
            return take;
        });

        Take Sample(double[] changes, int from)
        {
            Take take = Rent(tapes);
            changes.CopyTo(take.Changes, 0);
            take.From = from;
            return take;
        }
    }

    // The best sample is the next to draw around; the last few of these are kept.
    private void Choose(Search search)
    {
        Take champion = search.Samples.MinBy(take => take.Cost.Total)!;
        search.Idle = search.Best.Cost.Total - champion.Cost.Total > LeastGain ? 0 : search.Idle + 1;
        bool better = champion.Cost.Total < search.Best.Cost.Total;
        foreach (Take take in search.Samples.Where(take => !better || take != champion))
            _spare.Push(take);
        if (!better)
            return;
        search.Bests.Add(champion);
        if (search.Bests.Count > _options.Finalists + 1)
        {
            _spare.Push(search.Bests[1]);
            search.Bests.RemoveAt(1);
        }
    }

    // What helps here may harm what follows, and what changed in the windows before is not what the samples began with: the last of
    // the bests play all of it once more, against the commands as they are. The tapes take over what the winner has played.
    private bool Decide(Search search, CommandTable commands, IReadOnlyList<SongTape> tapes)
    {
        (FaultyWindow window, Take asIs, int outlook) = (search.Window, search.Bests[0], search.Outlook);
        Take winner = asIs;
        if (search.Bests.Count > 1)
        {
            foreach (SongTape tape in tapes)
                tape.PlayTo(window.Start, commands);
            bool isKnown = tapes.All(tape => tape.Length >= window.Start + outlook);
            for (int s = 0; s < _scenes.Length && isKnown; s++)
                tapes[s].CopyTo(asIs[s], window.Start, outlook);
            asIs.Cost = isKnown ? CostOver(asIs, outlook) : default;
            ForEach(search.Bests.Where(take => take != asIs || !isKnown).Select(take => (search, take, outlook)), (_, take, worlds) =>
            {
                for (int s = 0; s < _scenes.Length; s++)
                    tapes[s].CopyTo(take[s], window.Start, 0);
                Play(take, worlds, commands, window, 0, outlook, null);
            });
            winner = search.Bests.Where(take => take.Cost.Faults <= asIs.Cost.Faults).MinBy(take => take.Cost.Total)!;
            for (int t = 0; t < window.Length && winner != asIs; t++)
                Targets(commands, window, winner, t, commands[window.Start + t]);
            for (int s = 0; s < _scenes.Length && (winner != asIs || !isKnown); s++)
                tapes[s].Splice(winner[s], window.Start, outlook);
        }
        foreach (Take take in search.Bests)
            _spare.Push(take);
        return winner != asIs;
    }

    // Plays a sample on in every scene; gives up when it is hopelessly worse than what it was derived from.
    private void Play(Take take, DrivenWorld[] worlds, CommandTable commands, FaultyWindow window, int from, int to, Take? parent)
    {
        for (int s = 0; s < _scenes.Length; s++)
        {
            if (!Play(take, s, worlds[s], commands, window, from, to, parent))
            {
                take.Cost = SampleCost.GivenUp;
                return;
            }
        }
        take.Cost = CostOver(take, to);
    }

    private bool Play(Take take, int scene, DrivenWorld world, CommandTable commands, FaultyWindow window, int from, int to, Take? parent)
    {
        Recording recording = take[scene];
        world.SetState(recording.State(from));
        KeyHistory keys = recording.Keys(from);
        Span<double> row = stackalloc double[_n];
        for (int t = from; t < to; t++)
        {
            Targets(commands, window, take, t, row);
            world.StepControl(row);
            Interlocked.Increment(ref _envSteps);
            SampleCost cost = _cost.Of(window.Start + t, world, ref keys);
            recording.Add(t, world, keys, cost, _kinematics);
            if (parent is not null && recording.CostBefore(t + 1).Total > parent[scene].CostBefore(t + 1).Total + _options.Hopeless)
                return false;
        }
        return true;
    }

    // The mean over the scenes, and a share of the worst.
    private SampleCost CostOver(Take take, int steps)
    {
        double faults = 0, total = 0, worstFaults = 0, worstTotal = 0;
        for (int s = 0; s < _scenes.Length; s++)
        {
            SampleCost cost = take[s].CostBefore(steps);
            (faults, total) = (faults + (cost.Faults / _scenes.Length), total + (cost.Total / _scenes.Length));
            (worstFaults, worstTotal) = (Math.Max(worstFaults, cost.Faults), Math.Max(worstTotal, cost.Total));
        }
        double tail = _scenes.Length > 1 ? _options.TailWeight : 0;
        return new SampleCost(faults + (tail * worstFaults), total + (tail * worstTotal));
    }

    private void Targets(CommandTable commands, FaultyWindow window, Take take, int step, Span<double> row)
    {
        commands[window.Start + step].CopyTo(row);
        if (step >= window.Length)
            return;
        for (int a = 0; a < _n; a++)
            row[a] = Math.Clamp(row[a] + take.Changes[(step * _n) + a], _scenes[0].ControlLow[a], _scenes[0].ControlHigh[a]);
    }

    // The longest first, so that no thread is left with one at the end.
    private void ForEach(IEnumerable<(Search Search, Take Take, int Steps)> takes, Action<Search, Take, DrivenWorld[]> work)
    {
        (Search Search, Take Take, int Steps)[] queue = [.. takes.OrderByDescending(take => take.Steps)];
        int next = -1;
        Parallel.For(0, Math.Min(_worlds.Length, queue.Length), worker =>
        {
            for (int i = Interlocked.Increment(ref next); i < queue.Length; i = Interlocked.Increment(ref next))
                work(queue[i].Search, queue[i].Take, _worlds[worker]);
        });
    }

    private Take Rent(IReadOnlyList<SongTape> tapes)
    {
        int longest = _options.Longest + _options.Tail + _options.Outlook;
        if (!_spare.TryPop(out Take? take))
            return new Take(tapes.Select(tape => tape.NewRecording(longest)), longest, _n);
        Array.Clear(take.Changes);
        take.From = 0;
        return take;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DrivenWorld world in _worlds.SelectMany(worlds => worlds))
            world.Dispose();
    }

    // What goes on in one window. Bests begin with the commands as they are; the last one is the best so far.
    private sealed class Search(FaultyWindow window, StrokeSampler sampler, int horizon, int outlook, Take asIs)
    {
        public FaultyWindow Window => window;

        public StrokeSampler Sampler => sampler;

        public int Horizon => horizon;

        public int Outlook => outlook;

        public List<Take> Bests { get; } = [asIs];

        public Take Best => Bests[^1];

        public Take[] Samples { get; set; } = [];

        public int Idle { get; set; }
    }
}
