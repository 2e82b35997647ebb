using Legato.Music;
using Legato.Policy.Kinematics;
using Legato.Sim.Drives;
using Legato.Sim.Scene;

namespace Legato.Policy.Refinement;

/// <summary>The recording of a whole song in a scene, played as far as it is asked for.</summary>
/// <remarks>
/// What follows its end, if it was cut, is what was played last: often near enough to look for faults' remedies. One thread at a time.
/// </remarks>
internal sealed class SongTape : IDisposable
{
    private readonly HandKinematics _kinematics;
    private readonly DrivenWorld _world;
    private readonly SongCost _cost;
    private readonly Recording _recording;

    public SongTape(PianoScene scene, HandKinematics kinematics, SongCost cost)
    {
        (_kinematics, _cost) = (kinematics, cost);
        _world = new DrivenWorld(scene);
        _recording = NewRecording(cost.Steps);
        _recording.Begin(_world);
    }

    /// <summary>Control steps simulated so far.</summary>
    public long EnvSteps { get; private set; }

    /// <summary>Steps that are on the tape, and true.</summary>
    public int Length { get; private set; }

    /// <summary>Keys that had been heard to be down by the end of a step.</summary>
    public UInt128 Down(int step) => _recording.Keys(step + 1).Down;

    /// <summary>Joint positions at the end of a step (order of the scene's joints).</summary>
    public ReadOnlySpan<double> Joints(int step) => _recording.Joints(step);

    /// <summary>Where a fingertip's centre was at the end of a step, m.</summary>
    public ReadOnlySpan<double> Tip(int step, int finger) => _recording.Tip(step, finger);

    /// <summary>A recording of as many steps of the same scene.</summary>
    public Recording NewRecording(int steps)
    {
        PianoScene scene = _world.World.Scene;
        return new Recording(steps, _world.StateSize, scene.Joints.Count, scene.Fingers.Count);
    }

    /// <summary>Forgets a step and all after it.</summary>
    public void CutAt(int step) => Length = Math.Min(Length, step);

    /// <summary>Plays, from where the tape ends, until all steps before <paramref name="end"/> are on it.</summary>
    public void PlayTo(int end, CommandTable commands)
    {
        if (Length >= end)
            return;
        _world.SetState(_recording.State(Length));
        for (; Length < end; Length++)
        {
            _world.StepControl(commands[Length]);
            EnvSteps++;
            KeyHistory keys = _recording.Keys(Length);
            SampleCost cost = _cost.Of(Length, _world, ref keys);
            _recording.Add(Length, _world, keys, cost, _kinematics);
        }
    }

    /// <summary>Copies steps of the tape to a recording's beginning.</summary>
    public void CopyTo(Recording recording, int start, int steps) => recording.CopyFrom(_recording, start, 0, steps);

    /// <summary>Ends the tape with steps that were played elsewhere, on from a step of it.</summary>
    /// <param name="recording">Its first steps are taken.</param>
    /// <param name="start">First of these steps in the song; at most the tape's length.</param>
    /// <param name="steps">How many.</param>
    public void Splice(Recording recording, int start, int steps)
    {
        _recording.CopyFrom(recording, 0, start, steps);
        Length = start + steps;
    }

    /// <summary>Score of the whole tape.</summary>
    public PerformanceScore Score(KeyRoll truth, int leadIn) => PerformanceScore.OfRolls(
        truth, KeyRoll.Create(SceneOptions.ControlPeriod, Enumerable.Range(leadIn, truth.Count).Select(t => KeyRoll.Keys(Down(t))), truth.Sustain.ToArray()));

    /// <inheritdoc/>
    public void Dispose() => _world.Dispose();
}
