using TorchSharp.Interop;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Where a module lives, and of what type its numbers are.</summary>
public static class ModuleExtensionMethods
{
    /// <summary>Converts parameters and buffers of real numbers, in their place; gradients are dropped.</summary>
    public static T to<T>(this T module, ScalarType type)
        where T : nn.Module
    {
        foreach (Tensor tensor in module.parameters().Concat(module.buffers()).Where(t => t.is_floating_point() && t.dtype != type))
        {
            tensor.grad = null;
            using Tensor frozen = tensor.detach(), converted = frozen.to(type);
            Status.Check(Native.lt_set_data(tensor.H, converted.H));
        }
        return module;
    }

    /// <summary>The module: there is one device.</summary>
    public static T to<T>(this T module, Device device)
        where T : nn.Module => module;

    /// <inheritdoc cref="to{T}(T, Device)"/>
    public static T cpu<T>(this T module)
        where T : nn.Module => module;
}
