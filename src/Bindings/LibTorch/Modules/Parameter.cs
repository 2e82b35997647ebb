using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that is learnt. It belongs to its module, not to the scope that it was made in.</summary>
public sealed class Parameter : Tensor
{
    /// <summary>Takes the place of <paramref name="data"/>, which is disposed.</summary>
    public Parameter(Tensor data, bool requires_grad = true)
        : base(Detached(data))
    {
        DetachFromDisposeScope();
        this.requires_grad = requires_grad;
        data.Dispose();
    }

    private static TensorHandle Detached(Tensor data)
    {
        Status.Check(Native.lt_detach(data.H, out TensorHandle handle));
        return handle;
    }
}
