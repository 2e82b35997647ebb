using Legato.Music;
using Legato.Policy.Feedback;
using Legato.Policy.Fingering;
using Legato.Sim.Scene;

namespace Legato.Policy.Planning;

/// <summary>A plan: position targets and pedal for every control step, lead-in first, and how well it played in the simulator.</summary>
public sealed record SongPlan
{
    /// <summary>Name of the song.</summary>
    public required string Song { get; init; }

    /// <summary>Position targets, lead-in first.</summary>
    public required CommandTable Commands { get; init; }

    /// <summary>Pedal for each row of <see cref="Commands"/>, 0 or 1.</summary>
    public required IReadOnlyList<double> Pedal { get; init; }

    /// <summary>Rows before the song's first step.</summary>
    public required int LeadIn { get; init; }

    /// <summary>Whether it is to be corrected while it is played, by what is heard and felt (<see cref="ToPlayer"/>).</summary>
    public bool Feedback { get; init; }

    /// <summary>Where the plan's own roll-out had every actuator's joints at the end of each step, rows and columns as <see cref="Commands"/>; null if that is not known.</summary>
    public CommandTable? Motion { get; init; }

    /// <summary>What sounded in the plan's own roll-out; null if that is not known.</summary>
    public IReadOnlyList<SoundedKey>? Sounds { get; init; }

    /// <summary>Score of the plan's own roll-out.</summary>
    public required PerformanceScore Score { get; init; }

    /// <summary>Mean F1 with gains, damping and springs a few percent off; null if there was no time to try.</summary>
    public required double? RobustF1 { get; init; }

    /// <summary>Who plays what.</summary>
    public required FingeringPlan Fingering { get; init; }

    /// <summary>The fingering strategy that won.</summary>
    public required string Strategy { get; init; }

    /// <summary>Identifies the options that it was planned with; see <see cref="PlannerOptions.Hash"/>.</summary>
    public required string OptionsHash { get; init; }

    /// <summary>True if neither the budget nor a stop cut planning short.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Wall-clock time of planning, s; of all calls together if the plan was continued.</summary>
    public required double Seconds { get; init; }

    /// <summary>Control steps simulated while planning, of all calls together.</summary>
    public required long EnvSteps { get; init; }

    /// <summary>Whoever plays it corrected by what is heard and felt.</summary>
    /// <param name="fingers">Of the scene that it is for.</param>
    /// <param name="model">Of this plan (<see cref="FeedbackModel.Of"/>).</param>
    public PlayingFeedback ToPlayer(IReadOnlyList<FingerSite> fingers, FeedbackModel model) => new(Commands, Fingering.Presses, LeadIn, fingers, model);

    /// <summary>Throws unless it is a plan of this song for a scene with these actuators and fingers.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    internal void RequireFits(PianoScene scene, PlannerOptions options, NoteTrajectory trajectory)
    {
        if (LeadIn != options.LeadIn || Commands.Steps != options.LeadIn + trajectory.Count || !Commands.Actuators.Equals(scene.Actuators))
            throw new ArgumentException($"The plan of '{Song}' has other steps or actuators than this song in this scene.");
        if (Fingering.Presses.Any(p => p.Finger >= scene.Fingers.Count))
            throw new ArgumentException($"The plan of '{Song}' names fingers that this scene lacks.");
    }
}

/// <summary>A key that sounds for a while. The song's first control step is 0, the lead-in's are negative.</summary>
/// <param name="Key">0..87.</param>
/// <param name="Start">The control step at whose end it is heard first.</param>
/// <param name="End">The first at whose end it is no longer heard; the song's length if it is heard to the end.</param>
public sealed record SoundedKey(int Key, int Start, int End);
