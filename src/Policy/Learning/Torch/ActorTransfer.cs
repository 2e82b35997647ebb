using Legato.Policy.Bundles;
using Legato.Policy.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Policy.Learning.Torch;

/// <summary>Takes a trained actor out of libtorch.</summary>
internal static class ActorExport
{
    /// <summary>Copies an actor.</summary>
    /// <param name="actor">Linear layers, normalisation, activations; dropout is left out.</param>
    /// <param name="outputs">Elements of the action: the last layer's first ones.</param>
    /// <param name="normalizer">What is done to observations first; may be null.</param>
    /// <param name="last">Activation behind the last layer; null for none.</param>
    public static TrainedNetwork Of(Sequential actor, int outputs, RunningNormalizer? normalizer, ActivationFunction? last)
    {
        var layers = new List<LayerDescription>();
        var tensors = new Dictionary<string, SafeTensor>();
        nn.Module[] modules = [.. actor.children()];
        int inputs = (int)((Linear)modules[0]).weight.size(1);
        if (normalizer is not null)
        {
            (float[] mean, float[] deviation) = (new float[inputs], new float[inputs]);
            normalizer.CopyTo(mean, deviation);
            tensors[ObservationNormalization.Mean] = new SafeTensor<float>([inputs], mean);
            tensors[ObservationNormalization.Std] = new SafeTensor<float>([inputs], deviation);
        }
        foreach (nn.Module module in modules)
        {
            string name = FormattableString.Invariant($"{layers.Count}.");
            switch (module)
            {
                case Linear linear:
                    int rows = module == modules[^1] ? outputs : (int)linear.weight.size(0), columns = (int)linear.weight.size(1);
                    tensors[name + "weight"] = new SafeTensor<float>([rows, columns], linear.weight.data<float>().ToArray()[..(rows * columns)]);
                    tensors[name + "bias"] = new SafeTensor<float>([rows], linear.bias!.data<float>().ToArray()[..rows]);
                    layers.Add(new LinearLayer(rows));
                    break;
                case LayerNorm norm:
                    tensors[name + "weight"] = new SafeTensor<float>([(int)norm.weight!.NumberOfElements], norm.weight.data<float>().ToArray());
                    tensors[name + "bias"] = new SafeTensor<float>([(int)norm.bias!.NumberOfElements], norm.bias.data<float>().ToArray());
                    layers.Add(new LayerNormLayer());
                    break;
                case SeededDropout:
                    break;
                default:
                    layers.Add(new ActivationLayer(FunctionOf(module)));
                    break;
            }
        }
        if (last is { } function)
            layers.Add(new ActivationLayer(function));
        return new TrainedNetwork(new NetworkDescription { Inputs = inputs, Normalization = normalizer is null ? null : new ObservationNormalization(RunningNormalizer.Limit), Layers = layers }, tensors);
    }

    private static ActivationFunction FunctionOf(nn.Module module) => module switch
    {
        ReLU => ActivationFunction.Relu,
        GELU => ActivationFunction.Gelu,
        TorchSharp.Modules.Tanh => ActivationFunction.Tanh,
        SiLU => ActivationFunction.Silu,
        TorchSharp.Modules.Mish => ActivationFunction.Mish,
        Identity => ActivationFunction.Identity,
        _ => throw new ArgumentException($"{module.GetName()}: not a layer that can be deployed", nameof(module)),
    };
}
