using Legato.Music;
using Legato.Policy.Feedback;
using Legato.Policy.Kinematics;
using Legato.Policy.Planning;
using Legato.Sim.Drives;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Policy.Refinement;

/// <summary>What happened in a roll-out: joints at the end of every control step, and the keys as they had been heard by then.</summary>
/// <remarks>Buffers are reused from roll-out to roll-out. One thread at a time.</remarks>
public sealed class RolloutTrace(int steps, int joints)
{
    private readonly double[] _joints = new double[steps * joints];
    private readonly bool[] _keys = new bool[steps * PianoGeometry.KeyCount];
    private readonly float[] _depths = new float[steps * PianoGeometry.KeyCount];

    /// <summary>Number of control steps.</summary>
    public int Steps => steps;

    /// <summary>False if keys are only known to be up or to sound.</summary>
    public bool HasDepths { get; private set; } = true;

    /// <summary>Joint positions at the end of a step (order of the scene's joints).</summary>
    public ReadOnlySpan<double> Joints(int step) => _joints.AsSpan(step * joints, joints);

    /// <summary>Which keys had been heard to be down by the end of a step.</summary>
    public ReadOnlySpan<bool> Keys(int step) => _keys.AsSpan(step * PianoGeometry.KeyCount, PianoGeometry.KeyCount);

    /// <summary>How far keys were down when they were listened to in a step, as fractions of their travel.</summary>
    public ReadOnlySpan<float> Depths(int step) => _depths.AsSpan(step * PianoGeometry.KeyCount, PianoGeometry.KeyCount);

    /// <summary>Takes a step from another trace of the same song.</summary>
    public void CopyStep(RolloutTrace other, int step)
    {
        HasDepths = other.HasDepths;
        other.Joints(step).CopyTo(_joints.AsSpan(step * joints, joints));
        other.Keys(step).CopyTo(_keys.AsSpan(step * PianoGeometry.KeyCount, PianoGeometry.KeyCount));
        other.Depths(step).CopyTo(_depths.AsSpan(step * PianoGeometry.KeyCount, PianoGeometry.KeyCount));
    }

    /// <summary>Sets a step from what a robot reported: its keys are either up or at their stops.</summary>
    /// <param name="step">Control step.</param>
    /// <param name="positions">Joint positions at its end (order of the scene's joints).</param>
    /// <param name="down">Keys that sounded at its end, a bit each.</param>
    public void Set(int step, ReadOnlySpan<double> positions, UInt128 down)
    {
        HasDepths = false;
        positions.CopyTo(_joints.AsSpan(step * joints, joints));
        for (int k = 0; k < PianoGeometry.KeyCount; k++)
        {
            bool isDown = (down >> k & 1) != 0;
            _keys[(step * PianoGeometry.KeyCount) + k] = isDown;
            _depths[(step * PianoGeometry.KeyCount) + k] = isDown ? 1 : 0;
        }
    }

    /// <summary>Plays a command table from the world's start and records it.</summary>
    /// <param name="rig">Where to play.</param>
    /// <param name="commands">What to play.</param>
    /// <param name="atStep">Called before each step; may throw to break off.</param>
    public void Record(DrivenWorld rig, CommandTable commands, Action<int>? atStep = null)
    {
        rig.Reset();
        for (int t = 0; t < steps; t++)
        {
            atStep?.Invoke(t);
            rig.StepControl(commands[t]);
            Keep(rig, t);
        }
    }

    /// <summary>Plays from the world's start, corrected by what is heard and felt, and records it. For a new trace.</summary>
    /// <param name="rig">Where to play.</param>
    /// <param name="player">Commands each step by what was heard and measured before it.</param>
    public void Record(DrivenWorld rig, PlayingFeedback player)
    {
        rig.Reset();
        var targets = new double[rig.World.Scene.Actuators.Count];
        UInt128 down = 0;
        for (int t = 0; t < steps; t++)
        {
            player.Act(t, down, t == 0 ? [] : Joints(t - 1), 0, targets);
            rig.StepControl(targets);
            // Nothing is heard of a simulation that has broken down.
            if (rig.World.Data.Diverged)
                break;
            Keep(rig, t);
            down = KeyRoll.Mask(Keys(t));
        }
    }

    /// <summary>Where every actuator's joints were at the end of each step.</summary>
    /// <param name="kinematics">Of the scene that was recorded.</param>
    public CommandTable Motion(HandKinematics kinematics)
    {
        var motion = new CommandTable(kinematics.Scene.Actuators, steps);
        for (int t = 0; t < steps; t++)
            kinematics.ToActuators(Joints(t), motion[t]);
        return motion;
    }

    /// <summary>What sounded, and how long.</summary>
    /// <param name="leadIn">Control steps before the song's first.</param>
    public IReadOnlyList<SoundedKey> Sounds(int leadIn)
    {
        var sounds = new List<SoundedKey>();
        for (int key = 0; key < PianoGeometry.KeyCount; key++)
        {
            int? since = null;
            for (int t = 0; t <= steps; t++)
            {
                bool down = t < steps && Keys(t)[key];
                if (!down && since is { } start)
                    sounds.Add(new SoundedKey(key, start - leadIn, t - leadIn));
                since = down ? since ?? t : null;
            }
        }
        return sounds;
    }

    /// <summary>The score of what was recorded after the lead-in. The pedal has no physics: it is where the song puts it.</summary>
    /// <param name="truth">The song.</param>
    public PerformanceScore Score(KeyRoll truth) =>
        PerformanceScore.OfRolls(truth, KeyRoll.Create(SceneOptions.ControlPeriod, Enumerable.Range(steps - truth.Count, truth.Count).Select(Down), truth.Sustain.ToArray()));

    private void Keep(DrivenWorld rig, int step)
    {
        rig.World.ReadJoints(_joints.AsSpan(step * joints, joints), []);
        rig.KeysHeard.CopyTo(_keys.AsSpan(step * PianoGeometry.KeyCount, PianoGeometry.KeyCount));
        for (int k = 0; k < PianoGeometry.KeyCount; k++)
            _depths[(step * PianoGeometry.KeyCount) + k] = (float)rig.KeyDepth(k);
    }

    private IEnumerable<int> Down(int step)
    {
        for (int k = 0; k < PianoGeometry.KeyCount; k++)
        {
            if (Keys(step)[k])
                yield return k;
        }
    }
}
