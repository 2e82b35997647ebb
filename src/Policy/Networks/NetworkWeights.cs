using Legato.Policy.Bundles;
using Legato.Policy.Networks.Vectors;

namespace Legato.Policy.Networks;

/// <summary>The weights of a network, ready to be multiplied: 32-bit floats, row-major, every row on a boundary of 64 bytes.</summary>
/// <threadsafety>Immutable: any number of <see cref="FeedForwardNetwork"/> can share one.</threadsafety>
public sealed class NetworkWeights
{
    private const int MaxFloats = 1 << 29;
    private readonly AlignedFloats _values;

    private NetworkWeights(NetworkDescription description, AlignedFloats values, Layer[] layers)
    {
        Description = description;
        _values = values;
        Layers = layers;
        Width = layers.Max(l => Math.Max(l.Inputs, l.Outputs));
    }

    /// <summary>What they are the weights of.</summary>
    public NetworkDescription Description { get; }

    /// <summary>All weights as they lie in memory, with the zeros that rows are padded with: what a benchmark passes over.</summary>
    public ReadOnlySpan<float> Values => _values.Span;

    /// <summary>Multiply-adds of the matrices, padding not counted.</summary>
    public long MultiplyAdds => Layers.Where(l => l.Kind == LayerKind.Linear).Sum(l => (long)l.Inputs * l.Outputs);

    internal ReadOnlySpan<Layer> Steps => Layers;

    internal ref float Start => ref _values.Start;

    /// <summary>Width of the widest layer.</summary>
    internal int Width { get; }

    private Layer[] Layers { get; }

    /// <summary>Takes the weights out of named tensors, F32 or F64.</summary>
    /// <param name="description">The network.</param>
    /// <param name="tensors">By name, as <see cref="NetworkDescription.Tensors"/> lists them; those that do not start with the prefix and a number are left alone.</param>
    /// <param name="source">What messages call the tensors: a file name.</param>
    /// <param name="prefix">Comes before every name, dot included.</param>
    /// <exception cref="InputException">A tensor is missing, has another shape, has a value that is no finite 32-bit number, or belongs to a layer that there is not.</exception>
    public static NetworkWeights Load(NetworkDescription description, IReadOnlyDictionary<string, SafeTensor> tensors, string source, string prefix = "")
    {
        description.Validate(source);
        TensorRequirement[] required = [.. description.Tensors(prefix)];
        foreach (TensorRequirement requirement in required)
            Require(tensors, requirement, source);
        HashSet<string> known = [.. required.Select(r => r.Name)];
        if (tensors.Keys.FirstOrDefault(n => !known.Contains(n) && IsOfLayer(n, prefix)) is { } surplus)
            throw new InputException($"{source}: tensor '{surplus}' belongs to no layer of the description; its {description.Layers.Count} layers have {Names(known)}");

        Layer[] layers = Arrange(description, out long length);
        if (length > MaxFloats)
            throw new InputException($"{source}: a network of {length} weights; more than {MaxFloats} are not possible");
        var weights = new NetworkWeights(description, new AlignedFloats((int)length), layers);
        var queue = new Queue<TensorRequirement>(required);
        foreach (Layer layer in layers)
            weights.Fill(layer, queue, tensors, source);
        return weights;
    }

    private static SafeTensor Require(IReadOnlyDictionary<string, SafeTensor> tensors, TensorRequirement requirement, string source)
    {
        if (!tensors.TryGetValue(requirement.Name, out SafeTensor? tensor))
            throw new InputException($"{source}: no tensor '{requirement.Name}' {Text(requirement.Shape)}; there are {Names([.. tensors.Keys])}");
        if (!tensor.Shape.SequenceEqual(requirement.Shape))
            throw new InputException($"{source}: tensor '{requirement.Name}': expected {Text(requirement.Shape)}, found {Text(tensor.Shape)}");
        return tensor;
    }

    // Where each layer's numbers lie; parts start on boundaries, and matrices have whole blocks of rows.
    private static Layer[] Arrange(NetworkDescription description, out long length)
    {
        var layers = new List<Layer>();
        long next = 0;
        int width = description.Inputs;
        if (description.Normalization is { } normalization)
            layers.Add(new Layer(LayerKind.Normalize, default, width, width, Take(width), Take(width), true, (float)(normalization.Clip ?? double.PositiveInfinity)));
        foreach (LayerDescription layer in description.Layers)
        {
            switch (layer)
            {
                case LinearLayer linear:
                    long rows = AlignedFloats.Padded(linear.Outputs);
                    layers.Add(new Layer(LayerKind.Linear, default, width, linear.Outputs, Take(rows * AlignedFloats.Padded(width)), Take(rows), linear.Bias, 0));
                    width = linear.Outputs;
                    break;
                case LayerNormLayer norm:
                    layers.Add(new Layer(LayerKind.LayerNorm, default, width, width, Take(width), Take(width), true, (float)norm.Epsilon));
                    break;
                case ActivationLayer activation:
                    layers.Add(new Layer(LayerKind.Activation, activation.Function, width, width, 0, 0, false, 0));
                    break;
                default:
                    throw new NotSupportedException($"{layer.GetType().Name} cannot be evaluated.");
            }
        }
        length = next;
        return [.. layers];

        nuint Take(long floats)
        {
            nuint at = (nuint)next;
            next += (floats + AlignedFloats.Step - 1) / AlignedFloats.Step * AlignedFloats.Step;
            return at;
        }
    }

    private void Fill(Layer layer, Queue<TensorRequirement> required, IReadOnlyDictionary<string, SafeTensor> tensors, string source)
    {
        switch (layer.Kind)
        {
            case LayerKind.Linear:
                Copy(required.Dequeue(), layer.First, layer.Inputs);
                if (layer.HasSecond)
                    Copy(required.Dequeue(), layer.Second, layer.Outputs);
                break;
            case LayerKind.LayerNorm:
                Copy(required.Dequeue(), layer.First, layer.Inputs);
                Copy(required.Dequeue(), layer.Second, layer.Inputs);
                break;
            case LayerKind.Normalize:
                Copy(required.Dequeue(), layer.First, layer.Inputs);
                string name = required.Peek().Name;
                Copy(required.Dequeue(), layer.Second, layer.Inputs);
                Span<float> std = _values.Span.Slice((int)layer.Second, AlignedFloats.Padded(layer.Inputs));
                if (std[..layer.Inputs].IndexOfAnyInRange(float.NegativeInfinity, 0) is >= 0 and var at)
                    throw new InputException(FormattableString.Invariant($"{source}: tensor '{name}' has {std[at]} at {at}; a standard deviation is above 0"));
                // Nothing is divided by the zeros of the padding.
                std[layer.Inputs..].Fill(1);
                break;
        }

        void Copy(TensorRequirement requirement, nuint first, int width)
        {
            SafeTensor tensor = tensors[requirement.Name];
            int stride = AlignedFloats.Padded(width);
            for (int row = 0; row < tensor.Count / width; row++)
            {
                Span<float> to = _values.Span.Slice((int)first + (row * stride), width);
                tensor.CopyTo(row * width, to);
                for (int i = 0; i < width; i++)
                {
                    if (!float.IsFinite(to[i]))
                        throw new InputException(FormattableString.Invariant($"{source}: tensor '{requirement.Name}' has {to[i]} at {(row * width) + i}; weights are finite 32-bit numbers"));
                }
            }
        }
    }

    private static bool IsOfLayer(string name, string prefix)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
            return false;
        ReadOnlySpan<char> rest = name.AsSpan(prefix.Length);
        int dot = rest.IndexOf('.');
        return dot > 0 && !rest[..dot].ContainsAnyExceptInRange('0', '9');
    }

    private static string Text(IEnumerable<int> shape) => $"[{string.Join(",", shape)}]";

    private static string Names(HashSet<string> names)
    {
        const int Shown = 6;
        string list = string.Join(", ", names.Take(Shown).Select(n => $"'{n}'"));
        return names.Count == 0 ? "none" : names.Count > Shown ? $"{list} and {names.Count - Shown} more" : list;
    }
}

internal enum LayerKind
{
    Normalize,
    Linear,
    LayerNorm,
    Activation,
}

/// <summary>A layer as it is evaluated.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Function">Of an activation.</param>
/// <param name="Inputs">Values in.</param>
/// <param name="Outputs">Values out.</param>
/// <param name="First">Where its matrix, scale or mean lies.</param>
/// <param name="Second">Where its bias, shift or standard deviation lies; zeros for a linear layer without bias.</param>
/// <param name="HasSecond">Whether there is a tensor for it.</param>
/// <param name="Number">Epsilon, or where to clip.</param>
internal readonly record struct Layer(LayerKind Kind, ActivationFunction Function, int Inputs, int Outputs, nuint First, nuint Second, bool HasSecond, float Number);
