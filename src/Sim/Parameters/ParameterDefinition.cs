namespace Legato.Sim.Parameters;

/// <summary>What a parameter is about; identification treats the kinds in turn.</summary>
public enum ParameterKind
{
    /// <summary>Where things are: offsets of joints, pose of the piano, depth at which a key sounds.</summary>
    Geometry,

    /// <summary>How things move: gains, damping, friction, play.</summary>
    Dynamics,

    /// <summary>When things happen: delays and lags.</summary>
    Timing,
}

/// <summary>One parameter of the simulator.</summary>
/// <param name="Name">Dotted name: section and key of the YAML file, for example <c>wrist.gain</c> or <c>rh_FFJ3.gain</c>.</param>
/// <param name="Unit">Unit as written in documents; <c>1</c> for a scale.</param>
/// <param name="Default">The value that leaves the simulator as it is.</param>
/// <param name="Min">Smallest value allowed.</param>
/// <param name="Max">Largest value allowed.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Description">What it does, one sentence.</param>
public sealed record ParameterDefinition(string Name, string Unit, double Default, double Min, double Max, ParameterKind Kind, string Description)
{
    /// <summary>The group's parameter whose value holds while this one is not set; null for all but the parameters of single drives.</summary>
    public string? Inherits { get; init; }

    /// <summary>The part of the name before the dot.</summary>
    public string Section { get; } = Name[..Name.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>The part of the name behind the dot.</summary>
    public string Key { get; } = Name[(Name.IndexOf('.', StringComparison.Ordinal) + 1)..];
}
