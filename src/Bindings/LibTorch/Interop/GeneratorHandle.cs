using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Owns a native random number generator.</summary>
internal sealed class GeneratorHandle : SafeHandle
{
    public GeneratorHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <summary>Stands for libtorch's own generator.</summary>
    public static GeneratorHandle Default { get; } = new();

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Native.lt_generator_delete(handle);
        return true;
    }
}
