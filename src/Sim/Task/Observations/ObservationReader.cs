namespace Legato.Sim.Tasks.Observations;

/// <summary>Writes all observations of a task into one vector.</summary>
/// <remarks>Immutable and thread-safe; writing allocates nothing. A robot can fill a <see cref="TaskState"/> from its reports and use the same one.</remarks>
public sealed class ObservationReader
{
    private readonly ObservationPart[] _parts;

    /// <summary>A reader of these observations.</summary>
    /// <param name="names">Names from <see cref="ObservationKinds.Names"/>, in any order.</param>
    /// <param name="context">What they are made from.</param>
    /// <exception cref="InputException">A name is unknown, or what it shows is not there.</exception>
    public ObservationReader(IEnumerable<string> names, ObservationContext context)
    {
        ObservationPart[] parts = [.. names.Select(name => ObservationKinds.Create(name, context))];
        Layout = new ObservationLayout(parts.Select(p => KeyValuePair.Create(p.Name, p.Size)));
        _parts = [.. Layout.Ranges.Select(r => parts.Single(p => p.Name == r.Name))];
    }

    /// <summary>Where each observation stands.</summary>
    public ObservationLayout Layout { get; }

    /// <summary>Writes the vector.</summary>
    /// <param name="state">What there is to see.</param>
    /// <param name="vector">As many elements as the layout has.</param>
    public void Write(TaskState state, Span<float> vector)
    {
        for (int i = 0; i < _parts.Length; i++)
            _parts[i].Write(state, vector.Slice(Layout.Ranges[i].Start, Layout.Ranges[i].Length));
    }
}
