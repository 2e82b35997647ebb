using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Legato.Policy.Networks;

/// <summary>A feed-forward network without its weights, as JSON in a policy bundle has it.</summary>
public sealed record NetworkDescription
{
    /// <summary>The widest layer.</summary>
    public const int MaxWidth = 1 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    /// <summary>Length of the observation, 1..<see cref="MaxWidth"/>.</summary>
    public required int Inputs { get; init; }

    /// <summary>What is done to the observation first; null for nothing.</summary>
    public ObservationNormalization? Normalization { get; init; }

    /// <summary>The layers, first to last; at least one.</summary>
    public required IReadOnlyList<LayerDescription> Layers { get; init; }

    /// <summary>Length of the result.</summary>
    [JsonIgnore]
    public int Outputs => Layers.OfType<LinearLayer>().LastOrDefault()?.Outputs ?? Inputs;

    /// <summary>Reads a description.</summary>
    /// <param name="json">An object with <c>inputs</c>, <c>layers</c> and, if there is one, <c>normalization</c>.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="InputException">It is damaged, has an unknown layer, or a number out of range.</exception>
    public static NetworkDescription Parse(string json, string source)
    {
        try
        {
            NetworkDescription description = JsonSerializer.Deserialize<NetworkDescription>(json, Json) ?? throw new JsonException("it is null");
            description.Validate(source);
            return description;
        }
        catch (JsonException e)
        {
            throw new InputException($"{source}: not the description of a network: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>The description as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Its layers in words: <c>12 inputs, scaled, linear 16, gelu, linear 3</c>.</summary>
    public override string ToString() => string.Join(", ", [
        string.Create(CultureInfo.InvariantCulture, $"{Inputs} inputs"),
        .. Normalization is null ? (string[])[] : ["scaled"],
        .. Layers.Select(layer => layer switch
        {
            LinearLayer linear => string.Create(CultureInfo.InvariantCulture, $"linear {linear.Outputs}{(linear.Bias ? "" : " without bias")}"),
            ActivationLayer activation => $"{activation.Function}".ToLowerInvariant(),
            _ => "layer norm",
        })]);

    /// <summary>Checks the numbers; a description that came inside other JSON has not been through <see cref="Parse"/>.</summary>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="InputException">Names the layer and the range.</exception>
    public void Validate(string source)
    {
        if (Inputs is < 1 or > MaxWidth)
            throw new InputException($"{source}: a network of {Inputs} inputs; there must be 1..{MaxWidth}");
        if (Normalization?.Clip is { } clip && !(clip > 0 && float.IsFinite((float)clip)))
            throw new InputException(FormattableString.Invariant($"{source}: normalization clips at {clip}; that must be a number above 0"));
        if (Layers.Count == 0)
            throw new InputException($"{source}: a network without layers");
        for (int i = 0; i < Layers.Count; i++)
        {
            if (Layers[i] is null)
                throw new InputException($"{source}: layer {i} is null");
            if (Layers[i] is LinearLayer { Outputs: < 1 or > MaxWidth } linear)
                throw new InputException($"{source}: layer {i} has {linear.Outputs} outputs; there must be 1..{MaxWidth}");
            if (Layers[i] is LayerNormLayer norm && !((float)norm.Epsilon > 0 && float.IsFinite((float)norm.Epsilon)))
                throw new InputException(FormattableString.Invariant($"{source}: layer {i} has epsilon {norm.Epsilon}; that must be a number above 0"));
        }
    }

    /// <summary>The tensors that the network needs, in the order of its layers, named as the state of a torch <c>Sequential</c>.</summary>
    /// <param name="prefix">Comes before every name, dot included: <c>actor.</c> for <c>actor.0.weight</c>.</param>
    public IEnumerable<TensorRequirement> Tensors(string prefix = "")
    {
        if (Normalization is not null)
        {
            yield return new TensorRequirement($"{prefix}{ObservationNormalization.Mean}", [Inputs]);
            yield return new TensorRequirement($"{prefix}{ObservationNormalization.Std}", [Inputs]);
        }
        int width = Inputs;
        for (int i = 0; i < Layers.Count; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{prefix}{i}.");
            switch (Layers[i])
            {
                case LinearLayer linear:
                    yield return new TensorRequirement(name + "weight", [linear.Outputs, width]);
                    if (linear.Bias)
                        yield return new TensorRequirement(name + "bias", [linear.Outputs]);
                    width = linear.Outputs;
                    break;
                case LayerNormLayer:
                    yield return new TensorRequirement(name + "weight", [width]);
                    yield return new TensorRequirement(name + "bias", [width]);
                    break;
            }
        }
    }
}

/// <summary>Before the first layer: clip((x - mean) / std, -clip, clip); tensors <see cref="Mean"/> and <see cref="Std"/> [inputs].</summary>
/// <param name="Clip">Above 0; null for no limit.</param>
public sealed record ObservationNormalization(double? Clip = null)
{
    /// <summary>Name of the tensor of means.</summary>
    public const string Mean = "normalization.mean";

    /// <summary>Name of the tensor of standard deviations, all above 0.</summary>
    public const string Std = "normalization.std";
}

/// <summary>A tensor that a network needs.</summary>
/// <param name="Name">With its prefix.</param>
/// <param name="Shape">Sizes, outermost first.</param>
public sealed record TensorRequirement(string Name, IReadOnlyList<int> Shape);
