using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Legato.Runtime.Cli;

/// <summary>JSON as the command line prints it: one line, snake_case, enumerations as words.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // A number that is none must not cost the whole report.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Text of an object, without line breaks.</summary>
    public static string Of(object data) => JsonSerializer.Serialize(data, data.GetType(), Options);
}
