using System.Collections.Frozen;

namespace Legato.Sim;

/// <summary>Unit of one entry of a joint-space vector.</summary>
public enum JointUnit
{
    /// <summary>Angle in radians (hinges, and tendons over hinges).</summary>
    Radian,

    /// <summary>Length in metres (slides).</summary>
    Metre,

    /// <summary>A fraction in 0..1 (the sustain pedal).</summary>
    Fraction,
}

/// <summary>
/// Names, order and units of a joint-space vector. Every array that crosses a module border travels with one.
/// </summary>
/// <remarks>Immutable and thread-safe. Two layouts are equal when names, order and units are.</remarks>
public sealed class JointLayout : IEquatable<JointLayout>
{
    private readonly string[] _names;
    private readonly JointUnit[] _units;
    private readonly FrozenDictionary<string, int> _index;

    /// <summary>Creates a layout.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or a name is empty or stands twice.</exception>
    public JointLayout(IEnumerable<string> names, IEnumerable<JointUnit> units)
    {
        _names = [.. names];
        _units = [.. units];
        if (_names.Length != _units.Length)
            throw new ArgumentException($"{_names.Length} names but {_units.Length} units.", nameof(units));
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < _names.Length; i++)
        {
            if (string.IsNullOrEmpty(_names[i]))
                throw new ArgumentException($"Name {i} is empty.", nameof(names));
            if (!index.TryAdd(_names[i], i))
                throw new ArgumentException($"'{_names[i]}' stands twice in the layout.", nameof(names));
        }
        _index = index.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Number of entries.</summary>
    public int Count => _names.Length;

    /// <summary>Names in order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Units in the order of <see cref="Names"/>.</summary>
    public IReadOnlyList<JointUnit> Units => _units;

    /// <summary>Index of a name, or −1.</summary>
    public int IndexOf(string name) => _index.GetValueOrDefault(name, -1);

    /// <summary>Index of a name.</summary>
    /// <exception cref="InputException">The layout has no such name.</exception>
    public int Require(string name) => _index.TryGetValue(name, out int i)
        ? i
        : throw new InputException($"no joint or actuator '{name}' here; known: {string.Join(", ", _names)}");

    /// <inheritdoc/>
    public bool Equals(JointLayout? other) => other is not null
        && (ReferenceEquals(this, other) || (_names.AsSpan().SequenceEqual(other._names) && _units.AsSpan().SequenceEqual(other._units)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JointLayout);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (string name in _names)
            hash.Add(name, StringComparer.Ordinal);
        return hash.ToHashCode();
    }
}
