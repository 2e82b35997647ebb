using Legato.Policy.Bundles;
using Legato.Policy.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Policy.Learning.Torch;

/// <summary>Takes an actor out of libtorch, and puts one in.</summary>
internal static class ActorTransfer
{
    /// <summary>Copies an actor.</summary>
    /// <param name="actor">Linear layers, normalisation, activations; dropout is left out.</param>
    /// <param name="outputs">Elements of the action: the last layer's first ones.</param>
    /// <param name="normalizer">What is done to observations first; may be null.</param>
    /// <param name="last">Activation behind the last layer; null for none.</param>
    public static TrainedNetwork Export(Sequential actor, int outputs, RunningNormalizer? normalizer, ActivationFunction? last)
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

    /// <summary>Puts in what was exported from an actor of the same shape; what the last layer has beyond it stays.</summary>
    /// <param name="actor">Its weights are replaced.</param>
    /// <param name="normalizer">Goes on from the network's scaling; null where there is none.</param>
    /// <param name="network">The network.</param>
    /// <param name="own">What would be exported of the actor as it is.</param>
    /// <param name="observed">Observations that the scaling is made of.</param>
    /// <exception cref="ArgumentException">It is of another shape.</exception>
    public static void Import(Sequential actor, RunningNormalizer? normalizer, TrainedNetwork network, NetworkDescription own, long observed)
    {
        if (network.Description.ToJson() != own.ToJson())
            throw new ArgumentException($"it has {network.Description}; this learner's has {own}");
        using IDisposable frozen = no_grad();
        using DisposeScope scope = NewDisposeScope();
        int layer = 0;
        foreach (nn.Module module in actor.children().Where(m => m is not SeededDropout))
        {
            string name = FormattableString.Invariant($"{layer++}.");
            (Tensor Weight, Tensor Bias)? into = module switch
            {
                Linear linear => (linear.weight, linear.bias!),
                LayerNorm norm => (norm.weight!, norm.bias!),
                _ => null,
            };
            if (into is not { } tensors)
                continue;
            Put(tensors.Weight, name + "weight");
            Put(tensors.Bias, name + "bias");
        }
        normalizer?.Begin(Values(ObservationNormalization.Mean), Values(ObservationNormalization.Std), observed);

        float[] Values(string name)
        {
            SafeTensor saved = network.Tensors[name];
            float[] values = new float[saved.Count];
            saved.CopyTo(0, values);
            return values;
        }

        void Put(Tensor to, string name)
        {
            SafeTensor saved = network.Tensors[name];
            long[] shape = [.. saved.Shape.Select(size => (long)size)];
            to.narrow(0, 0, shape[0]).copy_(tensor(Values(name)).view(shape));
        }
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
