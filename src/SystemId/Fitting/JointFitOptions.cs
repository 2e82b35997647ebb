using Legato.Sim.Parameters;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Fitting;

/// <summary>What a fit of the drives determines, and what it takes the measurements to be worth.</summary>
public sealed record JointFitOptions
{
    private static readonly string[] DefaultKeys = ["gain", "damping", "friction", "armature", "offset"];

    /// <summary>Parameters that are fitted together, stage after stage; a last step fits those of all stages.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Stages { get; init; }

    /// <summary>Standard deviations of the measurements; they weigh the residuals.</summary>
    public EncoderNoise Noise { get; init; } = new();

    /// <summary>Length of the segments of multiple shooting, s. Default 4; each costs the time to settle in addition.</summary>
    public double SegmentLength { get; init; } = 4;

    /// <summary>
    /// Time in which a segment forgets errors of its start, s. Default 1: some four time constants of a slow drive. Less biases gain, damping and
    /// friction.
    /// </summary>
    public double Settle { get; init; } = 1;

    /// <summary>Most that is predicted of all records together, s; of more, those segments that together move all drives most. Default: all.</summary>
    public double MaxSeconds { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// Height of a fingertip above the keys below which it may touch them, m; its finger, wrist and rail are then left out. Default null: nothing is
    /// ever touched.
    /// </summary>
    public double? Clearance { get; init; }

    /// <summary>Threads at the most, 1 or more; each simulates a rig of its own.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Loss and tolerances of the last step. Default: Huber's loss, and an end once a step gains less than 10⁻⁴ of the cost.</summary>
    public FitOptions Solver { get; init; } = new()
    {
        Loss = RobustLoss.Huber(),
        MaxIterations = 20,
        DifferenceStep = 0.01,
        CentralDifferences = false,
        GradientTolerance = 1e-4,
        StepTolerance = 1e-3,
        CostTolerance = 1e-4,
    };

    /// <summary>One stage per group or drive with the usual parameters: gain, damping, friction, armature, offset.</summary>
    /// <param name="sections">Groups (<c>flexion</c>) or single drives (<c>rh_FFJ3</c>). Rails have no armature.</param>
    /// <exception cref="InputException">There is no such group or drive.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> StagesOf(IEnumerable<string> sections)
    {
        var stages = new List<IReadOnlyList<string>>();
        foreach (string section in sections)
        {
            string[] names = [.. ParameterSchema.Definitions.Where(d => d.Section == section && DefaultKeys.Contains(d.Key)).Select(d => d.Name)];
            if (names.Length == 0 || !(ParameterSchema.Groups.Contains(section) || ParameterSchema.Drives.Contains(section)))
                throw new InputException($"'{section}' is no group of drives and no drive; groups: {string.Join(", ", ParameterSchema.Groups)}");
            stages.Add(names);
        }
        return stages;
    }
}
