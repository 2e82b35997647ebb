using Legato.Runtime.Calibration;
using Legato.Runtime.Experiments;
using Legato.SystemId.Excitation;
using Legato.SystemId.Parameters;

namespace Legato.Runtime.Improvement;

/// <summary>The motions for identification of a loop: the same in every round.</summary>
/// <param name="Excitation">Folder of those for the fit.</param>
/// <param name="HoldOut">Folder of those that judge it.</param>
public sealed record LoopMotions(string Excitation, string HoldOut)
{
    /// <summary>Longest motions for identification that a round may take, s.</summary>
    public const double LongestSeconds = 500;

    // Of the random motions; beyond those that planning compares with.
    private const int HoldOutSeed = 1000, PlanSeed = 0;

    /// <summary>Finds the motions of a loop, or plans them for the plain simulator: the rig is not known better when they are made.</summary>
    /// <param name="options">Where they lie and how long they take.</param>
    /// <param name="model">The robot's model, without parameters.</param>
    /// <param name="tell">Told what is going on.</param>
    /// <param name="stop">Stops; nothing half written stays.</param>
    /// <exception cref="InputException">Named motions are missing, damaged or another robot's; or nothing safe was found.</exception>
    public static LoopMotions FindOrPlan(WorkshopOptions options, RobotSetup model, IProgress<string> tell, CancellationToken stop)
    {
        var planner = new ExcitationPlanner(model.Scene.Options, model.Parameters, model.Limits, tell);
        string holdOut = FindOrMake(options, "hold-out", model, () => planner.Random(options.HoldOutSeconds, HoldOutSeed, stop));
        string excitation = options.Excitation ?? FindOrMake(options, "excitation", model, () =>
            planner.Plan(ParameterVector.Of(ExcitationChoice.Default, model.Parameters), options.ExcitationSeconds, [], PlanSeed, stop));
        return new LoopMotions(excitation, holdOut);
    }

    private static string FindOrMake(WorkshopOptions options, string name, RobotSetup model, Func<ExcitationPlan> make)
    {
        string folder = Path.Combine(options.Folder, name);
        if (!ExcitationBundle.Exists(folder))
            ExcitationBundle.Of(make(), model.Scene.Actuators, model.Parameters.Hash).Save(folder);
        return folder;
    }
}
