namespace Legato.SystemId.Excitation;

/// <summary>Where a block stands in a plan.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Kind">What it does.</param>
/// <param name="FirstStep">Its first control step.</param>
/// <param name="Steps">Its number of steps.</param>
/// <param name="Keys">Keys that it may touch, rising; none in free air.</param>
public sealed record PlannedBlock(string Label, ExcitationKind Kind, int FirstStep, int Steps, IReadOnlyList<int> Keys);

/// <summary>Blocks one after the other, and what they are expected to tell.</summary>
/// <param name="Targets">Position targets per control step, in the order of the rig's actuators; rad or m.</param>
/// <param name="Blocks">The blocks, in order and without gaps.</param>
/// <param name="Predicted">How well each parameter will be known.</param>
public sealed record ExcitationPlan(IReadOnlyList<double[]> Targets, IReadOnlyList<PlannedBlock> Blocks, IReadOnlyList<PredictedInterval> Predicted)
{
    /// <summary>Lines blocks up.</summary>
    /// <param name="blocks">Blocks that begin and end in the same pose.</param>
    /// <param name="predicted">What they are expected to tell.</param>
    public static ExcitationPlan Of(IReadOnlyList<ExcitationBlock> blocks, IReadOnlyList<PredictedInterval> predicted)
    {
        var planned = new List<PlannedBlock>();
        int first = 0;
        foreach (ExcitationBlock block in blocks)
        {
            planned.Add(new PlannedBlock(block.Label, block.Kind, first, block.Targets.Count, [.. block.Keys.Order()]));
            first += block.Targets.Count;
        }
        return new ExcitationPlan([.. blocks.SelectMany(block => block.Targets)], planned, predicted);
    }
}
