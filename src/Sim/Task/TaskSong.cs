using System.Collections.Immutable;

using Legato.Music;
using Legato.Sim.Piano;

namespace Legato.Sim.Tasks;

/// <summary>A key and the finger that should press it.</summary>
/// <param name="Key">0..87.</param>
/// <param name="Finger">0..4 right thumb to little finger, 5..9 left (<see cref="ScoreNote.Part"/>).</param>
public readonly record struct FingeredKey(int Key, int Finger);

/// <summary>What a task asks for in every control step: keys, pedal and, where it is known, fingers; a silent lead-in first.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class TaskSong
{
    /// <summary>Numbers per step of a goal: the 88 keys, then the pedal.</summary>
    public const int GoalSize = PianoGeometry.KeyCount + 1;

    private readonly UInt128[] _keys;
    private readonly bool[] _pedal;
    private readonly ImmutableArray<FingeredKey>[]? _fingers;

    private TaskSong(UInt128[] keys, bool[] pedal, ImmutableArray<FingeredKey>[]? fingers, int leadIn) =>
        (_keys, _pedal, _fingers, LeadIn) = (keys, pedal, fingers, leadIn);

    /// <summary>Control steps, lead-in included.</summary>
    public int Steps => _keys.Length;

    /// <summary>Silent control steps before the song's first; they earn reward but are not scored.</summary>
    public int LeadIn { get; }

    /// <summary>Whether fingers are known.</summary>
    public bool HasFingering => _fingers is not null;

    /// <summary>Makes a task of a song. Its fingers are those of the notes, if they name more than one (RoboPianist's rule).</summary>
    /// <param name="trajectory">The song in control steps.</param>
    /// <param name="leadIn">Silent steps to put before it, 0 or more.</param>
    public static TaskSong From(NoteTrajectory trajectory, int leadIn = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leadIn);
        bool annotated = trajectory.Steps.SelectMany(step => step).Select(note => note.Fingering).Distinct().Take(2).Count() > 1;
        IEnumerable<ImmutableArray<FingeredKey>> fingers = trajectory.Steps.Select(step => step.Select(note => new FingeredKey(note.Key, note.Fingering)).ToImmutableArray());
        return new TaskSong(
            [.. new UInt128[leadIn], .. trajectory.ToKeyRoll().Steps],
            [.. new bool[leadIn], .. trajectory.Sustain.Select(s => s != 0)],
            annotated ? [.. Enumerable.Repeat(ImmutableArray<FingeredKey>.Empty, leadIn), .. fingers] : null,
            leadIn);
    }

    /// <summary>The same song with the fingers that a plan chose.</summary>
    /// <param name="presses">Key, finger, and the control steps from <c>Start</c> up to but without <c>End</c>, counted from the song's first; what lies outside the song is left out.</param>
    public TaskSong WithFingering(IEnumerable<(FingeredKey Key, int Start, int End)> presses)
    {
        var fingers = new List<FingeredKey>[Steps];
        for (int t = 0; t < Steps; t++)
            fingers[t] = [];
        foreach ((FingeredKey key, int start, int end) in presses)
        {
            if (key.Finger is < 0 or > 9)
                throw new ArgumentException($"Finger {key.Finger}: expected 0..9.", nameof(presses));
            for (int t = Math.Max(0, start) + LeadIn; t < Math.Min(Steps, end + LeadIn); t++)
                fingers[t].Add(key);
        }
        return new TaskSong(_keys, _pedal, [.. fingers.Select(f => f.ToImmutableArray())], LeadIn);
    }

    /// <summary>Keys to be down at the end of a step: bit k is key k. None before and after the song.</summary>
    public UInt128 Keys(int step) => (uint)step < (uint)_keys.Length ? _keys[step] : 0;

    /// <summary>Whether the pedal is to be down in a step.</summary>
    public bool Pedal(int step) => (uint)step < (uint)_pedal.Length && _pedal[step];

    /// <summary>Who is to press what in a step; empty where it is not known.</summary>
    public ReadOnlySpan<FingeredKey> Fingers(int step) => _fingers is not null && (uint)step < (uint)_fingers.Length ? _fingers[step].AsSpan() : [];
}
