namespace Legato.Sim.Tasks.Observations;

/// <summary>Where one observation stands in the vector.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Start">Index of its first element.</param>
/// <param name="Length">Number of elements.</param>
public sealed record ObservationRange(string Name, int Start, int Length);

/// <summary>Names, order and places of what a policy observes: what a bundle records and a robot has to rebuild.</summary>
/// <remarks>
/// In the order of the names (ordinal), as RoboPianist's wrapper concatenates. Immutable and thread-safe; layouts are equal when
/// their ranges are.
/// </remarks>
public sealed class ObservationLayout : IEquatable<ObservationLayout>
{
    private readonly ObservationRange[] _ranges;

    /// <summary>Lays out observations.</summary>
    /// <param name="sizes">Name and number of elements of each, in any order.</param>
    /// <exception cref="ArgumentException">A name stands twice.</exception>
    public ObservationLayout(IEnumerable<KeyValuePair<string, int>> sizes)
    {
        var ranges = new List<ObservationRange>();
        foreach ((string name, int length) in sizes.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (ranges.Count > 0 && ranges[^1].Name == name)
                throw new ArgumentException($"'{name}' stands twice.", nameof(sizes));
            ranges.Add(new ObservationRange(name, Size, length));
            Size += length;
        }
        _ranges = [.. ranges];
    }

    /// <summary>Elements of the whole vector.</summary>
    public int Size { get; }

    /// <summary>The observations in order, without gaps.</summary>
    public IReadOnlyList<ObservationRange> Ranges => _ranges;

    /// <summary>The range of an observation.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    public ObservationRange this[string name] => Array.Find(_ranges, r => r.Name == name)
        ?? throw new InputException($"no observation '{name}' here; there are {string.Join(", ", _ranges.Select(r => r.Name))}");

    /// <summary>The part of an observation vector that belongs to a name.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    public ReadOnlySpan<float> Slice(ReadOnlySpan<float> vector, string name) => vector.Slice(this[name].Start, this[name].Length);

    /// <inheritdoc/>
    public bool Equals(ObservationLayout? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ObservationLayout);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Size, _ranges.Length);

    /// <summary>For people and logs: <c>goal[0..979) piano/keys[979..1067)</c>.</summary>
    public override string ToString() => string.Join(' ', _ranges.Select(r => $"{r.Name}[{r.Start}..{r.Start + r.Length})"));
}
