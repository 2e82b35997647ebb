using System.Globalization;

using Legato.Sim.Parameters;
using Legato.SystemId.Fitting;

namespace Legato.SystemId.Parameters;

/// <summary>A choice of the simulator's parameters as a vector for solvers, with their priors and bounds.</summary>
/// <remarks>Immutable and thread-safe. Values are in the parameters' own units unless they are called scaled.</remarks>
public sealed class ParameterVector
{
    private readonly string[] _names;
    private readonly ParameterPrior[] _priors;

    private ParameterVector(ParameterDefinition[] definitions, ParameterPrior[] priors)
    {
        (Definitions, _priors) = (definitions, priors);
        _names = [.. definitions.Select(d => d.Name)];
        Variables = [.. definitions.Select((d, i) => new FitVariable(d.Name, d.Min, d.Max, priors[i].Sd) { PriorMean = priors[i].Mean, PriorSd = priors[i].Sd })];
    }

    /// <summary>Names in order, as in <see cref="ParameterSchema"/>.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Units, bounds and kinds, in order.</summary>
    public IReadOnlyList<ParameterDefinition> Definitions { get; }

    /// <summary>Priors, in order.</summary>
    public IReadOnlyList<ParameterPrior> Priors => _priors;

    /// <summary>The same as unknowns of a fit: bounds from the schema, scale and prior from the prior.</summary>
    public IReadOnlyList<FitVariable> Variables { get; }

    /// <summary>Number of parameters.</summary>
    public int Count => _names.Length;

    /// <summary>Chooses parameters, with priors around a rig's present ones.</summary>
    /// <param name="names">Names of parameters, each once.</param>
    /// <param name="around">The present parameters; their values are the priors' means.</param>
    /// <exception cref="InputException">There is no such parameter, or it stands twice.</exception>
    public static ParameterVector Of(IEnumerable<string> names, SimParameters around)
    {
        ParameterDefinition[] definitions = [.. names.Select(ParameterSchema.Find)];
        if (definitions.GroupBy(d => d.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
            throw new InputException($"parameter '{twice.Key}' is chosen twice; name it once");
        return new ParameterVector(definitions, [.. definitions.Select(d => ParameterPrior.Around(d, around))]);
    }

    /// <summary>The same with another prior for one parameter.</summary>
    /// <exception cref="InputException">The parameter is not part of this vector, or its mean lies outside its bounds.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The standard deviation is not positive.</exception>
    public ParameterVector WithPrior(string name, ParameterPrior prior)
    {
        int i = Array.IndexOf(_names, name);
        if (i < 0)
            throw new InputException($"no parameter '{name}' in this choice; it has {string.Join(", ", _names)}");
        ParameterDefinition d = Definitions[i];
        if (!(prior.Mean >= d.Min && prior.Mean <= d.Max))
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"prior mean {prior.Mean} of '{name}' is outside {d.Min}..{d.Max} {d.Unit}; choose one inside"));
        if (!(prior.Sd > 0))
            throw new ArgumentOutOfRangeException(nameof(prior), prior.Sd, $"standard deviation of '{name}' must be positive");
        ParameterPrior[] priors = [.. _priors];
        priors[i] = prior;
        return new ParameterVector([.. Definitions], priors);
    }

    /// <summary>The chosen parameters of one kind, in the same order; may be empty.</summary>
    public ParameterVector Only(ParameterKind kind)
    {
        int[] chosen = [.. Enumerable.Range(0, Count).Where(i => Definitions[i].Kind == kind)];
        return new ParameterVector([.. chosen.Select(i => Definitions[i])], [.. chosen.Select(i => _priors[i])]);
    }

    /// <summary>The same without one parameter; may be empty.</summary>
    public ParameterVector Without(string name)
    {
        int[] chosen = [.. Enumerable.Range(0, Count).Where(i => _names[i] != name)];
        return new ParameterVector([.. chosen.Select(i => Definitions[i])], [.. chosen.Select(i => _priors[i])]);
    }

    /// <summary>Their values in a set of parameters.</summary>
    public double[] Read(SimParameters parameters) => parameters.ToVector(_names);

    /// <summary>A set of parameters with these values; everything else stays as it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its bounds.</exception>
    /// <exception cref="ArgumentException">Not one value per parameter.</exception>
    public SimParameters Write(SimParameters parameters, ReadOnlySpan<double> values) => parameters.WithVector(_names, values);

    /// <summary>Values as distances from the priors' means in standard deviations.</summary>
    /// <exception cref="ArgumentException">Not one value per parameter.</exception>
    public double[] Scale(ReadOnlySpan<double> values)
    {
        var scaled = new double[Checked(values)];
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = (values[i] - _priors[i].Mean) / _priors[i].Sd;
        return scaled;
    }

    /// <summary>The inverse of <see cref="Scale"/>, cut at the bounds.</summary>
    /// <exception cref="ArgumentException">Not one value per parameter.</exception>
    public double[] Unscale(ReadOnlySpan<double> scaled)
    {
        var values = new double[Checked(scaled)];
        for (int i = 0; i < values.Length; i++)
            values[i] = Math.Clamp(_priors[i].Mean + (scaled[i] * _priors[i].Sd), Definitions[i].Min, Definitions[i].Max);
        return values;
    }

    private int Checked(ReadOnlySpan<double> values) => values.Length == Count
        ? Count
        : throw new ArgumentException($"{values.Length} values for {Count} parameters.", nameof(values));
}
