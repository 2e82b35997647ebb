using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Owns a native tensor; freed on any thread.</summary>
internal sealed class TensorHandle : SafeHandle
{
    // Tensors below this are not worth counting.
    private const long HeavyBytes = 64 << 10;
    private long _held;

    public TensorHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <summary>Stands for an argument that is left out.</summary>
    public static TensorHandle Undefined { get; } = CreateUndefined();

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Counts what it holds (<see cref="HeldMemory"/>).</summary>
    public TensorHandle Weighed()
    {
        long bytes = Native.lt_numel(this) * Native.lt_element_size(this);
        if (bytes >= HeavyBytes)
        {
            HeldMemory.Add(bytes);
            _held = bytes;
        }
        return this;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Native.lt_delete(handle);
        if (_held > 0)
            HeldMemory.Remove(_held);
        return true;
    }

    private static TensorHandle CreateUndefined()
    {
        Status.Check(Native.lt_undefined(out TensorHandle handle));
        // Lives as long as the process.
        bool added = false;
        handle.DangerousAddRef(ref added);
        return handle;
    }
}
