using Legato.Music;
using Legato.Policy;
using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Policy.Planning;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Tests.Policy;

/// <summary>The standard scene, its kinematics and its measured posture, made once for the tests of a class.</summary>
public sealed class Rig : IDisposable
{
    private readonly Dictionary<NoteTrajectory, SongPlan> _plans = [];

    public Rig()
    {
        Scene = PianoScene.Build(new SceneOptions());
        Kinematics = new HandKinematics(Scene);
        Posture = PlayingPosture.Measure(Kinematics, Style, new PostureOptions());
    }

    public PianoScene Scene { get; }

    public HandKinematics Kinematics { get; }

    public PlayingPosture Posture { get; }

    public KeystrokeStyle Style { get; } = new();

    /// <summary>One fingering only and no sampling, to be quick.</summary>
    public static PlannerOptions Quick { get; } = new() { Threads = 1, Sampling = null, Fingerings = [new BeamFingering(new FingeringCosts { Name = "no-thumb", Digit = [3, 0, 0, 0.05, 0.3] })] };

    /// <summary>Three seconds in C major for the right hand.</summary>
    public static NoteTrajectory Melody { get; } = Song((39, 0), (41, 0.5), (43, 1), (41, 1.5), (39, 2), (39, 2.5));

    public static NoteTrajectory Song(params (int Key, double Start)[] notes) =>
        NoteTrajectory.FromScore(new Score("melody", notes.Select(n => new ScoreNote(n.Start, n.Start + 0.5, n.Key, 80))));

    /// <summary>A rig that acts on every command a control step late.</summary>
    public static SimParameters LateByOneStep { get; } = SimParameters.Nominal.With("right_hand.delay", 0.05).With("left_hand.delay", 0.05).With("rails.delay", 0.05);

    /// <summary>What such a rig makes of commands, for one that acts at once: it begins with all joints at zero.</summary>
    public static CommandTable OneStepLater(CommandTable commands)
    {
        var late = new CommandTable(commands.Actuators, commands.Steps);
        for (int t = 1; t < commands.Steps; t++)
            commands[t - 1].CopyTo(late[t]);
        return late;
    }

    /// <summary>A quick plan, made once.</summary>
    public SongPlan Plan(NoteTrajectory song)
    {
        if (!_plans.TryGetValue(song, out SongPlan? plan))
            _plans[song] = plan = new SongPlanner(Scene, Quick).Plan("melody", song, null, TestContext.Current.CancellationToken);
        return plan;
    }

    public void Dispose()
    {
        Kinematics.Dispose();
        Scene.Dispose();
    }
}
