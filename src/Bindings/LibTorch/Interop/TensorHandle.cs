using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Owns a native tensor; freed on any thread.</summary>
internal sealed class TensorHandle : SafeHandle
{
    // Tensors below this are not worth telling the collector about.
    private const long HeavyBytes = 64 << 10;
    private long _pressure;

    public TensorHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <summary>Stands for an argument that is left out.</summary>
    public static TensorHandle Undefined { get; } = CreateUndefined();

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Tells the collector, which sees no native memory, what it would gain.</summary>
    public TensorHandle Weighed()
    {
        long bytes = Native.lt_numel(this) * Native.lt_element_size(this);
        if (bytes >= HeavyBytes)
        {
            GC.AddMemoryPressure(bytes);
            _pressure = bytes;
        }
        return this;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Native.lt_delete(handle);
        if (_pressure > 0)
            GC.RemoveMemoryPressure(_pressure);
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
