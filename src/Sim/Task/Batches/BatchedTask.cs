using Legato.Sim.Tasks.Rigs;

namespace Legato.Sim.Tasks.Batches;

/// <summary>How a batch runs.</summary>
public sealed record BatchOptions
{
    /// <summary>Environments, 1 or more.</summary>
    public int Slots { get; init; } = 16;

    /// <summary>Threads that step them, 1 or more; the caller's is one of them. Results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Draws where episodes start.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Whether a slot's first episode after a reset is cut off, the k-th of n slots' after k/n of a song, so that slots are spread over the song from then on: what a
    /// learner gathers between two updates is then of all its passages.
    /// </summary>
    public bool Staggered { get; init; }
}

/// <summary>Many environments of one task, stepped together on all cores; an episode that is over starts anew by itself.</summary>
/// <remarks>
/// Write <see cref="Actions"/>, call <see cref="Step"/>, read the rest. Arrays are row-major, a row per slot, pinned, and the same for the
/// batch's life, so that they can be handed to native code. Bits depend on task, rigs, seed, number of slots and actions alone. One caller at a time.
/// Stepping allocates nothing once every slot has used every rig of its share. Each slot has a simulation per rig of its share
/// (<see cref="RigPool.ShareOf"/>), made when first needed, about 11 MB each.
/// </remarks>
public sealed class BatchedTask : IDisposable
{
    private readonly TaskEnvironment[] _slots;
    private readonly StartDraw[] _starts;
    private readonly int[] _cuts;
    private readonly WorkerCrew _crew;
    private readonly Action<int> _beginSlot, _stepSlot;
    private readonly int _terms;
    private readonly bool _isStaggered;
    private Action<int> _work;
    private long _steps;

    /// <summary>Makes the environments and resets them.</summary>
    /// <param name="task">What to practise.</param>
    /// <param name="rigs">On what; it must outlive the batch.</param>
    /// <param name="options">How.</param>
    public BatchedTask(PianoTask task, RigPool rigs, BatchOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Slots);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        Task = task;
        Slots = options.Slots;
        _terms = task.Definition.Rewards.Count;
        Observations = Pinned<float>(Slots * ObservationSize);
        TerminalObservations = Pinned<float>(Slots * ObservationSize);
        Actions = Pinned<float>(Slots * ActionSize);
        Rewards = Pinned<float>(Slots);
        KeysHeard = Pinned<UInt128>(Slots);
        (Terminated, Truncated, Episodes) = (Pinned<bool>(Slots), Pinned<bool>(Slots), new EpisodeStatistics[Slots]);
        TermSums = Pinned<double>(Slots * _terms);
        _slots = new TaskEnvironment[Slots];
        _starts = [.. Enumerable.Range(0, Slots).Select(e => new StartDraw(options.Seed, e))];
        _cuts = new int[Slots];
        _isStaggered = options.Staggered;
        (_beginSlot, _stepSlot) = (BeginFirst, StepSlot);
        _work = e =>
        {
            _slots[e] = task.NewEnvironment(rigs.ShareOf(e, Slots));
            BeginFirst(e);
        };
        _crew = new WorkerCrew(Math.Min(options.Threads, Slots), e => _work(e));
        try
        {
            _crew.Run(Slots);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What is practised.</summary>
    public PianoTask Task { get; }

    /// <summary>Number of environments.</summary>
    public int Slots { get; }

    /// <summary>Elements of an observation.</summary>
    public int ObservationSize => Task.Observations.Layout.Size;

    /// <summary>Elements of an action.</summary>
    public int ActionSize => Task.Actions.Size;

    /// <summary>Control steps taken, all slots together.</summary>
    public long EnvSteps => _steps;

    /// <summary>What each slot observes now, Slots × ObservationSize; after an episode's end the next one's first.</summary>
    public float[] Observations { get; }

    /// <summary>The last observation of the episode that ended in the last step, Slots × ObservationSize; older elsewhere.</summary>
    public float[] TerminalObservations { get; }

    /// <summary>What each slot is to do, Slots × ActionSize, −1..1; to be written before a step.</summary>
    public float[] Actions { get; }

    /// <summary>Reward of each slot's last step.</summary>
    public float[] Rewards { get; }

    /// <summary>Slots whose episode ended in the last step with nothing to come (discount 0).</summary>
    public bool[] Terminated { get; }

    /// <summary>Slots whose episode ended in the last step though it might have gone on (discount 1): bootstrap from <see cref="TerminalObservations"/>.</summary>
    public bool[] Truncated { get; }

    /// <summary>Keys that were heard to be down at the end of each slot's last step: bit k is key k.</summary>
    public UInt128[] KeysHeard { get; }

    /// <summary>How each slot's last finished episode went; all zeros before the first.</summary>
    public EpisodeStatistics[] Episodes { get; }

    /// <summary>What each reward term, weighted, added to the return of that episode, Slots × terms of <see cref="TaskDefinition.Rewards"/>.</summary>
    public double[] TermSums { get; }

    /// <summary>Starts a new episode in every slot, each on its next rig.</summary>
    public void Reset()
    {
        _work = _beginSlot;
        _crew.Run(Slots);
        Array.Clear(Rewards);
        Array.Clear(KeysHeard);
        Array.Clear(Terminated);
        Array.Clear(Truncated);
    }

    /// <summary>Takes a control step in every slot.</summary>
    public void Step()
    {
        _work = _stepSlot;
        _crew.Run(Slots);
        _steps += Slots;
    }

    /// <summary>Writes where it stands in its rigs and random numbers, and starts new episodes.</summary>
    /// <remarks>One that <see cref="Load"/>s this goes on with the same bits as this one.</remarks>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Slots);
        writer.Write(_steps);
        for (int e = 0; e < Slots; e++)
        {
            writer.Write(_slots[e].Rig);
            writer.Write(_starts[e].State);
        }
        Reset();
    }

    /// <summary>Goes back to what was written, and starts new episodes.</summary>
    /// <exception cref="InvalidDataException">It is of another number of slots.</exception>
    public void Load(BinaryReader reader)
    {
        int slots = reader.ReadInt32();
        if (slots != Slots)
            throw new InvalidDataException($"the state of {slots} environments, expected {Slots}");
        _steps = reader.ReadInt64();
        for (int e = 0; e < Slots; e++)
        {
            _slots[e].Rig = reader.ReadInt32();
            _starts[e].State = reader.ReadUInt64();
        }
        Reset();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _crew.Dispose();
        foreach (TaskEnvironment? slot in _slots)
            slot?.Dispose();
    }

    private void StepSlot(int e)
    {
        TaskEnvironment slot = _slots[e];
        StepOutcome outcome = slot.Step(Actions.AsSpan(e * ActionSize, ActionSize));
        if (!outcome.IsOver && slot.State.EpisodeStep == _cuts[e])
            outcome = outcome with { Truncated = true };
        (Rewards[e], Terminated[e], Truncated[e]) = (outcome.Reward, outcome.Terminated, outcome.Truncated);
        KeysHeard[e] = slot.State.KeysDown;
        if (!outcome.IsOver)
        {
            slot.Observe(RowOf(Observations, e));
            return;
        }
        slot.Observe(RowOf(TerminalObservations, e));
        Episodes[e] = slot.Episode;
        slot.TermSums.CopyTo(TermSums.AsSpan(e * _terms, _terms));
        Begin(e);
    }

    private void BeginFirst(int e)
    {
        Begin(e);
        _cuts[e] = _isStaggered ? Task.Song.Steps * (e + 1) / Slots : 0;
    }

    private void Begin(int e)
    {
        _cuts[e] = 0;
        _slots[e].Reset(_starts[e].Next(Task.Definition.RandomStart, Task.Song.Steps));
        _slots[e].Observe(RowOf(Observations, e));
    }

    private Span<float> RowOf(float[] rows, int e) => rows.AsSpan(e * ObservationSize, ObservationSize);

    private static T[] Pinned<T>(int length) => GC.AllocateArray<T>(length, pinned: true);

    // A slot's own random numbers: SplitMix64 (Steele, Lea, Flood 2014).
    private sealed class StartDraw(ulong seed, int slot)
    {
        public ulong State { get; set; } = seed ^ ((ulong)slot * 0xD1B54A32D192ED03);

        public int Next(double chance, int steps) => Uniform() < chance ? (int)(Uniform() * steps) : 0;

        private double Uniform()
        {
            State += 0x9E3779B97F4A7C15;
            ulong z = State;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
        }
    }
}
