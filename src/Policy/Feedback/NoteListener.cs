using Legato.Policy.Planning;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Policy.Feedback;

/// <summary>What was heard of the hands.</summary>
internal enum Sound
{
    /// <summary>A planned note sounds.</summary>
    Onset,

    /// <summary>A planned note that has sounded ends.</summary>
    Release,

    /// <summary>A key sounds that nobody is to play, beside one that a finger is to hold down.</summary>
    Neighbour,
}

/// <summary>Something that was heard of the hands.</summary>
/// <param name="Sound">What.</param>
/// <param name="Note">The planned note; for a neighbour, the one beside it.</param>
/// <param name="Late">Control steps after it was to be heard, or is heard where all is as planned; negative if before both. Of no meaning for a neighbour.</param>
/// <param name="Direction">For a neighbour, on which side of its note it lies: 1 towards larger y, −1 towards smaller.</param>
internal readonly record struct HeardNote(Sound Sound, PlannedNote Note, int Late, int Direction = 0);

/// <summary>Tells which of a plan's notes are heard, and what is heard beside them.</summary>
/// <remarks>
/// What a plan does where all is as planned says nothing of a rig: notes that are late or missing there, keys that come up early, neighbours that sound.
/// One thread at a time, steps in order; nothing is allocated after construction.
/// </remarks>
internal sealed class NoteListener
{
    // A note further from its time than this, in steps, is another one's or a mistake.
    private const int Early = 3, Late = 4;

    // A key that is struck again this soon is let go of in time or not at all.
    private const int AtOnce = 1;

    // Steps before a note's start from which its finger may have struck the key beside.
    private const int Approach = 2;

    // A neighbour is no further away than this, m: the next white key, or the one or two blacks beside it.
    private const double Beside = 0.025;

    private readonly PlannedNote[][] _notes = new PlannedNote[PianoGeometry.KeyCount][];
    private readonly Usual[][] _usual = new Usual[PianoGeometry.KeyCount][];
    private readonly List<int>[] _strays = new List<int>[PianoGeometry.KeyCount];
    private readonly int[] _next = new int[PianoGeometry.KeyCount], _held = new int[PianoGeometry.KeyCount];
    private readonly HeardNote[] _heard = new HeardNote[PianoGeometry.KeyCount * 2];
    private UInt128 _down;
    private int _count;

    /// <summary>Prepares to listen.</summary>
    /// <param name="notes">Who plays what.</param>
    /// <param name="sounds">What is heard where all is as planned; null if every note is heard in time.</param>
    public NoteListener(IEnumerable<PlannedNote> notes, IEnumerable<SoundedKey>? sounds)
    {
        ILookup<int, PlannedNote> perKey = notes.ToLookup(n => n.Key);
        for (int k = 0; k < _notes.Length; k++)
        {
            _notes[k] = [.. perKey[k].OrderBy(n => n.Start)];
            _usual[k] = [.. _notes[k].Select(_ => new Usual(0, 0))];
            _strays[k] = [];
        }
        if (sounds is not null)
            Learn(sounds.ToLookup(s => s.Key));
    }

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        Array.Clear(_next);
        Array.Fill(_held, -1);
        _down = 0;
    }

    /// <summary>What is new at the end of a step; valid until the next call.</summary>
    /// <param name="step">The step.</param>
    /// <param name="down">Keys that sound at its end, a bit each.</param>
    public ReadOnlySpan<HeardNote> Hear(int step, UInt128 down)
    {
        _count = 0;
        UInt128 changed = down ^ _down;
        _down = down;
        for (; changed != 0; changed &= changed - 1)
        {
            int key = (int)UInt128.TrailingZeroCount(changed);
            if ((down >> key & 1) != 0)
                HearOnset(key, step);
            else
                HearRelease(key, step);
        }
        return _heard.AsSpan(0, _count);
    }

    private void HearOnset(int key, int step)
    {
        PlannedNote[] own = _notes[key];
        ref int next = ref _next[key];
        while (next < own.Length && own[next].Start < step - Late)
            next++;
        _held[key] = -1;
        if (next < own.Length && own[next].Start <= step + Early)
        {
            if (_usual[key][next].Onset is { } usual)
                _heard[_count++] = new HeardNote(Sound.Onset, own[next], Beyond(step - own[next].Start, usual));
            _held[key] = next++;
        }
        else if ((next == 0 || step > own[next - 1].End + AtOnce) && !IsStray(key, step))
        {
            HearNeighbour(key, step);
        }
    }

    private bool IsStray(int key, int step)
    {
        foreach (int stray in _strays[key])
        {
            if (stray >= step - Late && stray <= step + Early)
                return true;
        }
        return false;
    }

    private void HearRelease(int key, int step)
    {
        int held = _held[key];
        _held[key] = -1;
        if (held < 0)
            return;
        PlannedNote[] own = _notes[key];
        int late = step - own[held].End;
        bool isStruckAgain = held + 1 < own.Length && own[held + 1].Start <= own[held].End + AtOnce;
        if (!isStruckAgain && late <= Late && _usual[key][held].Release is { } usual)
            _heard[_count++] = new HeardNote(Sound.Release, own[held], Beyond(late, usual));
    }

    // Between its own time and the usual one nothing is amiss.
    private static int Beyond(int late, int usual) => late - Math.Clamp(late, Math.Min(0, usual), Math.Max(0, usual));

    // Listens to what is usual, key by key.
    private void Learn(ILookup<int, SoundedKey> sounds)
    {
        Reset();
        for (int key = 0; key < _notes.Length; key++)
        {
            var usual = new Usual[_notes[key].Length];
            foreach (SoundedKey sound in sounds[key].OrderBy(s => s.Start))
            {
                _count = 0;
                HearOnset(key, sound.Start);
                int note = _held[key];
                if (note < 0)
                {
                    _strays[key].Add(sound.Start);
                    continue;
                }
                int onset = _heard[0].Late;
                _count = 0;
                HearRelease(key, sound.End);
                usual[note] = new Usual(onset, _count > 0 ? _heard[0].Late : null);
            }
            _usual[key] = usual;
        }
    }

    // Whoever presses a key beside it has missed to that side; a hand that may have missed to either side says nothing.
    private void HearNeighbour(int key, int step)
    {
        Span<int> towards = [0, 0];
        Span<PlannedNote> beside = stackalloc PlannedNote[towards.Length];
        Span<bool> isClear = [true, true];
        double y = PianoGeometry.Keys[key].Y;
        for (int k = Math.Max(0, key - 2); k <= Math.Min(PianoGeometry.KeyCount - 1, key + 2); k++)
        {
            double away = y - PianoGeometry.Keys[k].Y;
            if (k == key || Math.Abs(away) > Beside)
                continue;
            foreach (PlannedNote note in _notes[k])
            {
                if (note.Start > step + Approach)
                    break;
                if (step > note.End)
                    continue;
                int side = (int)note.Side, direction = Math.Sign(away);
                isClear[side] &= towards[side] is 0 || towards[side] == direction;
                (towards[side], beside[side]) = (direction, note);
            }
        }
        for (int side = 0; side < towards.Length; side++)
        {
            if (towards[side] != 0 && isClear[side])
                _heard[_count++] = new HeardNote(Sound.Neighbour, beside[side], 0, towards[side]);
        }
    }

    // When a note is heard where all is as planned, control steps after its own times; null if it is not.
    private readonly record struct Usual(int? Onset, int? Release);
}
