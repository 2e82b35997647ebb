using System.Text.Json;
using System.Text.Json.Serialization;

namespace Legato.Policy.Networks;

/// <summary>A layer in JSON: an object with <c>type</c> and what that type has: <c>{"type": "linear", "outputs": 256}</c>.</summary>
internal sealed class LayerDescriptionConverter : JsonConverter<LayerDescription>
{
    private const string Linear = "linear", LayerNorm = "layer_norm";
    private static readonly Dictionary<string, ActivationFunction> Functions = Enum.GetValues<ActivationFunction>().ToDictionary(f => JsonNamingPolicy.SnakeCaseLower.ConvertName(f.ToString()));

    /// <inheritdoc/>
    public override LayerDescription Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement layer = document.RootElement;
        if (layer.ValueKind != JsonValueKind.Object || !layer.TryGetProperty("type", out JsonElement named) || named.ValueKind != JsonValueKind.String)
            throw new JsonException($"a layer is an object with a type, not {Excerpt(layer)}");
        string type = named.GetString()!;
        try
        {
            switch (type)
            {
                case Linear:
                    RequireOnly(layer, type, "outputs", "bias");
                    return layer.TryGetProperty("outputs", out JsonElement outputs)
                        ? new LinearLayer(outputs.GetInt32(), !layer.TryGetProperty("bias", out JsonElement bias) || bias.GetBoolean())
                        : throw new JsonException("a linear layer needs outputs");
                case LayerNorm:
                    RequireOnly(layer, type, "epsilon");
                    return new LayerNormLayer(layer.TryGetProperty("epsilon", out JsonElement epsilon) ? epsilon.GetDouble() : LayerNormLayer.DefaultEpsilon);
                default:
                    if (!Functions.TryGetValue(type, out ActivationFunction function))
                        throw new JsonException($"unknown layer '{type}'; there are {Linear}, {LayerNorm}, {string.Join(", ", Functions.Keys)}");
                    RequireOnly(layer, type);
                    return new ActivationLayer(function);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new JsonException($"layer {Excerpt(layer)}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LayerDescription value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        switch (value)
        {
            case LinearLayer linear:
                writer.WriteString("type", Linear);
                writer.WriteNumber("outputs", linear.Outputs);
                writer.WriteBoolean("bias", linear.Bias);
                break;
            case LayerNormLayer norm:
                writer.WriteString("type", LayerNorm);
                writer.WriteNumber("epsilon", norm.Epsilon);
                break;
            case ActivationLayer activation:
                writer.WriteString("type", JsonNamingPolicy.SnakeCaseLower.ConvertName(activation.Function.ToString()));
                break;
            default:
                throw new NotSupportedException($"{value.GetType().Name} has no form in JSON.");
        }
        writer.WriteEndObject();
    }

    private static void RequireOnly(JsonElement layer, string type, params ReadOnlySpan<string> known)
    {
        foreach (JsonProperty property in layer.EnumerateObject())
        {
            if (property.Name != "type" && !known.Contains(property.Name))
                throw new JsonException($"a layer of type '{type}' has no '{property.Name}'");
        }
    }

    private static string Excerpt(JsonElement element)
    {
        string text = element.GetRawText().ReplaceLineEndings(" ");
        return text.Length > 60 ? text[..60] + "..." : text;
    }
}
