using Legato.Sim.Drives;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.Tasks.Rigs;
using Legato.Sim.World;

using MuJoCo;

namespace Legato.Sim.Tasks;

/// <summary>A rig in motion, and what it reports: joints filtered and late, as the hands report them, and off by the sensors' zeros, keys as they were heard.</summary>
/// <remarks>
/// Rails report at once. Forces, contacts and joint velocities of drives are those at the start of the control step's last physics step, which is
/// what MuJoCo has; poses are those at its end. The keyboard's jitter, less than a physics step, is left out. One thread at a time. Nothing
/// allocates after construction.
/// </remarks>
internal sealed class ReportedWorld : IDisposable
{
    // A start in the middle comes down on the keys from above: put where it presses, a finger would be inside a key and slip off to its side.
    private const double WristLift = 0.25;

    // Control steps until wrist, fingers and keys have found their balance.
    private const int SettlingSteps = 4;

    private readonly SceneMap _map;
    private readonly PianoScene _scene;
    private readonly DrivenWorld _driven;
    private readonly bool _privileged;
    private readonly ReportFilter _filter;
    private readonly ReportLag _positionLag, _velocityLag;
    private readonly bool[] _isRail;
    private readonly double[] _offsets, _positions, _velocities;
    private readonly Action _sense;

    /// <summary>A rig at rest.</summary>
    /// <param name="rig">The rig; it stays the caller's.</param>
    /// <param name="map">Where things stand in its arrays.</param>
    /// <param name="privileged">Report everything as it is.</param>
    public ReportedWorld(SimRig rig, SceneMap map, bool privileged)
    {
        (_map, _scene, _privileged) = (map, rig.Scene, privileged);
        _driven = new DrivenWorld(_scene);
        int joints = _scene.Joints.Count;
        (_positions, _velocities) = (new double[joints], new double[joints]);
        _offsets = privileged ? new double[joints] : JointReports.Zeros(_scene, rig.Parameters);
        _isRail = [.. _scene.Joints.Units.Select(unit => unit == JointUnit.Metre)];
        double[] lag = privileged ? new double[joints] : [.. JointReports.Lags(_scene, rig.Parameters).Select(l => l / _scene.Options.Timestep)];
        _filter = new ReportFilter(joints, privileged ? 0 : rig.ReportFilter, _scene.Options.Timestep);
        (_positionLag, _velocityLag) = (new ReportLag(lag), new ReportLag(lag));
        _sense = Sense;
    }

    /// <summary>True once MuJoCo has met numbers that mean nothing, and has reset.</summary>
    public bool Diverged => _driven.World.Data.Diverged;

    /// <summary>Back to the start: all joints and targets at zero.</summary>
    public void Reset()
    {
        _driven.Reset();
        ForgetReports();
    }

    /// <summary>Starts at rest where drives have held these targets, as far as fingers and keys let them.</summary>
    /// <param name="targets">In what the sensors read, order of the scene's actuators.</param>
    public void Start(ReadOnlySpan<double> targets)
    {
        Array.Clear(_velocities);
        for (int a = 0; a < targets.Length; a++)
        {
            int[] joints = _map.JointsOfDrive[a];
            double length = targets[a] - _scene.Drives.Offset[a];
            if (joints.Length == 1)
                _positions[joints[0]] = length;
            else
                (_positions[joints[0]], _positions[joints[1]]) = _scene.ShareOf(length);
        }
        foreach (int wrist in _map.Wrists)
            _positions[wrist] -= WristLift;
        _driven.Start(_positions, _velocities, targets);
        ForgetReports();
        for (int s = 0; s < SettlingSteps; s++)
            Step(targets);
    }

    /// <summary>Sends targets and takes a control step.</summary>
    public void Step(ReadOnlySpan<double> targets) => _driven.StepControl(targets, _sense);

    /// <summary>Fills in what there is to see: all but step, actions, commands and reward.</summary>
    public void Fill(TaskState state)
    {
        _positionLag.Read(state.ReportedPositions);
        _velocityLag.Read(state.ReportedVelocities);
        ReadKeys(state);
        MjData data = _driven.World.Data;
        ReadTips(data, state.ReportedPositions, state.ReportedTips);
        data.Kinematics();
        CopyTips(data, state.TipPositions);
        ReadKeyPoints(data, state.KeyPoints);
        ReadOnlySpan<double> force = data.ActuatorForce, velocity = data.ActuatorVelocity, speeds = data.Qvel;
        for (int a = 0; a < state.Power.Length; a++)
            state.Power[a] = Math.Abs(force[a] * velocity[a]);
        for (int side = 0; side < _map.Rails.Length; side++)
            state.RailSpeeds[side] = speeds[_map.Rails[side]];
        state.HandsTouch = _map.HandsTouch(data.Contacts);
    }

    /// <inheritdoc/>
    public void Dispose() => _driven.Dispose();

    private void ForgetReports()
    {
        Measure();
        _filter.Reset(_positions);
        _positionLag.Reset(_positions);
        _velocityLag.Reset(_velocities);
    }

    private void Sense()
    {
        Measure();
        for (int j = 0; j < _positions.Length && _filter.IsOn; j++)
        {
            if (!_isRail[j])
                (_positions[j], _velocities[j]) = _filter.Next(j, _positions[j]);
        }
        _positionLag.Push(_positions);
        _velocityLag.Push(_velocities);
    }

    private void Measure()
    {
        _driven.World.ReadJoints(_positions, _velocities);
        for (int j = 0; j < _positions.Length; j++)
            _positions[j] += _offsets[j];
    }

    private void ReadKeys(TaskState state)
    {
        PianoWorld world = _driven.World;
        UInt128 heard = 0, down = 0;
        for (int k = 0; k < PianoGeometry.KeyCount; k++)
        {
            heard |= _driven.KeysHeard[k] ? UInt128.One << k : 0;
            down |= world.KeysDown[k] ? UInt128.One << k : 0;
            state.KeyDepths[k] = _driven.KeyDepth(k);
            state.ReportedDepths[k] = _privileged ? world.KeyDepth(k) : state.KeyDepths[k];
        }
        (state.KeysDown, state.ReportedKeys) = (heard, _privileged ? down : heard);
    }

    // The hands of all rigs are of one shape: what is reported is put into this one for a moment.
    private void ReadTips(MjData data, ReadOnlySpan<double> positions, Span<double> tips)
    {
        Span<double> q = data.Qpos;
        int[] addresses = _scene.JointQposAddresses;
        for (int j = 0; j < addresses.Length; j++)
        {
            _positions[j] = q[addresses[j]];
            q[addresses[j]] = positions[j];
        }
        data.Kinematics();
        CopyTips(data, tips);
        for (int j = 0; j < addresses.Length; j++)
            q[addresses[j]] = _positions[j];
    }

    private void CopyTips(MjData data, Span<double> tips)
    {
        ReadOnlySpan<double> sites = data.SiteXPos;
        for (int f = 0; f < _map.TipSites.Length; f++)
            sites.Slice(3 * _map.TipSites[f], 3).CopyTo(tips[(3 * f)..]);
    }

    private void ReadKeyPoints(MjData data, Span<double> points)
    {
        ReadOnlySpan<double> geoms = data.GeomXPos;
        for (int k = 0; k < PianoGeometry.KeyCount; k++)
        {
            geoms.Slice(3 * _map.KeyGeoms[k], 3).CopyTo(points[(3 * k)..]);
            points[3 * k] += _map.KeyOffsets[k].X;
            points[(3 * k) + 2] += _map.KeyOffsets[k].Z;
        }
    }
}
