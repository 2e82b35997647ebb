using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Legato.Sim.Configuration;

/// <summary>A YAML file that is wrong; the message is one line <c>file:line: what was expected</c>.</summary>
public sealed class ConfigurationException(string message) : InputException(message);

/// <summary>Reads YAML files for people: every key is known, every number in range, every error names file and line.</summary>
public static class StrictYaml
{
    /// <summary>Reads the mapping at the root of a file.</summary>
    /// <exception cref="ConfigurationException">The file is missing, is no YAML, or its root is no mapping.</exception>
    public static YamlMap ReadFile(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: cannot be read ({e.Message})");
        }
        return Parse(text, path);
    }

    /// <summary>Reads the mapping at the root of a text; <paramref name="file"/> is the name that errors carry.</summary>
    /// <exception cref="ConfigurationException">The text is no YAML, or its root is no mapping.</exception>
    public static YamlMap Parse(string text, string file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new ShallowParser(new Parser(new StringReader(text))));
        }
        catch (YamlException e)
        {
            string reason = (e.InnerException?.Message ?? e.Message).ReplaceLineEndings(" ");
            throw new ConfigurationException($"{file}:{e.Start.Line}: not valid YAML: {reason}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The parser's own answers to text that ends or breaks inside a token; they name no place.
            throw new ConfigurationException($"{file}: not valid YAML: it breaks off inside a value; look for a stray control character");
        }
        if (stream.Documents.Count > 1)
            throw new ConfigurationException($"{file}:{stream.Documents[1].RootNode.Start.Line}: a second document; one file holds one");
        return stream.Documents.Count > 0 ? new YamlMap(stream.Documents[0].RootNode, file, "") : new YamlMap(new YamlMappingNode(), file, "", 1);
    }
}

/// <summary>A parser that refuses what is nested so deeply that building nodes from it would use up the stack.</summary>
internal sealed class ShallowParser(IParser inner) : IParser
{
    private const int MaxDepth = 32;

    private int _depth;

    public ParsingEvent? Current => inner.Current;

    public bool MoveNext()
    {
        bool more = inner.MoveNext();
        _depth += inner.Current?.NestingIncrease ?? 0;
        // The stream and the document are a level each.
        return _depth <= MaxDepth + 2 ? more : throw new YamlException(inner.Current!.Start, inner.Current.End, $"nested more than {MaxDepth} levels deep");
    }
}

/// <summary>
/// One mapping of a YAML file. Read every key it may have, then call <see cref="RejectUnknown"/>.
/// </summary>
/// <remarks>Not thread-safe: it remembers which keys were asked for.</remarks>
public sealed class YamlMap
{
    private readonly YamlMappingNode _node;
    private readonly string _path;
    private readonly long _line;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Wraps a node; <paramref name="line"/> is where a mapping that is not in the file would stand.</summary>
    internal YamlMap(YamlNode node, string file, string path, long? line = null)
    {
        File = file;
        _path = path;
        _line = line ?? node.Start.Line;
        _node = node as YamlMappingNode
            ?? throw new ConfigurationException($"{file}:{_line}: {(path.Length == 0 ? "the file" : $"'{path}'")} must be a mapping (key: value)");
        if (_node.Children.Keys.FirstOrDefault(k => k is not YamlScalarNode) is { } key)
            throw new ConfigurationException($"{file}:{key.Start.Line}: a key must be a single value");
    }

    /// <summary>The file, as errors name it.</summary>
    public string File { get; }

    /// <summary>The keys that stand in the file.</summary>
    public IEnumerable<string> Keys => _node.Children.Keys.Select(k => ((YamlScalarNode)k).Value ?? "");

    /// <summary>True if the key stands in the file.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A number within a range, or the default where the key is absent.</summary>
    /// <exception cref="ConfigurationException">Not a number, not finite, or out of range.</exception>
    public double Number(string key, double fallback, double min = double.NegativeInfinity, double max = double.PositiveInfinity)
    {
        if (Find(key) is not { } node)
            return fallback;
        if (!double.TryParse(Scalar(node, key), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            throw Error(node, key, $"must be a number, not '{node}'");
        if (value < min || value > max)
            throw Error(node, key, string.Create(CultureInfo.InvariantCulture, $"is {value}, outside {min}..{max}"));
        return value;
    }

    /// <summary>A whole number within a range, or the default where the key is absent.</summary>
    public int Integer(string key, int fallback, int min = int.MinValue, int max = int.MaxValue)
    {
        double value = Number(key, fallback, min, max);
        return value == Math.Floor(value) ? (int)value : throw Error(key, "must be a whole number");
    }

    /// <summary>A flag (<c>true</c> or <c>false</c>), or the default where the key is absent.</summary>
    public bool Flag(string key, bool fallback)
    {
        if (Find(key) is not { } node)
            return fallback;
        return bool.TryParse(Scalar(node, key), out bool value) ? value : throw Error(node, key, $"must be true or false, not '{node}'");
    }

    /// <summary>A text, or the default where the key is absent.</summary>
    public string Text(string key, string fallback) => Find(key) is { } node ? Scalar(node, key) : fallback;

    /// <summary>A text that must be there.</summary>
    public string RequireText(string key) => Find(key) is { } node
        ? Scalar(node, key)
        : throw new ConfigurationException($"{File}:{_line}: '{Join(key)}' is missing");

    /// <summary>One of the listed words, or the default where the key is absent.</summary>
    public string Choice(string key, string fallback, params ReadOnlySpan<string> choices)
    {
        string value = Text(key, fallback);
        foreach (string choice in choices)
        {
            if (value == choice)
                return value;
        }
        throw Error(Find(key), key, $"is '{value}', must be one of {string.Join(", ", choices.ToArray())}");
    }

    /// <summary>A mapping inside this one; an empty one where the key is absent.</summary>
    public YamlMap Map(string key) => Find(key) is { } node ? new(node, File, Join(key)) : new(new YamlMappingNode(), File, Join(key), _line);

    /// <summary>A list of texts; empty where the key is absent.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        if (Find(key) is not { } node)
            return [];
        return node is YamlSequenceNode list
            ? [.. list.Children.Select(c => Scalar(c, key))]
            : throw Error(node, key, "must be a list");
    }

    /// <summary>A list of mappings; empty where the key is absent.</summary>
    public IReadOnlyList<YamlMap> Maps(string key)
    {
        if (Find(key) is not { } node)
            return [];
        return node is YamlSequenceNode list
            ? [.. list.Children.Select((child, i) => new YamlMap(child, File, $"{Join(key)}[{i}]"))]
            : throw Error(node, key, "must be a list");
    }

    /// <summary>Throws if the file has a key that nobody asked for.</summary>
    /// <exception cref="ConfigurationException">Names the key, its line and the nearest known ones.</exception>
    public void RejectUnknown()
    {
        foreach ((YamlNode key, _) in _node.Children)
        {
            string name = ((YamlScalarNode)key).Value ?? "";
            if (!_known.Contains(name))
                throw new ConfigurationException($"{File}:{key.Start.Line}: unknown key '{Join(name)}'; known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
        }
    }

    /// <summary>An error about a key of this mapping, with file and line.</summary>
    public ConfigurationException Error(string key, string what) => Error(Find(key), key, what);

    private ConfigurationException Error(YamlNode? node, string key, string what) => new($"{File}:{node?.Start.Line ?? _line}: '{Join(key)}' {what}");

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        return _node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? node) ? node : null;
    }

    private string Scalar(YamlNode node, string key) => node is YamlScalarNode { Value: { } text }
        ? text
        : throw Error(node, key, "must be a single value");

    private string Join(string key) => _path.Length == 0 ? key : $"{_path}.{key}";
}
