using System.Collections.Concurrent;

using Legato.Policy.Kinematics;
using Legato.Sim.Drives;
using Legato.Sim.Scene;

namespace Legato.Policy.Refinement;

/// <summary>Plays samples, in every scene and on all threads.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SampleStage : IDisposable
{
    /// <summary>Rank of what decisions wait for.</summary>
    public const int Urgent = 0;

    private readonly HandKinematics _kinematics;
    private readonly PianoScene[] _scenes;
    private readonly DrivenWorld[][] _worlds;
    private readonly ConcurrentBag<Take> _spare = [];
    private readonly Func<int, IEnumerable<Recording>> _newRecordings;
    private readonly int _n;

    /// <param name="scenes">Scenes with the same layout.</param>
    /// <param name="kinematics">Of the first scene.</param>
    /// <param name="cost">What samples are judged by.</param>
    /// <param name="options">How far they look.</param>
    /// <param name="threads">Workers of the crew.</param>
    /// <param name="newRecordings">Makes a recording of so many steps of each scene.</param>
    public SampleStage(IReadOnlyList<PianoScene> scenes, HandKinematics kinematics, SongCost cost, SamplingOptions options, int threads, Func<int, IEnumerable<Recording>> newRecordings)
    {
        (_kinematics, _scenes, _newRecordings, Cost, Options) = (kinematics, [.. scenes], newRecordings, cost, options);
        _worlds = [.. Enumerable.Range(0, threads).Select(_ => scenes.Select(s => new DrivenWorld(s)).ToArray())];
        Crew = new Crew<DrivenWorld[]>(_worlds);
        _n = scenes[0].Actuators.Count;
    }

    /// <summary>Who plays: each worker has a world of every scene.</summary>
    public Crew<DrivenWorld[]> Crew { get; }

    /// <summary>What samples are judged by.</summary>
    public SongCost Cost { get; }

    /// <summary>How far they look.</summary>
    public SamplingOptions Options { get; }

    /// <summary>Plays tapes on until all steps before one are on them.</summary>
    public Task PlayAsync(IReadOnlyList<SongTape> tapes, int end, CommandTable commands) =>
        Task.WhenAll(tapes.Where(tape => tape.Length < end).Select(tape => Crew.DoAsync(Urgent, end - tape.Length, _ => tape.PlayTo(end, commands))));

    /// <summary>Plays a sample on in every scene; gives up when it is hopelessly worse than what it was derived from.</summary>
    /// <param name="take">The sample; its steps before <paramref name="from"/> are there.</param>
    /// <param name="worlds">One of every scene.</param>
    /// <param name="commands">What it changes.</param>
    /// <param name="window">Where.</param>
    /// <param name="from">First step to play, of the window.</param>
    /// <param name="to">First step not to play.</param>
    /// <param name="parent">What it was derived from; null never gives up.</param>
    public void Play(Take take, DrivenWorld[] worlds, CommandTable commands, FaultyWindow window, int from, int to, Take? parent)
    {
        long steps = 0;
        bool isHopeless = false;
        for (int s = 0; s < _scenes.Length && !isHopeless; s++)
            isHopeless = !TryPlay(s);
        take.Cost = isHopeless ? SampleCost.GivenUp : CostOver(take, to);
        take.EnvSteps = steps;

        bool TryPlay(int scene)
        {
            (Recording recording, DrivenWorld world) = (take[scene], worlds[scene]);
            world.SetState(recording.State(from));
            KeyHistory keys = recording.Keys(from);
            Span<double> row = stackalloc double[_n];
            for (int t = from; t < to; t++)
            {
                Targets(commands, window, take, t, row);
                world.StepControl(row);
                steps++;
                SampleCost cost = Cost.Of(window.Start + t, world, ref keys);
                recording.Add(t, world, keys, cost, _kinematics);
                if (parent is not null && recording.CostBefore(t + 1).Total > parent[scene].CostBefore(t + 1).Total + Options.Hopeless)
                    return false;
            }
            return true;
        }
    }

    /// <summary>Cost of a sample's first steps: the mean over the scenes, and a share of the worst.</summary>
    public SampleCost CostOver(Take take, int steps)
    {
        double faults = 0, total = 0, worstFaults = 0, worstTotal = 0;
        for (int s = 0; s < _scenes.Length; s++)
        {
            SampleCost cost = take[s].CostBefore(steps);
            (faults, total) = (faults + (cost.Faults / _scenes.Length), total + (cost.Total / _scenes.Length));
            (worstFaults, worstTotal) = (Math.Max(worstFaults, cost.Faults), Math.Max(worstTotal, cost.Total));
        }
        double tail = _scenes.Length > 1 ? Options.TailWeight : 0;
        return new SampleCost(faults + (tail * worstFaults), total + (tail * worstTotal));
    }

    /// <summary>Commands of a sample at a step of its window.</summary>
    public void Targets(CommandTable commands, FaultyWindow window, Take take, int step, Span<double> row)
    {
        commands[window.Start + step].CopyTo(row);
        if (step >= window.Length)
            return;
        for (int a = 0; a < _n; a++)
            row[a] = Math.Clamp(row[a] + take.Changes[(step * _n) + a], _scenes[0].ControlLow[a], _scenes[0].ControlHigh[a]);
    }

    /// <summary>A sample that changes nothing.</summary>
    public Take Rent()
    {
        int longest = Options.Longest + Options.Tail + Options.Outlook;
        if (!_spare.TryTake(out Take? take))
            return new Take(_newRecordings(longest), longest, _n);
        Array.Clear(take.Changes);
        take.From = 0;
        return take;
    }

    /// <summary>Takes samples back that nobody needs any more.</summary>
    public void GiveBack(IEnumerable<Take> takes)
    {
        foreach (Take take in takes)
            _spare.Add(take);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Crew.Dispose();
        foreach (DrivenWorld world in _worlds.SelectMany(worlds => worlds))
            world.Dispose();
    }
}
