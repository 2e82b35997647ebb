using System.Runtime.InteropServices;

namespace MuJoCo;

/// <summary>Owns an <c>mjModel</c>.</summary>
internal sealed unsafe class MjModelHandle : SafeHandle
{
    /// <summary>Takes ownership.</summary>
    public MjModelHandle(NativeModel* model) : base(0, ownsHandle: true) => SetHandle((nint)model);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The model; valid as long as a reference is held.</summary>
    public NativeModel* Pointer => (NativeModel*)handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        MjNative.mj_deleteModel(Pointer);
        return true;
    }
}

/// <summary>Owns an <c>mjData</c> and keeps its model's memory alive for as long.</summary>
internal sealed unsafe class MjDataHandle : SafeHandle
{
    private readonly MjModelHandle _model;

    /// <summary>Makes data for the model.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <exception cref="MuJoCoException">Out of memory.</exception>
    public MjDataHandle(MjModelHandle model) : base(0, ownsHandle: true)
    {
        _model = model;
        bool added = false;
        model.DangerousAddRef(ref added);
        NativeData* data = MjNative.mj_makeData(model.Pointer);
        if (data == null)
        {
            model.DangerousRelease();
            throw new MuJoCoException("MuJoCo could not allocate the data of a model");
        }

        SetHandle((nint)data);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The data; valid as long as a reference is held.</summary>
    public NativeData* Pointer => (NativeData*)handle;

    /// <summary>The model that the data was made for; valid as long as the data.</summary>
    public NativeModel* ModelPointer => _model.Pointer;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        MjNative.mj_deleteData(Pointer);
        _model.DangerousRelease();
        return true;
    }
}
