using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Sim.Drives;

/// <summary>A world behind its drives and its keyboard: commands arrive late, slew limits, play and dead bands act on them, and keys are heard late.</summary>
/// <remarks>
/// What they do is <see cref="PianoScene.Drives"/>. Where that is nothing it gives the same bits as its <see cref="PianoWorld"/>. One thread at a
/// time. Stepping allocates nothing.
/// </remarks>
public sealed class DrivenWorld : IDisposable
{
    private readonly Line[] _lines;
    private readonly int[][] _jointsOf;
    private readonly DriveChain _chain;
    private readonly double[] _targets, _measured, _controls;
    private readonly bool[] _keysHeard = new bool[PianoGeometry.KeyCount];
    private readonly double[] _keysAt = new double[PianoGeometry.KeyCount];
    private readonly int _lateSteps;
    private long _steps;

    /// <summary>Starts at rest.</summary>
    /// <param name="scene">The scene, parameters applied (<see cref="Parameters.SceneParameters.With"/>); it stays the caller's.</param>
    public DrivenWorld(PianoScene scene)
    {
        World = new PianoWorld(scene);
        int n = scene.Actuators.Count;
        (_targets, _measured, _controls) = (new double[n], new double[n], new double[n]);
        double[] delays = scene.Drives.Delay.ToArray();
        _lines = [.. delays.Distinct().Select(delay => new Line([.. Enumerable.Range(0, n).Where(a => delays[a] == delay)], delay, scene.Model.Timestep))];
        _jointsOf = [.. Enumerable.Range(0, n).Select(a => scene.JointsOf(a).ToArray())];
        _chain = new DriveChain(scene);
        _lateSteps = Math.Min(scene.Options.Substeps, (int)Math.Round(scene.Drives.KeyLatency / scene.Model.Timestep));
        StateSize = 1 + World.Data.StateSize + _chain.StateSize + _lines.Sum(line => line.StateSize);
        Reset();
    }

    /// <summary>The world, to read; stepping it here would part it from its drives.</summary>
    public PianoWorld World { get; }

    /// <summary>Elements of a state.</summary>
    public int StateSize { get; }

    /// <summary>Which keys have been heard to be down by the end of the last control step.</summary>
    public ReadOnlySpan<bool> KeysHeard => _keysHeard;

    /// <summary>Angle of a key when it was last listened to, rad: at the end of the last control step, less the keyboard's latency.</summary>
    public double KeyAngle(int key) => _keysAt[key];

    /// <summary>Depth of a key, 0..1 of its travel, when it was last listened to.</summary>
    public double KeyDepth(int key) => Math.Clamp(_keysAt[key] / World.Scene.KeyTravel[key], 0, 1);

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
        foreach (Line line in _lines)
            line.Send(targets, _steps + after);
    }

    /// <summary>Sends position targets (order of the scene's actuators), takes one control step of 50 ms, and listens to the keys.</summary>
    /// <param name="targets">Targets; NaN leaves a drive as it is.</param>
    /// <param name="afterStep">Called after every physics step, to watch.</param>
    public void StepControl(ReadOnlySpan<double> targets, Action? afterStep = null)
    {
        Send(targets);
        int steps = World.Scene.Options.Substeps;
        for (int s = 0; s < steps; s++)
        {
            if (s == steps - _lateSteps)
                Listen();
            Step();
            afterStep?.Invoke();
        }
        if (_lateSteps == 0)
            Listen();
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
        foreach (Line line in _lines)
            line.Advance(_steps, _targets);
        ReadOnlySpan<double> q = World.Data.Qpos, offsets = World.Scene.Drives.Offset;
        int[] addresses = World.Scene.JointQposAddresses;
        for (int a = 0; a < _targets.Length; a++)
        {
            double length = 0;
            foreach (int joint in _jointsOf[a])
                length += q[addresses[joint]];
            _measured[a] = length + offsets[a];
        }
        _chain.Apply(_targets, _measured, _controls);
        World.SetTargets(_controls);
        _steps++;
    }

    /// <summary>Copies everything that the next control step depends on. Commands must have been sent no more often than once per control step.</summary>
    /// <param name="state"><see cref="StateSize"/> elements.</param>
    /// <exception cref="InvalidOperationException">More commands are on their way.</exception>
    public void GetState(Span<double> state)
    {
        state[0] = _steps;
        Span<double> rest = state[1..];
        World.Data.GetState(Take(ref rest, World.Data.StateSize));
        _chain.GetState(Take(ref rest, _chain.StateSize));
        foreach (Line line in _lines)
            line.Targets.GetState(Take(ref rest, line.StateSize));
    }

    /// <summary>Goes back to a state of a world of the same scene, or of one that differs in parameters alone but for its delays.</summary>
    public void SetState(ReadOnlySpan<double> state)
    {
        _steps = (long)state[0];
        ReadOnlySpan<double> rest = state[1..];
        World.Data.SetState(Take(ref rest, World.Data.StateSize));
        _chain.SetState(Take(ref rest, _chain.StateSize));
        foreach (Line line in _lines)
            line.Targets.SetState(Take(ref rest, line.StateSize));
    }

    /// <inheritdoc/>
    public void Dispose() => World.Dispose();

    private static Span<double> Take(ref Span<double> rest, int count)
    {
        Span<double> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static ReadOnlySpan<double> Take(ref ReadOnlySpan<double> rest, int count)
    {
        ReadOnlySpan<double> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private void Listen()
    {
        World.KeysDown.CopyTo(_keysHeard);
        ReadOnlySpan<double> q = World.Data.Qpos;
        int[] addresses = World.Scene.KeyQposAddresses;
        for (int k = 0; k < _keysAt.Length; k++)
            _keysAt[k] = q[addresses[k]];
    }

    private void Settle()
    {
        _steps = 0;
        foreach (Line line in _lines)
            line.Reset(_targets);
        _chain.Reset(_targets);
        Listen();
    }

    // The drives that share a delay.
    private sealed class Line(int[] drives, double delay, double timestep)
    {
        private readonly double _delay = delay / timestep;
        private readonly int _mostWaiting = (int)Math.Ceiling(delay / SceneOptions.ControlPeriod) + 1;
        private readonly double[] _own = new double[drives.Length];

        public DelayedTargets Targets { get; } = new(drives.Length);

        public int StateSize => Targets.StateSize(_mostWaiting);

        public void Reset(ReadOnlySpan<double> targets)
        {
            Gather(targets);
            Targets.Reset(_own);
        }

        public void Send(ReadOnlySpan<double> targets, double now)
        {
            Gather(targets);
            Targets.Send(_own, now + _delay, duration: 0);
        }

        public void Advance(long step, Span<double> targets)
        {
            Targets.Advance(step);
            for (int i = 0; i < drives.Length; i++)
                targets[drives[i]] = Targets.Values[i];
        }

        private void Gather(ReadOnlySpan<double> targets)
        {
            for (int i = 0; i < drives.Length; i++)
                _own[i] = targets[drives[i]];
        }
    }
}
