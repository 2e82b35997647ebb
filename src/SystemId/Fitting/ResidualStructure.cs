namespace Legato.SystemId.Fitting;

/// <summary>What is known of residuals before they are computed: which belong together, and which a variable cannot move.</summary>
/// <remarks>Immutable as long as nobody changes its lists; thread-safe then.</remarks>
public sealed record ResidualStructure
{
    /// <summary>
    /// For each residual the number of the stretch of data that it comes from. Errors of the model last within a stretch: intervals then also
    /// reckon with the scatter between stretches. Empty: nothing is known.
    /// </summary>
    public IReadOnlyList<int> Stretches { get; init; } = [];

    /// <summary>For each residual the number of the part of the system that it measures. Empty: no part is told from another.</summary>
    public IReadOnlyList<int> Parts { get; init; } = [];

    /// <summary>The parts that a variable moves, by its name; variables that are not here move all.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<int>> Moves { get; init; } = new Dictionary<string, IReadOnlySet<int>>();

    /// <summary>
    /// How the residuals change with what is not fitted and not known: one row for each of several equally likely cases. Intervals reckon with them (Schmidt's
    /// consider parameters; Tapley, Schutz, Born, Statistical Orbit Determination, 2004, 6). Empty: everything else is known.
    /// </summary>
    public IReadOnlyList<double[]> Doubts { get; init; } = [];

    /// <summary>The same with doubts of several sources, which are independent: what they do to estimates adds up.</summary>
    /// <param name="sources">Of each source the cases; those with a number that is not finite, of a simulation that broke down, are left out.</param>
    internal ResidualStructure Doubting(params IReadOnlyList<IReadOnlyList<double[]>> sources)
    {
        double[][][] told = [.. sources.Select(cases => cases.Where(change => change.All(double.IsFinite)).ToArray())];
        int all = told.Sum(cases => cases.Length);
        // Their mean is taken over all cases together.
        return this with { Doubts = [.. told.SelectMany(cases => cases.Select(change => Scaled(change, Math.Sqrt((double)all / cases.Length))))] };
    }

    /// <summary>Groups of variables that may be changed at once because no residual sees two of them (Curtis, Powell and Reid, 1974).</summary>
    internal int[][] Colours(IReadOnlyList<FitVariable> variables)
    {
        var colours = new List<(List<int> Variables, HashSet<int> Parts)>();
        for (int j = 0; j < variables.Count; j++)
        {
            bool isLocal = Parts.Count > 0 && Moves.ContainsKey(variables[j].Name);
            IReadOnlySet<int> own = isLocal ? Moves[variables[j].Name] : new HashSet<int>();
            int colour = isLocal ? colours.FindIndex(c => c.Parts.Count > 0 && !c.Parts.Overlaps(own)) : -1;
            if (colour < 0)
                colours.Add(([j], [.. own]));
            else
            {
                colours[colour].Variables.Add(j);
                colours[colour].Parts.UnionWith(own);
            }
        }
        return [.. colours.Select(c => c.Variables.ToArray())];
    }

    private static double[] Scaled(double[] values, double factor) => [.. values.Select(value => value * factor)];

    /// <summary>Sets to zero what the variable cannot have moved.</summary>
    internal void Mask(FitVariable variable, double[] column)
    {
        if (Parts.Count == 0 || !Moves.TryGetValue(variable.Name, out IReadOnlySet<int>? own))
            return;
        for (int i = 0; i < column.Length; i++)
        {
            if (!own.Contains(Parts[i]))
                column[i] = 0;
        }
    }
}
