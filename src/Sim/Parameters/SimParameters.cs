using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using Legato.Sim.Configuration;

namespace Legato.Sim.Parameters;

/// <summary>
/// How one rig differs from the plain simulator: a value for every parameter of <see cref="ParameterSchema"/>.
/// </summary>
/// <remarks>
/// Immutable and thread-safe. Parameters that were never set have their default, those of single drives their group's
/// value. By name for people, as a vector (<see cref="ToVector"/>, <see cref="WithVector"/>) for solvers.
/// </remarks>
public sealed class SimParameters : IEquatable<SimParameters>
{
    // NaN where nothing is set; in the order of the schema.
    private readonly double[] _values;
    private readonly Lazy<string> _hash;

    private SimParameters(double[] values)
    {
        _values = values;
        _hash = new Lazy<string>(() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical()))));
    }

    /// <summary>The plain simulator: every parameter at its default.</summary>
    public static SimParameters Nominal { get; } = new([.. Enumerable.Repeat(double.NaN, ParameterSchema.Definitions.Count)]);

    /// <summary>SHA-256 over names and values of all parameters that differ from their defaults, in hexadecimal.</summary>
    public string Hash => _hash.Value;

    /// <summary>The parameters that differ from what would hold without them, in the order of the schema.</summary>
    public IEnumerable<KeyValuePair<string, double>> Differences
    {
        get
        {
            for (int i = 0; i < _values.Length; i++)
            {
                ParameterDefinition definition = ParameterSchema.Definitions[i];
                double fallback = definition.Inherits is { } group ? this[group] : definition.Default;
                if (!double.IsNaN(_values[i]) && _values[i] != fallback)
                    yield return new(definition.Name, _values[i]);
            }
        }
    }

    /// <summary>The value that holds for a parameter.</summary>
    /// <exception cref="InputException">There is no such parameter.</exception>
    public double this[string name]
    {
        get
        {
            int i = ParameterSchema.IndexOf(name);
            if (!double.IsNaN(_values[i]))
                return _values[i];
            ParameterDefinition definition = ParameterSchema.Definitions[i];
            return definition.Inherits is { } group ? this[group] : definition.Default;
        }
    }

    /// <summary>Reads a file; see <c>docs/parameters.md</c>.</summary>
    /// <exception cref="ConfigurationException">Unknown key, value out of range, or no YAML: one line with file and line.</exception>
    public static SimParameters Load(string path) => Read(StrictYaml.ReadFile(path));

    /// <summary>Reads a text; <paramref name="file"/> is the name that errors carry.</summary>
    /// <exception cref="ConfigurationException">As <see cref="Load"/>.</exception>
    public static SimParameters Parse(string text, string file) => Read(StrictYaml.Parse(text, file));

    /// <summary>Reads a mapping inside a file; rejects keys that are no parameters.</summary>
    /// <exception cref="ConfigurationException">As <see cref="Load"/>.</exception>
    public static SimParameters Read(YamlMap map)
    {
        double[] values = [.. Nominal._values];
        YamlMap drives = map.Map(ParameterSchema.DriveSection);
        foreach (IGrouping<string, ParameterDefinition> section in ParameterSchema.Definitions.GroupBy(d => d.Section, StringComparer.Ordinal))
        {
            YamlMap own = section.First().Inherits is null ? map.Map(section.Key) : drives.Map(section.Key);
            foreach (ParameterDefinition d in section)
            {
                if (own.Has(d.Key))
                    values[ParameterSchema.IndexOf(d.Name)] = own.Number(d.Key, d.Default, d.Min, d.Max);
            }
            own.RejectUnknown();
        }
        drives.RejectUnknown();
        map.RejectUnknown();
        return new SimParameters(values);
    }

    /// <summary>These parameters with one changed. A group's value does not touch drives that have their own.</summary>
    /// <exception cref="InputException">There is no such parameter.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the parameter's range.</exception>
    public SimParameters With(string name, double value) => WithVector([name], [value]);

    /// <summary>These parameters with several changed.</summary>
    /// <exception cref="InputException">There is no such parameter.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its parameter's range.</exception>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public SimParameters WithVector(IReadOnlyList<string> names, ReadOnlySpan<double> vector)
    {
        if (names.Count != vector.Length)
            throw new ArgumentException($"{names.Count} names but {vector.Length} values.", nameof(vector));
        double[] values = [.. _values];
        for (int k = 0; k < names.Count; k++)
        {
            int i = ParameterSchema.IndexOf(names[k]);
            ParameterDefinition definition = ParameterSchema.Definitions[i];
            if (!(vector[k] >= definition.Min && vector[k] <= definition.Max))
                throw new ArgumentOutOfRangeException(nameof(vector), vector[k], string.Create(CultureInfo.InvariantCulture, $"'{names[k]}' must be within {definition.Min}..{definition.Max} {definition.Unit}"));
            values[i] = vector[k];
        }
        return new SimParameters(values);
    }

    /// <summary>The values of the named parameters, in that order.</summary>
    /// <exception cref="InputException">There is no such parameter.</exception>
    public double[] ToVector(IReadOnlyList<string> names) => [.. names.Select(name => this[name])];

    /// <summary>What holds for a drive, for example <c>rh_FFJ3</c>.</summary>
    /// <exception cref="ArgumentException">There is no such drive.</exception>
    public DriveParameters Drive(string drive)
    {
        bool rail = ParameterSchema.GroupOf(drive) == "rails";
        return new DriveParameters(
            this[$"{drive}.gain"],
            this[$"{drive}.damping"],
            this[$"{drive}.friction"],
            rail ? 1 : this[$"{drive}.armature"],
            this[$"{drive}.offset"],
            rail ? 0 : this[$"{drive}.backlash"],
            rail ? 0 : this[$"{drive}.deadband"],
            this[$"{drive}.slew"]);
    }

    /// <summary>The file that <see cref="Load"/> reads: the parameters that differ from their defaults, with their units.</summary>
    public string ToYaml()
    {
        var text = new StringBuilder();
        bool inDrives = false;
        foreach (IGrouping<string, ParameterDefinition> section in Differences.Select(p => ParameterSchema.Find(p.Key)).GroupBy(d => d.Section, StringComparer.Ordinal))
        {
            bool isDrive = section.First().Inherits is not null;
            if (isDrive && !inDrives)
                text.Append(ParameterSchema.DriveSection).Append(":\n");
            inDrives = isDrive;
            string indent = isDrive ? "  " : "";
            text.Append(indent).Append(section.Key).Append(":\n");
            foreach (ParameterDefinition d in section)
                text.Append(CultureInfo.InvariantCulture, $"{indent}  {d.Key}: {this[d.Name]:R}{(d.Unit == "1" ? "" : $"  # {d.Unit}")}\n");
        }
        return text.Length > 0 ? text.ToString() : "{}\n";
    }

    /// <inheritdoc/>
    public bool Equals(SimParameters? other) => other is not null && Hash == other.Hash;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SimParameters);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode(StringComparison.Ordinal);

    private string Canonical() => string.Concat(Differences.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value:R}\n")));
}
