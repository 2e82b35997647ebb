namespace MuJoCo;

/// <content>Saving, copying and restoring what integration continues from; contacts.</content>
public sealed unsafe partial class MjData
{
    private const int StateParts = 10;

    /// <summary>Elements of a saved state.</summary>
    public int StateSize
    {
        get
        {
            int size = 1;
            for (int i = 0; i < StateParts; i++)
                size += StatePart(i).Length;
            return size;
        }
    }

    /// <summary>Number of detected contacts.</summary>
    public int ContactCount => Native->ncon;

    /// <summary>The detected contacts, in MuJoCo's memory: valid until the next call that computes.</summary>
    public ReadOnlySpan<MjContact> Contacts => new(Native->contact, Native->ncon);

    /// <summary>
    /// Saves everything that the next steps depend on, in the order of MuJoCo's <c>mjSTATE_INTEGRATION</c>: time, qpos, qvel,
    /// act, warm start, controls, applied forces (joint, Cartesian), mocap poses, user data. Continuing from it is exact to the bit.
    /// </summary>
    /// <param name="state">Receives <see cref="StateSize"/> elements.</param>
    public void GetState(Span<double> state)
    {
        CheckLength(state.Length, StateSize, nameof(state));
        state[0] = Time;
        Span<double> rest = state[1..];
        for (int i = 0; i < StateParts; i++)
        {
            Span<double> part = StatePart(i);
            part.CopyTo(rest);
            rest = rest[part.Length..];
        }
    }

    /// <summary>Restores what <see cref="GetState"/> saved. Computed arrays are old until the next step or <see cref="Forward"/>.</summary>
    /// <param name="state"><see cref="StateSize"/> elements.</param>
    public void SetState(ReadOnlySpan<double> state)
    {
        CheckLength(state.Length, StateSize, nameof(state));
        Time = state[0];
        ReadOnlySpan<double> rest = state[1..];
        for (int i = 0; i < StateParts; i++)
        {
            Span<double> part = StatePart(i);
            rest[..part.Length].CopyTo(part);
            rest = rest[part.Length..];
        }
    }

    /// <summary>
    /// Copies what <see cref="GetState"/> saves from other data, of this model or of one with the same sizes.
    /// Continuing is exact to the bit. Computed arrays are old until the next step or <see cref="Forward"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The models differ in their sizes.</exception>
    public void CopyStateFrom(MjData other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < StateParts; i++)
            if (other.StatePart(i).Length != StatePart(i).Length)
                throw new ArgumentException("belongs to a model of other sizes", nameof(other));
        Time = other.Time;
        for (int i = 0; i < StateParts; i++)
            other.StatePart(i).CopyTo(StatePart(i));
    }

    /// <summary>Copies everything, computed arrays, contacts and warning counts included. Slower than <see cref="CopyStateFrom"/>.</summary>
    /// <exception cref="ArgumentException">The models differ in their sizes.</exception>
    public void CopyFrom(MjData other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Native->nbuffer != Native->nbuffer || other.Native->nstack != Native->nstack || other.StateSize != StateSize)
            throw new ArgumentException("belongs to a model of other sizes", nameof(other));
        MjNative.mj_copyData(_handle, Sizes, other._handle);
    }

    /// <summary>Force and torque of a contact in its frame: normal force first, N and N·m.</summary>
    /// <param name="contact">0 to <see cref="ContactCount"/> − 1.</param>
    /// <param name="force">Receives 6 elements.</param>
    public void ContactForce(int contact, Span<double> force)
    {
        CheckId(contact, ContactCount, nameof(contact));
        CheckLength(force.Length, 6, nameof(force));
        fixed (double* to = force)
            MjNative.mj_contactForce(Sizes, _handle, contact, to);
    }

    private Span<double> StatePart(int index) => index switch
    {
        0 => Qpos,
        1 => Qvel,
        2 => Act,
        3 => QaccWarmstart,
        4 => Ctrl,
        5 => QfrcApplied,
        6 => XfrcApplied,
        7 => MocapPos,
        8 => MocapQuat,
        _ => UserData,
    };
}
