using Legato.Music;
using Legato.Policy.Kinematics;
using Legato.Sim.Drives;
using Legato.Sim.Scene;

namespace Legato.Policy.Refinement;

/// <summary>What commands do in a scene, step by step, what it costs, and the states to go on from; played as far as it is asked for.</summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class SongTape : IDisposable
{
    private readonly PianoScene _scene;
    private readonly HandKinematics _kinematics;
    private readonly DrivenWorld _world;
    private readonly double[][] _states;
    private readonly double[] _joints;
    private readonly double[] _tips;
    private readonly SongCost _cost;
    private readonly KeyHistory[] _keys;
    private readonly SampleCost[] _costs;
    private int _length;

    public SongTape(PianoScene scene, HandKinematics kinematics, SongCost cost)
    {
        (_scene, _kinematics, _cost) = (scene, kinematics, cost);
        int steps = cost.Steps;
        _world = new DrivenWorld(scene);
        _states = [.. Enumerable.Range(0, steps + 1).Select(_ => new double[_world.StateSize])];
        _world.GetState(_states[0]);
        _joints = new double[steps * scene.Joints.Count];
        _tips = new double[3 * steps * scene.Fingers.Count];
        _keys = new KeyHistory[steps + 1];
        _costs = new SampleCost[steps];
    }

    /// <summary>Control steps simulated so far.</summary>
    public long EnvSteps { get; private set; }

    /// <summary>Elements of a state.</summary>
    public int StateSize => _states[0].Length;

    /// <summary>State before a step.</summary>
    public ReadOnlySpan<double> StateBefore(int step) => _states[step];

    /// <summary>Keys that had been heard to be down by the end of a step.</summary>
    public UInt128 Down(int step) => _keys[step + 1].Down;

    /// <summary>Joint positions at the end of a step (order of the scene's joints).</summary>
    public ReadOnlySpan<double> Joints(int step) => _joints.AsSpan(step * _scene.Joints.Count, _scene.Joints.Count);

    /// <summary>Where a fingertip's centre was at the end of a step, m.</summary>
    public ReadOnlySpan<double> Tip(int step, int finger) => _tips.AsSpan(3 * ((step * _scene.Fingers.Count) + finger), 3);

    /// <summary>Keys before a step.</summary>
    public KeyHistory KeysBefore(int step) => _keys[step];

    /// <summary>Cost of a step alone.</summary>
    public SampleCost Cost(int step) => _costs[step];

    /// <summary>Forgets a step and all after it.</summary>
    public void CutAt(int step) => _length = Math.Min(_length, step);

    /// <summary>Plays, from where the tape ends, until all steps before <paramref name="end"/> are on it.</summary>
    public void PlayTo(int end, CommandTable commands)
    {
        if (_length >= end)
            return;
        _world.SetState(_states[_length]);
        for (; _length < end; _length++)
        {
            _world.StepControl(commands[_length]);
            EnvSteps++;
            _world.GetState(_states[_length + 1]);
            _keys[_length + 1] = _keys[_length];
            _costs[_length] = _cost.Of(_length, _world, ref _keys[_length + 1]);
            _world.World.ReadJoints(_joints.AsSpan(_length * _scene.Joints.Count, _scene.Joints.Count), []);
            for (int f = 0; f < _scene.Fingers.Count; f++)
                _kinematics.Tip(_world.World, f, _tips.AsSpan(3 * ((_length * _scene.Fingers.Count) + f), 3));
        }
    }

    /// <summary>Score of the whole tape.</summary>
    public PerformanceScore Score(KeyRoll truth, int leadIn) => PerformanceScore.OfRolls(
        truth, KeyRoll.Create(SceneOptions.ControlPeriod, Enumerable.Range(leadIn, truth.Count).Select(t => KeyRoll.Keys(Down(t))), truth.Sustain.ToArray()));

    /// <inheritdoc/>
    public void Dispose() => _world.Dispose();
}
