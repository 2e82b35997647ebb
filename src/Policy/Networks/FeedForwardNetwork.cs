using System.Runtime.CompilerServices;

using Legato.Policy.Networks.Vectors;

namespace Legato.Policy.Networks;

/// <summary>Evaluates a network on one observation, for a control loop: no native library, no allocation, no lock.</summary>
/// <remarks>The constructor evaluates once, so that no later call pays for the compiler. Sums differ from libtorch's in order only: about 1e-6.</remarks>
/// <threadsafety>Not thread-safe: it has its own intermediate values. Give each thread its own, over the same weights.</threadsafety>
public sealed class FeedForwardNetwork
{
    // The layers go back and forth between two buffers; whatever lies beyond a layer's values is zero.
    private readonly AlignedFloats _front, _back;

    /// <summary>A network over weights.</summary>
    /// <param name="weights">Can be shared.</param>
    /// <param name="width">The hardware's widest if null; all give the same to rounding.</param>
    public FeedForwardNetwork(NetworkWeights weights, VectorWidth? width = null)
    {
        Weights = weights;
        Inputs = weights.Description.Inputs;
        Outputs = weights.Description.Outputs;
        Width = width ?? VectorWidths.Widest;
        _front = new AlignedFloats(AlignedFloats.Padded(weights.Width));
        _back = new AlignedFloats(AlignedFloats.Padded(weights.Width));
        Evaluate(new float[Inputs], new float[Outputs]);
    }

    /// <summary>What it multiplies by.</summary>
    public NetworkWeights Weights { get; }

    /// <summary>How many bits are worked on together.</summary>
    public VectorWidth Width { get; }

    /// <summary>Length of an observation.</summary>
    public int Inputs { get; }

    /// <summary>Length of a result.</summary>
    public int Outputs { get; }

    /// <summary>Evaluates. What is not a number in the observation is none in the result.</summary>
    /// <param name="input">The observation, <see cref="Inputs"/> values.</param>
    /// <param name="output">Takes <see cref="Outputs"/> values; may overlap with the input.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Evaluate(ReadOnlySpan<float> input, Span<float> output)
    {
        if (input.Length != Inputs || output.Length != Outputs)
            throw new ArgumentException($"{input.Length} inputs and {output.Length} outputs for a network of {Inputs} and {Outputs}.");
        input.CopyTo(_front.Span);
        ClearPadding(_front, Inputs);
        AlignedFloats result = Width switch
        {
            VectorWidth.Bits512 => Run<Lanes512>(),
            VectorWidth.Bits256 => Run<Lanes256>(),
            _ => Run<Lanes128>(),
        };
        result.Span[..Outputs].CopyTo(output);
    }

    private AlignedFloats Run<TLanes>() where TLanes : struct, ILanes<TLanes>
    {
        (AlignedFloats now, AlignedFloats other) = (_front, _back);
        foreach (ref readonly Layer layer in Weights.Steps)
        {
            ref float first = ref Unsafe.Add(ref Weights.Start, layer.First);
            ref float second = ref Unsafe.Add(ref Weights.Start, layer.Second);
            nuint length = (nuint)AlignedFloats.Padded(layer.Inputs);
            switch (layer.Kind)
            {
                case LayerKind.Linear:
                    // Rows of the padding are zeros, so the values after the last are zero again.
                    Kernels<TLanes>.Linear(ref first, ref second, ref now.Start, ref other.Start, (nuint)AlignedFloats.Padded(layer.Outputs), length);
                    (now, other) = (other, now);
                    break;
                case LayerKind.LayerNorm:
                    Kernels<TLanes>.LayerNorm(ref first, ref second, layer.Number, ref now.Start, (nuint)layer.Inputs, length);
                    break;
                case LayerKind.Normalize:
                    Kernels<TLanes>.Normalize(ref first, ref second, layer.Number, ref now.Start, length);
                    break;
                case LayerKind.Activation:
                    Activate<TLanes>(layer.Function, ref now.Start, length);
                    break;
            }
        }
        return now;
    }

    private static void Activate<TLanes>(ActivationFunction function, ref float x, nuint length) where TLanes : struct, ILanes<TLanes>
    {
        switch (function)
        {
            case ActivationFunction.Relu:
                Kernels<TLanes>.Map<Relu>(ref x, length);
                break;
            case ActivationFunction.Tanh:
                Kernels<TLanes>.Map<Tanh>(ref x, length);
                break;
            case ActivationFunction.Gelu:
                Kernels<TLanes>.Map<Gelu>(ref x, length);
                break;
            case ActivationFunction.GeluTanh:
                Kernels<TLanes>.Map<GeluTanh>(ref x, length);
                break;
            case ActivationFunction.Silu:
                Kernels<TLanes>.Map<Silu>(ref x, length);
                break;
            case ActivationFunction.Mish:
                Kernels<TLanes>.Map<Mish>(ref x, length);
                break;
        }
    }

    private static void ClearPadding(AlignedFloats values, int used) => values.Span[used..AlignedFloats.Padded(used)].Clear();
}
