namespace MuJoCo;

/// <summary>
/// The state of one simulation of a model and everything computed from it, as spans over MuJoCo's own memory.
/// </summary>
/// <remarks>
/// Inputs (<see cref="Qpos"/>, <see cref="Qvel"/>, <see cref="Ctrl"/>, applied forces) may be written at any time;
/// computed arrays hold what the last <see cref="Step()"/>, <see cref="Forward"/> or stage call left there.
/// No call allocates managed memory. A span is valid until the data is disposed or collected: keep a reference for as
/// long as a span is in use. The data keeps its model's memory alive by itself.
/// A state that is not finite or too large makes MuJoCo warn and reset: watch <see cref="Warnings"/>.
/// </remarks>
/// <threadsafety>One thread at a time. Different data of one model may be used on different threads;
/// the results do not depend on how they are spread.</threadsafety>
public sealed unsafe partial class MjData : IDisposable
{
    private readonly MjDataHandle _handle;

    /// <summary>Makes data in the model's initial state (<see cref="MjModel.Qpos0"/>, at rest).</summary>
    public MjData(MjModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _handle = new MjDataHandle(model.Handle);
    }

    /// <summary>The model that the data was made for.</summary>
    public MjModel Model { get; }

    /// <summary>Simulated time, s.</summary>
    public double Time
    {
        get => Native->time;
        set => Native->time = value;
    }

    /// <summary>Potential and kinetic energy, J; computed when <see cref="MjEnableFlags.Energy"/> is on.</summary>
    public ReadOnlySpan<double> Energy => new(Native->energy, 2);

    /// <summary>Iterations that the constraint solver took in the last step.</summary>
    public int SolverIterations => Native->solver_iter;

    /// <summary>Rows in use of the constraint arrays (<c>nefc</c>).</summary>
    public int ConstraintCount => Native->nefc;

    /// <summary>The owned handle, for calls that must keep the data alive.</summary>
    internal MjDataHandle Handle => _handle;

    /// <summary>The native model that the data belongs to.</summary>
    internal NativeModel* Sizes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return _handle.ModelPointer;
        }
    }

    private NativeData* Native
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return _handle.Pointer;
        }
    }

    /// <summary>Returns to the model's initial state; clears warnings, controls and applied forces.</summary>
    public void Reset() => MjNative.mj_resetData(Sizes, _handle);

    /// <summary>Returns to a keyframe of the model.</summary>
    /// <param name="key">0 to <see cref="MjModel.NKey"/> − 1.</param>
    public void Reset(int key)
    {
        CheckId(key, Sizes->nkey, nameof(key));
        MjNative.mj_resetDataKeyframe(Sizes, _handle, key);
    }

    /// <summary>Advances by one time step.</summary>
    public void Step() => MjNative.mj_step(Sizes, _handle);

    /// <summary>Advances by <paramref name="n"/> time steps with the same controls.</summary>
    public void Step(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        for (int i = 0; i < n; i++)
            Step();
    }

    /// <summary>First half of a step: everything that depends on position and velocity, before controls are set.</summary>
    public void Step1() => MjNative.mj_step1(Sizes, _handle);

    /// <summary>Second half of a step: actuation, acceleration, integration (Euler whatever the option says).</summary>
    public void Step2() => MjNative.mj_step2(Sizes, _handle);

    /// <summary>Computes everything for the present state without advancing time.</summary>
    public void Forward() => MjNative.mj_forward(Sizes, _handle);

    /// <summary>Inverse dynamics: <see cref="QfrcInverse"/> for the present state and <see cref="Qacc"/>.</summary>
    public void Inverse() => MjNative.mj_inverse(Sizes, _handle);

    /// <summary>Poses of bodies, geoms and sites. Jacobians need <see cref="ComPos"/> after it.</summary>
    public void Kinematics() => MjNative.mj_kinematics(Sizes, _handle);

    /// <summary>Centres of mass and motion axes, from the poses of <see cref="Kinematics"/>.</summary>
    public void ComPos() => MjNative.mj_comPos(Sizes, _handle);

    /// <summary>Poses of cameras and lights, from the poses of <see cref="Kinematics"/>.</summary>
    public void CamLight() => MjNative.mj_camlight(Sizes, _handle);

    /// <summary>Lengths and Jacobians of tendons, after <see cref="ComPos"/>.</summary>
    public void Tendon() => MjNative.mj_tendon(Sizes, _handle);

    /// <summary>Lengths and moments of actuators, after <see cref="Tendon"/>.</summary>
    public void Transmission() => MjNative.mj_transmission(Sizes, _handle);

    /// <summary>Inertia matrix, after <see cref="ComPos"/>.</summary>
    public void Inertia() => MjNative.mj_crb(Sizes, _handle);

    /// <summary>Factors the inertia matrix for <see cref="SolveM"/>, after <see cref="Inertia"/>.</summary>
    public void FactorM() => MjNative.mj_factorM(Sizes, _handle);

    /// <summary>Contacts between geoms, after <see cref="ComPos"/>.</summary>
    public void Collision() => MjNative.mj_collision(Sizes, _handle);

    /// <summary>
    /// Computes again what the compiler derived from the model's parameters (subtree masses, inverse weights,
    /// tendon lengths at rest), after they were changed. Leaves this data in the initial configuration.
    /// </summary>
    public void SetConst() => MjNative.mj_setConst(Model.Handle, _handle);

    /// <summary>How often a warning was raised since the last reset. Divergence shows as
    /// <see cref="MjWarning.BadQpos"/>, <see cref="MjWarning.BadQvel"/> or <see cref="MjWarning.BadQacc"/>.</summary>
    public int Warnings(MjWarning warning)
    {
        if (!Enum.IsDefined(warning))
            throw new ArgumentOutOfRangeException(nameof(warning), warning, "is not a warning");
        return (&Native->warning)[(int)warning].number;
    }

    /// <summary>True once MuJoCo has met a position, velocity or acceleration that is not finite or too large, and has reset.</summary>
    public bool Diverged =>
        Warnings(MjWarning.BadQpos) + Warnings(MjWarning.BadQvel) + Warnings(MjWarning.BadQacc) > 0;

    /// <summary>Frees the data.</summary>
    public void Dispose() => _handle.Dispose();

    private static void CheckId(int id, int count, string name)
    {
        if ((uint)id >= (uint)count)
            throw new ArgumentOutOfRangeException(name, id, $"must be 0 to {count - 1}");
    }

    private static void CheckLength(int length, int expected, string name)
    {
        if (length != expected)
            throw new ArgumentException($"has {length} elements, {expected} are needed", name);
    }
}
