namespace Legato.Music;

/// <summary>A key that a control step asks for.</summary>
/// <param name="Key">0..87.</param>
/// <param name="Velocity">1..127.</param>
/// <param name="Fingering">The note's <see cref="ScoreNote.Part"/>.</param>
public readonly record struct TrajectoryNote(int Key, int Velocity, int Fingering);

/// <summary>
/// A score cut into control steps: which keys are to be down in each, and the pedal. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// As RoboPianist 1.0.10 makes it, step by step: a note is down from floor(start/dt) up to ceil(end/dt); where a key
/// that was down gets a new note, its first step is left out, which marks the repetition; a whole total time
/// brings one silent step at the end.
/// </remarks>
public sealed class NoteTrajectory
{
    /// <summary>Control period of RoboPianist and of the robot, seconds.</summary>
    public const double DefaultTimeStep = 0.05;

    /// <summary>Longest score, seconds: half a day. More is a damaged file.</summary>
    public const double MaxDuration = 12 * 3600;

    private readonly TrajectoryNote[][] _steps;
    private readonly byte[] _sustain;

    private NoteTrajectory(double dt, TrajectoryNote[][] steps, byte[] sustain)
    {
        TimeStep = dt;
        _steps = steps;
        _sustain = sustain;
    }

    /// <summary>Length of a step, seconds.</summary>
    public double TimeStep { get; }

    /// <summary>Number of steps.</summary>
    public int Count => _steps.Length;

    /// <summary>Per step the keys to hold down, in ascending order.</summary>
    public IReadOnlyList<IReadOnlyList<TrajectoryNote>> Steps => _steps;

    /// <summary>Per step 1 if the pedal is to be down, else 0.</summary>
    public IReadOnlyList<byte> Sustain => _sustain;

    /// <summary>Cuts a score into steps.</summary>
    /// <param name="score">The score.</param>
    /// <param name="dt">Length of a step, seconds, above 0.</param>
    /// <exception cref="InputException">The score lasts longer than <see cref="MaxDuration"/>.</exception>
    public static NoteTrajectory FromScore(Score score, double dt = DefaultTimeStep)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dt);
        double total = score.TotalTime;
        if (total > MaxDuration)
            throw new InputException($"{score.SourcePath ?? score.Name}: lasts {total / 3600:F0} hours; expected at most {MaxDuration / 3600:F0}, the file's times are damaged");

        double rate = 1 / dt;
        int count = (int)((total * rate) + 1);
        var steps = new List<TrajectoryNote>[count];
        for (int i = 0; i < count; i++)
            steps[i] = [];
        foreach (IGrouping<int, ScoreNote> key in score.Notes.GroupBy(n => n.Key).OrderBy(g => g.Key))
            PaintKey(key.Key, key.OrderBy(n => n.Start), rate, steps);
        return new NoteTrajectory(dt, [.. steps.Select(s => s.ToArray())], PaintSustain(score, rate, count));
    }

    /// <summary>The trajectory with silence before it: round(seconds/dt) steps with the pedal up.</summary>
    public NoteTrajectory WithInitialBuffer(double seconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        int buffer = (int)Math.Round(seconds / TimeStep, MidpointRounding.ToEven);
        return new NoteTrajectory(TimeStep, [.. Enumerable.Repeat(Array.Empty<TrajectoryNote>(), buffer), .. _steps], [.. new byte[buffer], .. _sustain]);
    }

    /// <summary>The keys and the pedal without velocities and fingers.</summary>
    public KeyRoll ToKeyRoll() => KeyRoll.Create(TimeStep, _steps.Select(s => s.Select(n => n.Key)), _sustain);

    private static void PaintKey(int key, IEnumerable<ScoreNote> notes, double rate, List<TrajectoryNote>[] steps)
    {
        var velocity = new byte[steps.Length];
        var finger = new byte[steps.Length];
        var onset = new bool[steps.Length];
        foreach (ScoreNote note in notes)
        {
            int start = Math.Min((int)(note.Start * rate), steps.Length - 1);
            int end = Math.Clamp((int)Math.Ceiling(note.End * rate), start + 1, steps.Length);
            // A later note overwrites what an earlier one left of its steps.
            velocity.AsSpan(start..end).Fill((byte)note.Velocity);
            finger.AsSpan(start..end).Fill((byte)note.Part);
            onset[start] = true;
        }
        for (int i = 0; i < steps.Length; i++)
        {
            bool isRepetition = i > 0 && velocity[i - 1] > 0 && onset[i];
            if (velocity[i] > 0 && !isRepetition)
                steps[i].Add(new TrajectoryNote(key, velocity[i], finger[i]));
        }
    }

    private static byte[] PaintSustain(Score score, double rate, int count)
    {
        var last = new int?[count];
        foreach (SustainChange change in score.Sustain)
        {
            if (change.Time * rate < count)
                last[(int)(change.Time * rate)] = change.Value;
        }
        var sustain = new byte[count];
        for (int i = 0; i < count; i++)
            sustain[i] = last[i] is { } value ? (byte)(value >= Score.PedalDown ? 1 : 0) : i > 0 ? sustain[i - 1] : (byte)0;
        return sustain;
    }
}
