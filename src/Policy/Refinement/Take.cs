using Legato.Sim.Drives;

namespace Legato.Policy.Refinement;

/// <summary>Cost of steps.</summary>
/// <param name="Faults">Of keys and onsets.</param>
/// <param name="Total">With the terms that shape.</param>
internal readonly record struct SampleCost(double Faults, double Total)
{
    /// <summary>Cost of a sample that was given up on the way.</summary>
    public static SampleCost GivenUp { get; } = new(double.PositiveInfinity, double.PositiveInfinity);

    public static SampleCost operator +(SampleCost a, SampleCost b) => new(a.Faults + b.Faults, a.Total + b.Total);
}

/// <summary>A sample: changes of a window's commands, and a recording of each scene that others can go on from at any step.</summary>
/// <remarks>Steps are counted from the window's start. Buffers are made to be used again. One thread at a time.</remarks>
internal sealed class Take(int scenes, int steps, int stateSize, int actuators)
{
    private readonly Recording[] _recordings = [.. Enumerable.Range(0, scenes).Select(_ => new Recording(steps, stateSize))];

    /// <summary>Changes of the commands, row-major: step, then actuator.</summary>
    public double[] Changes { get; } = new double[steps * actuators];

    /// <summary>First step in which the sample differs from what it was derived from.</summary>
    public int From { get; set; }

    /// <summary>Cost over all steps that were played, of all scenes together.</summary>
    public SampleCost Cost { get; set; }

    /// <summary>What happened in a scene.</summary>
    public Recording this[int scene] => _recordings[scene];

    /// <summary>State, keys and cost so far, before every step.</summary>
    internal sealed class Recording(int steps, int stateSize)
    {
        private readonly double[][] _states = [.. Enumerable.Range(0, steps + 1).Select(_ => new double[stateSize])];
        private readonly KeyHistory[] _keys = new KeyHistory[steps + 1];
        private readonly SampleCost[] _costs = new SampleCost[steps + 1];

        /// <summary>State before a step.</summary>
        public ReadOnlySpan<double> State(int step) => _states[step];

        /// <summary>Keys before a step.</summary>
        public KeyHistory Keys(int step) => _keys[step];

        /// <summary>Cost of all steps before a step.</summary>
        public SampleCost Cost(int step) => _costs[step];


        /// <summary>Sets what a step begins with.</summary>
        public void Save(int step, DrivenWorld world, KeyHistory keys, SampleCost cost)
        {
            world.GetState(_states[step]);
            (_keys[step], _costs[step]) = (keys, cost);
        }

        /// <summary>Copies everything up to what a step begins with.</summary>
        public void CopyFrom(Recording other, int step)
        {
            for (int i = 0; i <= step; i++)
                Save(i, other._states[i], other._keys[i], other._costs[i]);
        }

        /// <summary>Copies so many steps of a tape.</summary>
        public void CopyFrom(SongTape tape, int start, int steps)
        {
            SampleCost cost = default;
            for (int i = 0; i <= steps; i++)
            {
                Save(i, tape.StateBefore(start + i), tape.KeysBefore(start + i), cost);
                if (i < steps)
                    cost += tape.Cost(start + i);
            }
        }

        private void Save(int step, ReadOnlySpan<double> state, KeyHistory keys, SampleCost cost)
        {
            state.CopyTo(_states[step]);
            (_keys[step], _costs[step]) = (keys, cost);
        }
    }
}
