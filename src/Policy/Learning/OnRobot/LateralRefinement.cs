using Legato.Music;
using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Policy.Planning;
using Legato.Policy.Refinement;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Policy.Learning.OnRobot;

/// <summary>HandelBot's refinement on the robot: a finger that hits a neighbour of its key moves to the other side, chunk by chunk of the song, less and less.</summary>
/// <remarks>
/// Source: HandelBot (arXiv 2603.12243), lateral refinement, and the published fork of its code. There corrections are angles of the lateral joint;
/// here they are metres along the keyboard, which the Jacobian of the planned pose turns into angles of J4, so that a hand of either side moves the
/// right way. Fingers with a J4 take part; the thumb has none. One thread at a time.
/// </remarks>
public sealed class LateralRefinement
{
    /// <summary>Control steps that share a correction.</summary>
    public const int Chunk = 2;

    /// <summary>Largest correction, rad.</summary>
    public const double Largest = 0.22;

    // Control steps, from a chunk's first on, whose keys count for it.
    private const int Look = 6;

    // A correction, m, when only the wrong key sounded, and when the right one sounded too: 0.3 and 0.15 of a white key.
    private const double Alone = 0.0068, Together = 0.0034;

    // What the fingers beside it get, what a change of mind leaves, how fast corrections shrink from performance to performance.
    private const double Beside = 0.3, Turned = 0.7, Annealing = 0.05;

    // Semitones: a key further away was hit by another finger.
    private const int Nearby = 6;

    // m/rad: an outstretched finger has 0.1; with less a correction would be a leap.
    private const double LeastSlope = 0.03;

    private readonly PianoScene _scene;
    private readonly SongPlan _plan;
    private readonly KeyRoll _truth;
    private readonly int[] _drives;
    private readonly FingeredPress?[] _next;
    private readonly double[] _slopes, _angles, _gains, _last;
    private int _performances;

    /// <summary>Prepares.</summary>
    /// <param name="scene">The hands.</param>
    /// <param name="plan">What to correct.</param>
    /// <param name="trajectory">The song.</param>
    public LateralRefinement(PianoScene scene, SongPlan plan, NoteTrajectory trajectory)
    {
        (_scene, _plan, _truth) = (scene, plan, trajectory.ToKeyRoll());
        Chunks = (plan.Commands.Steps + Chunk - 1) / Chunk;
        int size = Chunks * scene.Fingers.Count;
        (_slopes, _angles, _gains, _last, _next) = (new double[size], new double[size], new double[size], new double[size], new FingeredPress?[size]);
        Array.Fill(_gains, 1);
        _drives = [.. scene.Fingers.Select(f => f.Digit == 0 ? -1 : scene.Actuators.IndexOf(f.Side.Prefix() + "A_" + f.DigitName + "J4"))];
        FindSlopes();
        foreach (FingeredPress played in plan.Fingering.Presses.Reverse())
        {
            for (int c = Math.Max(0, (plan.LeadIn + played.Press.Start - Look + 1) / Chunk); c * Chunk < plan.LeadIn + played.Press.End && c < Chunks; c++)
                _next[Place(c, played.Finger)] = played;
        }
    }

    /// <summary>Chunks of the song, lead-in included.</summary>
    public int Chunks { get; }

    /// <summary>What the last performance said: −1 or +1 for a smaller or greater angle of a finger's J4 in a chunk, 0 for nothing.</summary>
    public int Direction(int chunk, int finger) => Math.Sign(_last[Place(chunk, finger)]);

    /// <summary>The plan with the corrections so far, within the control ranges.</summary>
    public CommandTable Corrected()
    {
        CommandTable commands = _plan.Commands.Clone();
        for (int t = 0; t < commands.Steps; t++)
        {
            for (int f = 0; f < _drives.Length; f++)
            {
                if (_drives[f] is >= 0 and int a)
                    commands[t][a] = Math.Clamp(commands[t][a] + _angles[Place(t / Chunk, f)], _scene.ControlLow[a], _scene.ControlHigh[a]);
            }
        }
        return commands;
    }

    /// <summary>Corrects by what sounded.</summary>
    /// <param name="trace">A performance of <see cref="Corrected"/>, lead-in included.</param>
    public void Learn(RolloutTrace trace)
    {
        double anneal = Math.Exp(-Annealing * _performances++);
        Array.Clear(_last);
        for (int c = 0; c < Chunks; c++)
        {
            for (int f = 0; f < _drives.Length; f++)
            {
                if (_next[Place(c, f)] is not { } played || Away(trace, c, played) is not { } move)
                    continue;
                Turn(c, f, move * anneal);
                foreach (int beside in (int[])[f - 1, f + 1])
                {
                    if (beside >= 0 && beside < _drives.Length && _scene.Fingers[beside].Side == _scene.Fingers[f].Side && _next[Place(c, beside)] is null)
                        Turn(c, beside, Beside * move * anneal);
                }
            }
        }
    }

    /// <summary>Forgets the corrections for those of another performance.</summary>
    public void Restore(double[] angles) => angles.CopyTo(_angles, 0);

    /// <summary>The corrections so far, rad, chunk by chunk and finger by finger: a copy.</summary>
    public double[] Save() => [.. _angles];

    // Metres along the keyboard, away from the wrong key that is nearest; null if none sounded.
    private double? Away(RolloutTrace trace, int chunk, FingeredPress played)
    {
        int key = played.Press.Key, nearest = -1;
        bool right = false;
        for (int t = Math.Max(_plan.LeadIn, chunk * Chunk); t < Math.Min(trace.Steps, (chunk * Chunk) + Look); t++)
        {
            for (int k = Math.Max(0, key - Nearby); k <= Math.Min(PianoGeometry.KeyCount - 1, key + Nearby); k++)
            {
                if (!trace.Keys(t)[k])
                    continue;
                right |= k == key;
                if (!_truth[t - _plan.LeadIn, k] && (nearest < 0 || Math.Abs(k - key) < Math.Abs(nearest - key)))
                    nearest = k;
            }
        }
        return nearest < 0 || nearest == key ? null : (right ? Together : Alone) * Math.Sign(key - nearest);
    }

    private void Turn(int chunk, int finger, double metres)
    {
        int at = Place(chunk, finger);
        if (_drives[finger] < 0 || Math.Abs(_slopes[at]) < LeastSlope)
            return;
        double angle = metres / _slopes[at];
        if (angle * _angles[at] < 0)
            _gains[at] *= Turned;
        _last[at] = angle;
        _angles[at] = Math.Clamp(_angles[at] + (_gains[at] * angle), -Largest, Largest);
    }

    private void FindSlopes()
    {
        using var kinematics = new HandKinematics(_scene);
        Span<double> jacobian = stackalloc double[3];
        for (int c = 0; c < Chunks; c++)
        {
            kinematics.SetPose(_plan.Commands[c * Chunk]);
            for (int f = 0; f < _drives.Length; f++)
            {
                if (_drives[f] < 0)
                    continue;
                kinematics.TipJacobian(f, [_drives[f]], jacobian);
                _slopes[Place(c, f)] = jacobian[1];
            }
        }
    }

    private int Place(int chunk, int finger) => (chunk * _drives.Length) + finger;
}
