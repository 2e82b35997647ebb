using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Sim.Drives;

/// <summary>A world behind its drives: commands arrive late, and slew limits, play and dead bands act on them.</summary>
/// <remarks>
/// With the nominal parameters it gives the same bits as its <see cref="PianoWorld"/>. One thread at a time. Stepping
/// allocates nothing.
/// </remarks>
public sealed class DrivenWorld : IDisposable
{
    private readonly DelayedTargets[] _lines;
    private readonly double[] _delays;
    private readonly int[] _lineOf;
    private readonly int[][] _jointsOf;
    private readonly DriveChain _chain;
    private readonly double[] _targets, _measured, _controls, _offsets;
    private long _steps;

    /// <summary>Starts at rest.</summary>
    /// <param name="scene">A scene that has the parameters already (<see cref="SceneParameters.With"/>); it stays the caller's.</param>
    /// <param name="parameters">The parameters, for what MuJoCo's model cannot express.</param>
    public DrivenWorld(PianoScene scene, SimParameters parameters)
    {
        World = new PianoWorld(scene);
        int n = scene.Actuators.Count;
        (_targets, _measured, _controls) = (new double[n], new double[n], new double[n]);
        double step = scene.Model.Timestep;
        _delays = [parameters["right_hand.delay"] / step, parameters["left_hand.delay"] / step, parameters["rails.delay"] / step];
        _lines = [.. _delays.Select(_ => new DelayedTargets(n))];
        _lineOf = [.. Enumerable.Range(0, n).Select(a => scene.Actuators.Units[a] == JointUnit.Metre ? 2
            : scene.Actuators.Names[a].StartsWith(HandSide.Right.Prefix(), StringComparison.Ordinal) ? 0 : 1)];
        _jointsOf = [.. Enumerable.Range(0, n).Select(a => scene.JointsOf(a).ToArray())];
        _offsets = [.. scene.Actuators.Names.Select(name => parameters.Drive(SceneParameters.DriveName(name)).Offset)];
        _chain = new DriveChain(scene, parameters);
        Reset();
    }

    /// <summary>The world, to read; stepping it here would part it from its drives.</summary>
    public PianoWorld World { get; }

    /// <summary>Back to the start: all joints and targets at zero.</summary>
    public void Reset()
    {
        World.Reset();
        Array.Clear(_targets);
        Settle();
    }

    /// <summary>Starts from a state in motion, with drives that have held their targets for long.</summary>
    /// <param name="positions">True joint positions, in the order of the scene's joints.</param>
    /// <param name="velocities">Joint velocities, same order.</param>
    /// <param name="targets">Position targets in what the sensors read, in the order of the scene's actuators.</param>
    public void Start(ReadOnlySpan<double> positions, ReadOnlySpan<double> velocities, ReadOnlySpan<double> targets)
    {
        World.Reset();
        World.SetJoints(positions);
        for (int j = 0; j < velocities.Length; j++)
            World.Data.Qvel[World.Scene.JointDofAddresses[j]] = velocities[j];
        targets.CopyTo(_targets);
        Settle();
    }

    /// <summary>Sends position targets (order of the scene's actuators) without taking a step.</summary>
    /// <param name="targets">Targets; NaN leaves a drive as it is.</param>
    /// <param name="after">When they are sent, physics steps from now; may lie between two.</param>
    public void Send(ReadOnlySpan<double> targets, double after = 0)
    {
        for (int l = 0; l < _lines.Length; l++)
            _lines[l].Send(targets, _steps + after + _delays[l], 0);
    }

    /// <summary>Sends position targets (order of the scene's actuators) and takes one control step of 50 ms.</summary>
    public void StepControl(ReadOnlySpan<double> targets)
    {
        Send(targets);
        for (int s = 0; s < World.Scene.Options.Substeps; s++)
            Step();
    }

    /// <summary>Takes one physics step.</summary>
    public void Step()
    {
        StepDrives();
        World.Step();
    }

    /// <summary>Lets one step pass for the drives alone while the joints stay: to bring commands on their way.</summary>
    public void StepDrives()
    {
        foreach (DelayedTargets line in _lines)
            line.Advance(_steps);
        ReadOnlySpan<double> q = World.Data.Qpos;
        int[] addresses = World.Scene.JointQposAddresses;
        for (int a = 0; a < _targets.Length; a++)
        {
            _targets[a] = _lines[_lineOf[a]].Values[a];
            double length = 0;
            foreach (int joint in _jointsOf[a])
                length += q[addresses[joint]];
            _measured[a] = length + _offsets[a];
        }
        _chain.Apply(_targets, _measured, _controls);
        World.SetTargets(_controls);
        _steps++;
    }

    /// <inheritdoc/>
    public void Dispose() => World.Dispose();

    private void Settle()
    {
        _steps = 0;
        foreach (DelayedTargets line in _lines)
            line.Reset(_targets);
        _chain.Reset(_targets);
    }
}
