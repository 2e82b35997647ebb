using System.Text.Json;
using System.Text.Json.Nodes;

namespace Legato.Tests.EndToEnd;

/// <summary>Checks that an object has the fields that a contract promises.</summary>
internal static class Shape
{
    /// <summary>Every path leads to a value of the kind; paths go through objects by dots.</summary>
    public static void Check(JsonObject json, JsonValueKind kind, params IEnumerable<string> paths) => Assert.All(paths, path =>
    {
        JsonNode? node = json;
        foreach (string name in path.Split('.'))
            node = Assert.Contains(name, (IDictionary<string, JsonNode?>)node!.AsObject());
        Assert.Equal(kind, node!.GetValueKind());
    });
}
