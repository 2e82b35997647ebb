using Legato.Music;
using Legato.Policy.Kinematics;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Policy.Refinement;

/// <summary>What commands do in a scene, step by step, what it costs, and the states to go on from; played as far as it is asked for.</summary>
/// <remarks>One thread at a time; sections of one tape may be played on several.</remarks>
internal sealed class SongTape
{
    private readonly PianoScene _scene;
    private readonly HandKinematics _kinematics;
    private readonly double[][] _states;
    private readonly double[][] _joints;
    private readonly double[][] _tips;
    private readonly SongCost _cost;
    private readonly StepCounter _counter;
    private readonly KeyHistory[] _keys;
    private readonly SampleCost[] _costs;
    private int _length;

    /// <summary>An empty tape, at the start of the song.</summary>
    public SongTape(PianoScene scene, HandKinematics kinematics, SongCost cost, StepCounter counter)
    {
        (_scene, _kinematics, _cost, _counter) = (scene, kinematics, cost, counter);
        int steps = cost.Steps;
        using var start = new PianoWorld(scene);
        _states = Rows(steps + 1, start.Data.StateSize);
        start.Data.GetState(_states[0]);
        (_joints, _tips) = (Rows(steps, scene.Joints.Count), Rows(steps, 3 * scene.Fingers.Count));
        (_keys, _costs) = (new KeyHistory[steps + 1], new SampleCost[steps]);
    }

    // Shares what its own steps are written to; what others begin with, or play too, it has for itself.
    private SongTape(SongTape whole, int from, int to, int end)
    {
        (_scene, _kinematics, _cost, _counter, _length) = (whole._scene, whole._kinematics, whole._cost, whole._counter, end);
        _states = [.. whole._states.Select((row, t) => t >= from && t < to ? row : t >= to && t <= end ? [.. row] : [])];
        _joints = [.. whole._joints.Select(Own)];
        _tips = [.. whole._tips.Select(Own)];
        (_keys, _costs) = ([.. whole._keys], [.. whole._costs]);

        double[] Own(double[] row, int t) => t >= from && t < to ? row : t >= to && t < end ? [.. row] : [];
    }

    /// <summary>State before a step.</summary>
    public ReadOnlySpan<double> StateBefore(int step) => _states[step];

    /// <summary>Keys that were down at the end of a step.</summary>
    public UInt128 Down(int step) => _keys[step + 1].Down;

    /// <summary>Joint positions at the end of a step (order of the scene's joints).</summary>
    public ReadOnlySpan<double> Joints(int step) => _joints[step];

    /// <summary>Where a fingertip's centre was at the end of a step, m.</summary>
    public ReadOnlySpan<double> Tip(int step, int finger) => _tips[step].AsSpan(3 * finger, 3);

    /// <summary>Keys before a step.</summary>
    public KeyHistory KeysBefore(int step) => _keys[step];

    /// <summary>Cost of a step alone.</summary>
    public SampleCost Cost(int step) => _costs[step];

    /// <summary>Forgets a step and all after it.</summary>
    public void CutAt(int step) => _length = Math.Min(_length, step);

    /// <summary>A part of this tape, played to some steps after its end, to be cut and played again beside other parts.</summary>
    /// <param name="from">First step.</param>
    /// <param name="to">First step that belongs to another part.</param>
    /// <param name="end">First step that the part never plays.</param>
    public SongTape Section(int from, int to, int end) => new(this, from, to, end);

    /// <summary>Plays, from where the tape ends, until all steps before <paramref name="end"/> are on it.</summary>
    /// <param name="end">The first step that need not be on the tape.</param>
    /// <param name="commands">Commands of the song.</param>
    /// <param name="world">A world of the scene to play in.</param>
    public void PlayTo(int end, CommandTable commands, PianoWorld world)
    {
        if (_length >= end)
            return;
        world.Data.SetState(_states[_length]);
        for (; _length < end; _length++)
        {
            world.SetTargets(commands[_length]);
            world.StepControl();
            _counter.Add();
            world.Data.GetState(_states[_length + 1]);
            _keys[_length + 1] = _keys[_length];
            _costs[_length] = _cost.Of(_length, world, ref _keys[_length + 1]);
            world.ReadJoints(_joints[_length], []);
            for (int f = 0; f < _scene.Fingers.Count; f++)
                _kinematics.Tip(world, f, _tips[_length].AsSpan(3 * f, 3));
        }
    }

    /// <summary>Score of the whole tape.</summary>
    public PerformanceScore Score(KeyRoll truth, int leadIn) => PerformanceScore.OfRolls(
        truth, KeyRoll.Create(SceneOptions.ControlPeriod, Enumerable.Range(leadIn, truth.Count).Select(t => KeyRoll.Keys(Down(t))), truth.Sustain.ToArray()));

    private static double[][] Rows(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => new double[length])];
}
