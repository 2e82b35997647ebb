using System.Collections.Concurrent;

using Legato.Policy.Kinematics;
using Legato.Policy.Limits;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Policy.Refinement;

/// <summary>Predictive sampling in windows: samples are drawn around the best so far, and the best of them is the next to draw around.</summary>
/// <remarks>
/// One window of every section at a time; the samples of all are played together on all threads; what comes out does not depend on how many there are. One search at a time.
/// </remarks>
internal sealed class WindowSearch : IDisposable
{
    // A smaller gain counts as none, in steps in which nothing is right.
    private const double LeastGain = 0.02;

    private readonly SamplingOptions _options;
    private readonly SongCost _cost;
    private readonly HandKinematics _kinematics;
    private readonly TipReference _tips;
    private readonly StepCounter _counter;
    private readonly FeasibleCommands? _feasible;
    private readonly PianoScene[] _scenes;
    private readonly PianoWorld[][] _worlds;
    private readonly ConcurrentBag<Take> _spare = [];
    private readonly int _n;

    public WindowSearch(IReadOnlyList<PianoScene> scenes, HandKinematics kinematics, TipReference tips, SongCost cost, SamplingOptions options, int threads, StepCounter counter, FeasibleCommands? feasible)
    {
        (_options, _cost, _kinematics, _tips, _counter, _feasible, _scenes) = (options, cost, kinematics, tips, counter, feasible, [.. scenes]);
        _worlds = [.. Enumerable.Range(0, threads).Select(_ => scenes.Select(s => new PianoWorld(s)).ToArray())];
        _n = scenes[0].Actuators.Count;
    }

    /// <summary>Plays the whole song.</summary>
    public void Play(IReadOnlyList<SongTape> tapes, CommandTable commands) =>
        ForEach([.. Enumerable.Range(0, tapes.Count)], (s, worlds) => tapes[s].PlayTo(_cost.Steps, commands, worlds[s]));

    /// <summary>Looks for better commands around the next fault of each section, and writes them.</summary>
    /// <param name="sections">Their commands change within the windows in which something better was found.</param>
    /// <param name="finder">Finds the faults.</param>
    /// <param name="seed">Seed of a sample by window, iteration and number.</param>
    /// <param name="isOver">Asked before every iteration.</param>
    /// <returns>How many windows were searched, and in how many of them the commands changed; no windows if no fault is left.</returns>
    public (int Windows, int Improved) Improve(IReadOnlyList<SongSection> sections, FaultFinder finder, Func<FaultyWindow, int, int, int> seed, Func<bool> isOver)
    {
        Search[] searches = Open(sections, finder);
        for (int i = 0; i < _options.Iterations && !isOver(); i++)
        {
            Search[] open = [.. searches.Where(search => search.Best.Cost.Faults > 0 && search.Idle < _options.Patience)];
            if (open.Length == 0)
                break;
            Propose(open, i, seed);
            Play([.. open.SelectMany(search => search.Samples.Select(take => new Job(search, take, take.From, search.Horizon, search.Best)))]);
            foreach (Search search in open)
                Choose(search);
        }
        // What helps in a window may harm what follows: the last of the bests play on.
        Play([.. searches.SelectMany(search => search.Bests.Skip(1).Select(take => new Job(search, take, search.Horizon, search.Outlook, Parent: null)))]);
        return (searches.Length, searches.Count(Decide));
    }

    private Search[] Open(IReadOnlyList<SongSection> sections, FaultFinder finder)
    {
        var windows = new FaultyWindow?[sections.Count];
        ForEach([.. Enumerable.Range(0, sections.Count)], (i, worlds) =>
        {
            windows[i] = finder.Next(sections[i], worlds);
            if (windows[i] is { } window)
                sections[i].PlayTo(OutlookEnd(sections[i], window), worlds);
        });
        return [.. sections.Zip(windows).Where(pair => pair.Second is not null).Select(pair => Open(pair.First, pair.Second!))];
    }

    private int HorizonEnd(SongSection section, FaultyWindow window) => Math.Min(section.End, window.End + _options.Tail);

    private int OutlookEnd(SongSection section, FaultyWindow window) => Math.Min(section.End, HorizonEnd(section, window) + _options.Outlook);

    private Search Open(SongSection section, FaultyWindow window)
    {
        section.Tried(window.Faults[0].Step, _options.Stride);
        int horizon = HorizonEnd(section, window) - window.Start, outlook = OutlookEnd(section, window) - window.Start;
        var search = new Search(section, window, new StrokeSampler(_kinematics, _tips, section.Commands, window, _options, _feasible), horizon, outlook, Rent());
        // The commands as they are need no roll-out of their own.
        for (int s = 0; s < _scenes.Length; s++)
            search.Best[s].CopyFrom(section.Tapes[s], window.Start, outlook);
        search.Best.Cost = CostOver(search.Best, horizon);
        return search;
    }

    private void Propose(Search[] open, int iteration, Func<FaultyWindow, int, int, int> seed)
    {
        if (iteration == 0)
        {
            ForEach(open, (search, _) => search.Samples = [.. search.Sampler.Simple().Select(stroke => Sample(stroke.Changes, stroke.From))]);
            return;
        }
        foreach (Search search in open)
            search.Samples = [.. Enumerable.Range(0, _options.Population).Select(_ => Sample(search.Best.Changes, 0))];
        ForEach([.. open.SelectMany(search => search.Samples.Select((take, k) => (Search: search, Take: take, K: k)))],
            (draw, _) => draw.Take.From = draw.Search.Sampler.Draw(new GaussianNoise(seed(draw.Search.Window, iteration, draw.K)), draw.Take.Changes));

        Take Sample(double[] changes, int from)
        {
            Take take = Rent();
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
            _spare.Add(take);
        if (!better)
            return;
        search.Bests.Add(champion);
        if (search.Bests.Count > _options.Finalists + 1)
        {
            _spare.Add(search.Bests[1]);
            search.Bests.RemoveAt(1);
        }
    }

    private bool Decide(Search search)
    {
        (FaultyWindow window, Take asIs) = (search.Window, search.Bests[0]);
        asIs.Cost = CostOver(asIs, search.Outlook);
        Take winner = search.Bests.Where(take => take.Cost.Faults <= asIs.Cost.Faults).MinBy(take => take.Cost.Total)!;
        if (winner != asIs)
        {
            for (int t = 0; t < window.Length; t++)
                Targets(search.Section.Commands, window, winner, t, search.Section.Commands[window.Start + t]);
            search.Section.ChangedAt(window.Start);
        }
        foreach (Take take in search.Bests)
            _spare.Add(take);
        return winner != asIs;
    }

    // The longest first, so that no thread is left with one at the end.
    private void Play(Job[] jobs) => ForEach([.. jobs.OrderByDescending(job => job.To - job.From)], (job, worlds) =>
    {
        for (int s = 0; s < _scenes.Length && job.Parent is not null; s++)
            job.Take[s].CopyFrom(job.Parent[s], job.From);
        Play(job, worlds);
    });

    // Plays a sample on in every scene; gives up when it is hopelessly worse than what it was derived from.
    private void Play(Job job, PianoWorld[] worlds)
    {
        for (int s = 0; s < _scenes.Length; s++)
        {
            if (!Play(job, s, worlds[s]))
            {
                job.Take.Cost = SampleCost.GivenUp;
                return;
            }
        }
        job.Take.Cost = CostOver(job.Take, job.To);
    }

    private bool Play(Job job, int scene, PianoWorld world)
    {
        (Search search, Take take, int from, int to, Take? parent) = job;
        (FaultyWindow window, CommandTable commands) = (search.Window, search.Section.Commands);
        Take.Recording recording = take[scene];
        world.Data.SetState(recording.State(from));
        KeyHistory keys = recording.Keys(from);
        SampleCost cost = recording.Cost(from);
        Span<double> row = stackalloc double[_n];
        for (int t = from; t < to; t++)
        {
            Targets(commands, window, take, t, row);
            world.SetTargets(row);
            world.StepControl();
            _counter.Add();
            cost += _cost.Of(window.Start + t, world, ref keys);
            recording.Save(t + 1, world, keys, cost);
            if (parent is not null && cost.Total > parent[scene].Cost(t + 1).Total + _options.Hopeless)
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
            SampleCost cost = take[s].Cost(steps);
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

    private void ForEach<T>(IReadOnlyList<T> items, Action<T, PianoWorld[]> work)
    {
        int next = -1;
        Parallel.For(0, Math.Min(_worlds.Length, items.Count), worker =>
        {
            for (int i = Interlocked.Increment(ref next); i < items.Count; i = Interlocked.Increment(ref next))
                work(items[i], _worlds[worker]);
        });
    }

    private Take Rent()
    {
        if (!_spare.TryTake(out Take? take))
            return new Take(_scenes.Length, _options.Longest + _options.Tail + _options.Outlook, _worlds[0][0].Data.StateSize, _n);
        Array.Clear(take.Changes);
        take.From = 0;
        return take;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PianoWorld world in _worlds.SelectMany(worlds => worlds))
            world.Dispose();
    }

    // A sample to be played in a window, from a step that it has or that it takes from its parent.
    private readonly record struct Job(Search Search, Take Take, int From, int To, Take? Parent);

    // What goes on in one window. Bests begin with the commands as they are; the last one is the best so far.
    private sealed class Search(SongSection section, FaultyWindow window, StrokeSampler sampler, int horizon, int outlook, Take asIs)
    {
        public SongSection Section => section;

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
