using TorchSharp;
using static TorchSharp.torch;

namespace Legato.Tests.Contract;

/// <summary>The few members that only newer releases of TorchSharp have, 0.102.5 and later; with 0.99 this file does not compile.</summary>
public static class NewerContract
{
    public static void Gradients()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(new long[] { 2 }, requires_grad: true);
        x.square().sum().backward();
        Tensor? gradient = x.grad;
        x.grad = null;
        _ = gradient;
    }

    public static void InferenceMode()
    {
        using IDisposable mode = inference_mode(true);
        _ = is_inference_mode_enabled();
    }

    public static void Activations()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2);
        _ = (nn.functional.silu(x), nn.functional.mish(x));
    }
}
