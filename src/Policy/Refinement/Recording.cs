using Legato.Policy.Kinematics;
using Legato.Sim.Drives;

namespace Legato.Policy.Refinement;

/// <summary>What commands do in a scene, step by step: what each step begins with and what it brings; others can go on from any step.</summary>
/// <remarks>Buffers are made to be used again. One thread at a time.</remarks>
internal sealed class Recording
{
    private readonly int _joints;
    private readonly double[][] _states, _positions, _tips;
    private readonly KeyHistory[] _keys;
    private readonly SampleCost[] _costs, _sums;

    /// <summary>Makes room.</summary>
    /// <param name="steps">Most steps.</param>
    /// <param name="stateSize">Elements of the world's state.</param>
    /// <param name="joints">Number of joints.</param>
    /// <param name="fingers">Number of fingers.</param>
    public Recording(int steps, int stateSize, int joints, int fingers)
    {
        _joints = joints;
        _states = Rows(steps + 1, stateSize);
        (_positions, _tips) = (Rows(steps, joints), Rows(steps, 3 * fingers));
        _keys = new KeyHistory[steps + 1];
        (_costs, _sums) = (new SampleCost[steps], new SampleCost[steps + 1]);
    }

    /// <summary>State before a step.</summary>
    public ReadOnlySpan<double> State(int step) => _states[step];

    /// <summary>Keys before a step.</summary>
    public KeyHistory Keys(int step) => _keys[step];

    /// <summary>Cost of all steps before a step.</summary>
    public SampleCost CostBefore(int step) => _sums[step];

    /// <summary>Joint positions at the end of a step (order of the scene's joints).</summary>
    public ReadOnlySpan<double> Joints(int step) => _positions[step].AsSpan(0, _joints);

    /// <summary>Where a fingertip's centre was at the end of a step, m.</summary>
    public ReadOnlySpan<double> Tip(int step, int finger) => _tips[step].AsSpan(3 * finger, 3);

    /// <summary>Begins with a world at its start.</summary>
    public void Begin(DrivenWorld world) => world.GetState(_states[0]);

    /// <summary>Appends a step that a world has just done.</summary>
    /// <param name="step">Number of the step; those before it are here.</param>
    /// <param name="world">At its end.</param>
    /// <param name="keys">Keys at its end.</param>
    /// <param name="cost">Of the step alone.</param>
    /// <param name="kinematics">Of the scene, or of one that differs in parameters alone.</param>
    public void Add(int step, DrivenWorld world, KeyHistory keys, SampleCost cost, HandKinematics kinematics)
    {
        world.GetState(_states[step + 1]);
        world.World.ReadJoints(_positions[step], []);
        for (int f = 0; f < _tips[step].Length / 3; f++)
            kinematics.Tip(world.World, f, _tips[step].AsSpan(3 * f, 3));
        _keys[step + 1] = keys;
        Charge(step, cost);
    }

    /// <summary>Copies steps, and what the first of them begins with.</summary>
    /// <param name="other">Of the same scene.</param>
    /// <param name="start">First step there.</param>
    /// <param name="at">First step here; those before it are here.</param>
    /// <param name="steps">How many.</param>
    public void CopyFrom(Recording other, int start, int at, int steps)
    {
        CopyState(start, at);
        for (int i = 0; i < steps; i++)
        {
            CopyState(start + i + 1, at + i + 1);
            other._positions[start + i].CopyTo(_positions[at + i], 0);
            other._tips[start + i].CopyTo(_tips[at + i], 0);
            Charge(at + i, other._costs[start + i]);
        }

        void CopyState(int from, int to)
        {
            other._states[from].CopyTo(_states[to], 0);
            _keys[to] = other._keys[from];
        }
    }

    private void Charge(int step, SampleCost cost)
    {
        _costs[step] = cost;
        _sums[step + 1] = step == 0 ? cost : _sums[step] + cost;
    }

    private static double[][] Rows(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => new double[length])];
}
