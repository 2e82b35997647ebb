using Legato.Sim.Piano;
using Legato.Sim.Scene;

using MuJoCo;

namespace Legato.Sim.World;

/// <summary>
/// One simulation of the rig: steps MuJoCo, reports joints and keys in the order of the scene's layouts.
/// </summary>
/// <remarks>
/// One thread at a time. Stepping allocates nothing. The same start and the same commands give the same bits,
/// whatever else runs beside it.
/// </remarks>
public sealed class PianoWorld : IDisposable
{
    private readonly bool[] _down = new bool[PianoGeometry.KeyCount];
    private readonly int[] _keyAddresses;
    private readonly double[] _keyActivation;
    private readonly TendonCoupling? _coupling;

    /// <summary>Starts a simulation at rest: all joints at zero, no key down.</summary>
    public PianoWorld(PianoScene scene)
    {
        Scene = scene;
        Data = new MjData(scene.Model);
        _keyAddresses = scene.KeyQposAddresses;
        _keyActivation = scene.KeyActivation;
        _coupling = scene.Coupling > 0 ? new TendonCoupling(scene) : null;
        Reset();
    }

    /// <summary>The scene that is simulated.</summary>
    public PianoScene Scene { get; }

    /// <summary>MuJoCo's data, for Jacobians, contacts and rendering.</summary>
    public MjData Data { get; }

    /// <summary>Simulated time, s.</summary>
    public double Time => Data.Time;

    /// <summary>Which keys are down, after the last step.</summary>
    public ReadOnlySpan<bool> KeysDown => _down;

    /// <summary>Back to the start: all joints at zero.</summary>
    public void Reset()
    {
        Data.Reset();
        Data.Forward();
        UpdateKeys();
    }

    /// <summary>Sets joint positions (order of <see cref="PianoScene.Joints"/>), at rest, and recomputes what depends on them.</summary>
    public void SetJoints(ReadOnlySpan<double> positions)
    {
        Span<double> qpos = Data.Qpos;
        int[] addresses = Scene.JointQposAddresses;
        for (int i = 0; i < addresses.Length; i++)
            qpos[addresses[i]] = positions[i];
        Data.Qvel.Clear();
        Data.Forward();
        UpdateKeys();
    }

    /// <summary>Copies joint positions and velocities in the order of <see cref="PianoScene.Joints"/>.</summary>
    public void ReadJoints(Span<double> positions, Span<double> velocities)
    {
        ReadOnlySpan<double> qpos = Data.Qpos, qvel = Data.Qvel;
        int[] q = Scene.JointQposAddresses, v = Scene.JointDofAddresses;
        for (int i = 0; i < q.Length; i++)
        {
            positions[i] = qpos[q[i]];
            if (!velocities.IsEmpty)
                velocities[i] = qvel[v[i]];
        }
    }

    /// <summary>Sets the position targets (order of <see cref="PianoScene.Actuators"/>), held until set again; MuJoCo clamps them to their ranges.</summary>
    public void SetTargets(ReadOnlySpan<double> targets) => targets.CopyTo(Data.Ctrl);

    /// <summary>Takes one physics step and updates the keys.</summary>
    public void Step()
    {
        _coupling?.Apply(Data);
        Data.Step();
        UpdateKeys();
    }

    /// <summary>Takes one control step of 50 ms; the keys are those at its end.</summary>
    public void StepControl()
    {
        if (_coupling is null)
        {
            Data.Step(Scene.Options.Substeps);
        }
        else
        {
            for (int s = 0; s < Scene.Options.Substeps; s++)
            {
                _coupling.Apply(Data);
                Data.Step();
            }
        }
        UpdateKeys();
    }

    /// <summary>Depth of a key as a fraction of its travel, 0..1.</summary>
    public double KeyDepth(int key) => Math.Clamp(Data.Qpos[_keyAddresses[key]] / Scene.KeyTravel[key], 0, 1);

    /// <summary>Makes this world an exact copy of another one of the same scene; both go on with the same bits.</summary>
    public void CopyFrom(PianoWorld other)
    {
        Data.CopyStateFrom(other.Data);
        other._down.CopyTo(_down, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => Data.Dispose();

    private void UpdateKeys()
    {
        ReadOnlySpan<double> qpos = Data.Qpos;
        for (int k = 0; k < _down.Length; k++)
            _down[k] = qpos[_keyAddresses[k]] >= _keyActivation[k];
    }
}
