using Legato.Policy.Fingering;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Policy.Timing;

/// <summary>Plays a plan in time by ear: a hand whose notes sound late is commanded earlier, and the reverse.</summary>
/// <remarks>
/// Commands that are late by a control step make every onset and every release a step late, and slow drives make onsets late alone; no open-loop plan can know. Each note
/// that is heard tells how late its hand is: the step in which it sounds less the step in which it is to sound, plus the lead that it had; each release does
/// likewise. What onsets and releases have in common, the whole hand leads by; by the rest, fingers press earlier and let go as before, or the reverse.
/// A note that is not heard near its time says nothing. Leads change slowly, so that a plan within a robot's limits stays near them. What is
/// between two rows of the plan is interpolated. One thread at a time; nothing is allocated after construction.
/// </remarks>
public sealed class TimingFeedback
{
    /// <summary>Longest lead, control steps: 150 ms.</summary>
    public const double LongestLead = 3;

    /// <summary>How far a hand may fall behind its plan because its notes sound early, control steps.</summary>
    public const double LongestLag = 1;

    /// <summary>Most that a lead changes in a control step: a hand is played up to a tenth quicker or slower meanwhile.</summary>
    public const double Pace = 0.1;

    private const int Sides = 2;

    // A note further from its time than this, in steps, is another one's or a mistake.
    private const int Early = 3, Late = 4;

    // A key that is struck again this soon is let go of in time or not at all.
    private const int AtOnce = 1;

    private readonly CommandTable _commands;
    private readonly int[] _sideOf, _fingerOf, _sideOfFinger;
    private readonly FingerTimes[] _fingers;
    private readonly Note[][] _notes = new Note[PianoGeometry.KeyCount][];
    private readonly int[] _next = new int[PianoGeometry.KeyCount], _held = new int[PianoGeometry.KeyCount];
    private readonly LatenessEstimate[] _onsets = [new(), new()], _releases = [new(), new()];
    private readonly double[] _handLead = new double[Sides], _fingerLead;
    private UInt128 _down;
    private int _last = int.MaxValue;

    /// <summary>Prepares to play a plan.</summary>
    /// <param name="commands">Its rows, lead-in first.</param>
    /// <param name="notes">Who plays what; steps count from the first row after the lead-in, fingers as in <paramref name="fingers"/>.</param>
    /// <param name="leadIn">Rows before the song's first step.</param>
    /// <param name="fingers">The scene's fingers.</param>
    public TimingFeedback(CommandTable commands, IEnumerable<FingeredPress> notes, int leadIn, IReadOnlyList<FingerSite> fingers)
    {
        _commands = commands;
        IReadOnlyList<string> names = commands.Actuators.Names;
        _sideOf = [.. names.Select(name => (int)(name.StartsWith(HandSide.Right.Prefix(), StringComparison.Ordinal) ? HandSide.Right : HandSide.Left))];
        _fingerOf = [.. names.Select(name => Enumerable.Range(0, fingers.Count).FirstOrDefault(f => name.StartsWith($"{fingers[f].Side.Prefix()}A_{fingers[f].DigitName}", StringComparison.Ordinal), -1))];
        _sideOfFinger = [.. fingers.Select(f => (int)f.Side)];
        _fingerLead = new double[fingers.Count];

        KeyPress[][] own = [.. fingers.Select((_, f) => notes.Where(n => n.Finger == f).Select(n => new KeyPress(n.Press.Key, leadIn + n.Press.Start, leadIn + n.Press.End)).OrderBy(p => p.Start).ToArray())];
        _fingers = [.. own.Select(presses => new FingerTimes(presses))];
        ILookup<int, Note> perKey = own.SelectMany((presses, f) => presses.Select((p, i) => (p.Key, Note: new Note(p.Start, p.End, f, i)))).ToLookup(n => n.Key, n => n.Note);
        for (int k = 0; k < _notes.Length; k++)
            _notes[k] = [.. perKey[k].OrderBy(n => n.Start)];
    }

    /// <summary>How much earlier than planned the keys of a hand are struck, control steps.</summary>
    public double OnsetLead(HandSide side) => _onsets[(int)side].Lead;

    /// <summary>How much earlier than planned the keys of a hand are let go of, control steps.</summary>
    public double ReleaseLead(HandSide side) => _releases[(int)side].Lead;

    /// <summary>The targets of a step, given what was heard before it. Steps are asked for in order, some perhaps left out; one that is not after the last begins anew.</summary>
    /// <param name="step">0 .. rows − 1.</param>
    /// <param name="down">Keys that sound as the step begins, a bit each.</param>
    /// <param name="targets">Receives a position per actuator, rad or m.</param>
    public void Act(int step, UInt128 down, Span<double> targets)
    {
        if (step <= _last)
            Reset();
        else
            Listen(step - 1, down);
        _last = step;
        for (int side = 0; side < Sides; side++)
        {
            _onsets[side].Step();
            _releases[side].Step();
            (double onset, double release) = (_onsets[side].Lead, _releases[side].Lead);
            _handLead[side] = onset * release <= 0 ? 0 : Math.Abs(onset) < Math.Abs(release) ? onset : release;
        }
        for (int f = 0; f < _fingers.Length; f++)
        {
            int side = _sideOfFinger[f];
            _fingerLead[f] = _fingers[f].IsPlaying ? _fingers[f].LeadAt(step, _onsets[side].Lead, _releases[side].Lead) : _handLead[side];
        }
        for (int a = 0; a < targets.Length; a++)
            targets[a] = At(step + (_fingerOf[a] >= 0 ? _fingerLead[_fingerOf[a]] : _handLead[_sideOf[a]]), a);
    }

    // Exactly the plan's row where nothing is between two.
    private double At(double time, int actuator)
    {
        double held = Math.Clamp(time, 0, _commands.Steps - 1);
        int row = (int)held;
        double part = held - row, from = _commands[row][actuator];
        return part == 0 ? from : from + (part * (_commands[row + 1][actuator] - from));
    }

    private void Reset()
    {
        Array.Clear(_next);
        Array.Fill(_held, -1);
        _down = 0;
        for (int side = 0; side < Sides; side++)
        {
            _onsets[side].Reset();
            _releases[side].Reset();
        }
        foreach (FingerTimes finger in _fingers)
            finger.Reset();
    }

    // What sounds at the end of a step and did not before it, or the reverse.
    private void Listen(int step, UInt128 down)
    {
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
    }

    private void HearOnset(int key, int step)
    {
        Note[] own = _notes[key];
        ref int next = ref _next[key];
        while (next < own.Length && own[next].Start < step - Late)
            next++;
        _held[key] = -1;
        if (next == own.Length || own[next].Start > step + Early)
            return;
        Note note = own[next];
        int side = _sideOfFinger[note.Finger];
        _onsets[side].Observe(step - note.Start, _fingers[note.Finger].OnsetLead(note.Place, _onsets[side].Lead, _releases[side].Lead));
        _held[key] = next++;
    }

    private void HearRelease(int key, int step)
    {
        int held = _held[key];
        _held[key] = -1;
        if (held < 0)
            return;
        Note note = _notes[key][held];
        bool isStruckAgain = held + 1 < _notes[key].Length && _notes[key][held + 1].Start <= note.End + AtOnce;
        if (isStruckAgain || step < note.End - Early || step > note.End + Late)
            return;
        LatenessEstimate releases = _releases[_sideOfFinger[note.Finger]];
        releases.Observe(step - note.End, releases.Lead);
    }

    /// <summary>A press of a key.</summary>
    /// <param name="Start">Row at whose end the key is down first.</param>
    /// <param name="End">Row at whose end it is up again.</param>
    /// <param name="Finger">Who presses.</param>
    /// <param name="Place">Which of the finger's presses.</param>
    private readonly record struct Note(int Start, int End, int Finger, int Place);
}
