using Legato.Policy.Kinematics;
using Legato.Policy.Limits;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Policy.Refinement;

/// <summary>Predictive sampling in one window: samples are drawn around the best so far, and the best of them is the next to draw around.</summary>
/// <remarks>Samples are played on all threads; what comes out does not depend on how many there are. One search at a time.</remarks>
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
    private readonly PianoWorld[][] _worlds;
    private readonly Stack<Take> _spare = [];
    private readonly int _n;
    private long _envSteps;

    public WindowSearch(IReadOnlyList<PianoScene> scenes, HandKinematics kinematics, TipReference tips, SongCost cost, SamplingOptions options, int threads, FeasibleCommands? feasible)
    {
        (_options, _cost, _kinematics, _tips, _feasible, _scenes) = (options, cost, kinematics, tips, feasible, [.. scenes]);
        _worlds = [.. Enumerable.Range(0, threads).Select(_ => scenes.Select(s => new PianoWorld(s)).ToArray())];
        _n = scenes[0].Actuators.Count;
    }

    /// <summary>Control steps simulated so far.</summary>
    public long EnvSteps => Interlocked.Read(ref _envSteps);

    /// <summary>Looks for better commands in a window and writes them.</summary>
    /// <param name="commands">Changed within the window if something better was found.</param>
    /// <param name="tapes">The commands in every scene, at least up to the window's start.</param>
    /// <param name="window">Where to search.</param>
    /// <param name="seed">Seed of a sample by iteration and number.</param>
    /// <param name="isOver">Asked before every iteration.</param>
    /// <returns>True if the commands changed.</returns>
    public bool Improve(CommandTable commands, IReadOnlyList<SongTape> tapes, FaultyWindow window, Func<int, int, int> seed, Func<bool> isOver)
    {
        int horizon = Math.Min(_cost.Steps, window.End + _options.Tail) - window.Start;
        int outlook = Math.Min(_cost.Steps - window.Start, horizon + _options.Outlook);
        var sampler = new StrokeSampler(_kinematics, _tips, commands, window, _options, _feasible);
        Take asIs = Rent();
        for (int s = 0; s < _scenes.Length; s++)
            asIs[s].Save(0, tapes[s].StateBefore(window.Start), tapes[s].History(window.Start), default);
        ForEach([asIs], (take, worlds) => Play(take, worlds, commands, window, 0, horizon, null));
        var bests = new List<Take> { asIs };
        for (int i = 0, idle = 0; i < _options.Iterations && idle < _options.Patience && bests[^1].Cost.Faults > 0 && !isOver(); i++)
        {
            Take parent = bests[^1];
            IEnumerable<Take> proposed = i == 0
                ? sampler.Simple().Select(stroke => Sample(stroke.Changes, stroke.From))
                : Enumerable.Range(0, _options.Population).Select(k => Drawn(parent, seed(i, k)));
            // The longest first, so that no thread is left with one at the end.
            Take[] samples = [.. proposed.OrderBy(take => take.From)];
            ForEach(samples, (take, worlds) =>
            {
                for (int s = 0; s < _scenes.Length; s++)
                    take[s].CopyFrom(parent[s], take.From);
                Play(take, worlds, commands, window, take.From, horizon, parent);
            });
            Take champion = samples.MinBy(take => take.Cost.Total)!;
            idle = parent.Cost.Total - champion.Cost.Total > LeastGain ? 0 : idle + 1;
            if (champion.Cost.Total < parent.Cost.Total)
                bests.Add(champion);
            foreach (Take take in samples.Where(take => !ReferenceEquals(take, bests[^1])))
                _spare.Push(take);
        }

        // What helps here may harm what follows: the last of the bests play on, against the commands as they are.
        Take[] finalists = [asIs, .. bests.Skip(1).TakeLast(_options.Finalists)];
        if (finalists.Length > 1)
            ForEach(finalists, (take, worlds) => Play(take, worlds, commands, window, horizon, outlook, null));
        Take winner = finalists.Where(take => take.Cost.Faults <= asIs.Cost.Faults).MinBy(take => take.Cost.Total)!;
        for (int t = 0; t < window.Length && winner != asIs; t++)
            Targets(commands, window, winner, t, commands[window.Start + t]);
        foreach (Take take in bests)
            _spare.Push(take);
        return winner != asIs;

        Take Drawn(Take parent, int seed)
        {
            Take take = Sample(parent.Changes, 0);
            take.From = sampler.Draw(new GaussianNoise(seed), take.Changes);
            return take;
        }

        Take Sample(double[] changes, int from)
        {
            Take take = Rent();
            changes.CopyTo(take.Changes, 0);
            take.From = from;
            return take;
        }
    }

    // Plays a sample on in every scene; gives up when it is hopelessly worse than what it was derived from.
    private void Play(Take take, PianoWorld[] worlds, CommandTable commands, FaultyWindow window, int from, int to, Take? parent)
    {
        double faults = 0, total = 0, worstFaults = 0, worstTotal = 0;
        for (int s = 0; s < _scenes.Length; s++)
        {
            if (!Play(take, s, worlds[s], commands, window, from, to, parent))
            {
                take.Cost = SampleCost.GivenUp;
                return;
            }
            SampleCost cost = take[s].Cost(to);
            (faults, total) = (faults + (cost.Faults / _scenes.Length), total + (cost.Total / _scenes.Length));
            (worstFaults, worstTotal) = (Math.Max(worstFaults, cost.Faults), Math.Max(worstTotal, cost.Total));
        }
        double tail = _scenes.Length > 1 ? _options.TailWeight : 0;
        take.Cost = new SampleCost(faults + (tail * worstFaults), total + (tail * worstTotal));
    }

    private bool Play(Take take, int scene, PianoWorld world, CommandTable commands, FaultyWindow window, int from, int to, Take? parent)
    {
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
            Interlocked.Increment(ref _envSteps);
            UInt128 down = SongCost.Mask(world.KeysDown);
            double faults = _cost.Faults(window.Start + t, down, ref keys);
            cost = new SampleCost(cost.Faults + faults, cost.Total + faults + _cost.Shape(window.Start + t, world, down));
            recording.Save(t + 1, world, keys, cost);
            if (parent is not null && cost.Total > parent[scene].Cost(t + 1).Total + _options.Hopeless)
                return false;
        }
        return true;
    }

    private void Targets(CommandTable commands, FaultyWindow window, Take take, int step, Span<double> row)
    {
        commands[window.Start + step].CopyTo(row);
        if (step >= window.Length)
            return;
        for (int a = 0; a < _n; a++)
            row[a] = Math.Clamp(row[a] + take.Changes[(step * _n) + a], _scenes[0].ControlLow[a], _scenes[0].ControlHigh[a]);
    }

    private void ForEach(Take[] takes, Action<Take, PianoWorld[]> work)
    {
        int next = -1;
        Parallel.For(0, Math.Min(_worlds.Length, takes.Length), worker =>
        {
            for (int i = Interlocked.Increment(ref next); i < takes.Length; i = Interlocked.Increment(ref next))
                work(takes[i], _worlds[worker]);
        });
    }

    private Take Rent()
    {
        if (!_spare.TryPop(out Take? take))
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
}
