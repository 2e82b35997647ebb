using Legato.Music;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Observations;
using Legato.Sim.Tasks.Rewards;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Tests.Sim.Tasks;

/// <summary>Scenes, songs and tasks that the tests of a class share.</summary>
public sealed class Scenes : IDisposable
{
    /// <summary>Keys that <see cref="Pressing"/> holds down.</summary>
    public static readonly int[] Pressed = [33, 35, 52, 54];

    /// <summary>All 44 actuators.</summary>
    public PianoScene Full { get; } = PianoScene.Build(new SceneOptions());

    /// <summary>RoboPianist's 38 actuators.</summary>
    public PianoScene Reduced { get; } = PianoScene.Build(new SceneOptions { ActionSpace = ActionSpace.Reduced });

    /// <summary>Eleven steps: 39 (left first finger) in 2..9, 45 (right first finger) in 2..5, the pedal from 4 on.</summary>
    public static TaskSong Song { get; } = TaskSong.From(Notes([new ScoreNote(0.1, 0.5, 39, 80, Part: 6), new ScoreNote(0.1, 0.3, 45, 80, Part: 1)], new SustainChange(0.2, 127)));

    /// <summary>Eleven steps, the keys of <see cref="Pressed"/> in 2..9; no fingers.</summary>
    public static NoteTrajectory Chord { get; } = Notes([.. Pressed.Select(key => new ScoreNote(0.1, 0.5, key, 80))]);

    /// <summary>A task without any plan.</summary>
    public static TaskDefinition Plain { get; } = new()
    {
        Lookahead = 2,
        Observations = ["goal", "rh_shadow_hand/joints_pos", "lh_shadow_hand/joints_pos", "piano/keys", "piano/state"],
        Rewards = [new("key_press", 1)],
    };

    /// <summary>A task with every observation and every reward there is.</summary>
    public static TaskDefinition Everything { get; } = new()
    {
        Observations = ObservationKinds.Names,
        Rewards = [.. RewardKinds.Names.Select((name, i) => new RewardSettings(name, 0.1 * (i + 1)))],
        Action = new ActionSettings { Kind = ActionKind.Residual, Factor = 0.2 },
        RandomStart = 0.5,
    };

    public static PianoTask EverythingOf(PianoScene scene) =>
        new(Everything, scene, Song, Hold(scene, Song.Steps, Pressing), new TipTable(10, new double[30 * Song.Steps]));

    public static RigPool Rigs(PianoScene scene, params SimParameters[] parameters) => new(scene, parameters);

    public static NoteTrajectory Notes(ScoreNote[] notes, params SustainChange[] pedal) => NoteTrajectory.FromScore(new Score("test", notes, pedal));

    /// <summary>The same command in every row.</summary>
    public static PriorTable Hold(PianoScene scene, int steps, Func<string, double> target) =>
        new(scene.Actuators, [.. Enumerable.Repeat(scene.Actuators.Names.Select(target).Append(0), steps).SelectMany(row => row)]);

    /// <summary>A pose in which the hands, from where they start, press four keys.</summary>
    public static double Pressing(string actuator) =>
        actuator.EndsWith("WRJ1", StringComparison.Ordinal) ? 0.3 : actuator.EndsWith("FJ3", StringComparison.Ordinal) ? 1 : 0;

    /// <summary>The canonical action that sends a pose.</summary>
    public static float[] ActionTo(PianoTask task, PianoScene scene, Func<string, double> target)
    {
        var action = new float[task.Actions.Size];
        task.Actions.ToCanonical([.. scene.Actuators.Names.Select(target), 0], action);
        return action;
    }

    /// <summary>Some actions of the same numbers every time.</summary>
    public static void Fill(Span<float> actions, int seed)
    {
        var random = new Random(seed);
        foreach (ref float a in actions)
            a = (float)((2 * random.NextDouble()) - 1);
    }

    public void Dispose()
    {
        Full.Dispose();
        Reduced.Dispose();
    }
}
