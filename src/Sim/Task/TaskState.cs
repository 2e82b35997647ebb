using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Sim.Tasks;

/// <summary>All that rewards and observations see of a control step: plain numbers that an environment fills in.</summary>
/// <remarks>
/// Rewards see the step just taken and how things really stand at its end, but for the keys, which are as they were heard: that is what
/// counts. Observations see the next step and what the rig reports. Joints, actuators and fingers are in the order of the scene's layouts.
/// One thread at a time.
/// </remarks>
public sealed class TaskState
{
    /// <summary>A state of zeros.</summary>
    /// <param name="scene">Gives the sizes; not kept.</param>
    /// <param name="song">What is to be played.</param>
    public TaskState(PianoScene scene, TaskSong song)
    {
        Song = song;
        int actuators = scene.Actuators.Count, joints = scene.Joints.Count, tips = 3 * scene.Fingers.Count;
        (Action, PreviousAction) = (new double[actuators + 1], new double[actuators + 1]);
        (Command, PreviousCommand) = (new double[actuators + 1], new double[actuators + 1]);
        (Power, TipPositions, ReportedTips) = (new double[actuators], new double[tips], new double[tips]);
        (ReportedPositions, ReportedVelocities) = (new double[joints], new double[joints]);
    }

    /// <summary>What is to be played.</summary>
    public TaskSong Song { get; }

    /// <summary>The control step: the one just taken for rewards, the one to be taken for observations.</summary>
    public int Step { get; set; }

    /// <summary>Steps taken in this episode before this one.</summary>
    public int EpisodeStep { get; set; }

    /// <summary>What the policy put out, clipped to −1..1; the pedal last.</summary>
    public double[] Action { get; }

    /// <summary>The same of the step before; zeros in an episode's first.</summary>
    public double[] PreviousAction { get; }

    /// <summary>What was sent: targets, rad or m, and the pedal, 0..1.</summary>
    public double[] Command { get; }

    /// <summary>The same of the step before; in an episode's first the targets that the drives held.</summary>
    public double[] PreviousCommand { get; }

    /// <summary>Reward of the last step; 0 at an episode's start.</summary>
    public double LastReward { get; set; }

    /// <summary>Whether the pedal is down: sent at 0.5 or more (RoboPianist's threshold).</summary>
    public bool PedalDown => Command[^1] >= 0.5;

    /// <summary>Keys heard to be down: bit k is key k.</summary>
    public UInt128 KeysDown { get; set; }

    /// <summary>Depth of each key when it was listened to, 0..1 of its travel.</summary>
    public double[] KeyDepths { get; } = new double[PianoGeometry.KeyCount];

    /// <summary>Where each key is to be touched: x, y, z in the world, m (RoboPianist: centre + 0.35 of half its length + 0.5 of half its height).</summary>
    public double[] KeyPoints { get; } = new double[3 * PianoGeometry.KeyCount];

    /// <summary>Fingertips: x, y, z in the world, m.</summary>
    public double[] TipPositions { get; }

    /// <summary>|force · velocity| of each actuator in the step's last physics step, W.</summary>
    public double[] Power { get; }

    /// <summary>Whether the hands touch each other.</summary>
    public bool HandsTouch { get; set; }

    /// <summary>Speed of each hand along the keyboard, m/s: right, left.</summary>
    public double[] RailSpeeds { get; } = new double[2];

    /// <summary>Joint positions as reported, rad or m.</summary>
    public double[] ReportedPositions { get; }

    /// <summary>How long before the step began they were measured, control steps; what a rig's reports lag behind otherwise is not in it.</summary>
    public double ReportAge { get; set; }

    /// <summary>Joint velocities as reported, rad/s or m/s.</summary>
    public double[] ReportedVelocities { get; }

    /// <summary>Fingertips where the reported joints would put them: x, y, z in the world, m.</summary>
    public double[] ReportedTips { get; }

    /// <summary>Keys observed to be down: as heard or, privileged, as they are.</summary>
    public UInt128 ReportedKeys { get; set; }

    /// <summary>Depths that belong to <see cref="ReportedKeys"/>.</summary>
    public double[] ReportedDepths { get; } = new double[PianoGeometry.KeyCount];
}
