using Legato.Policy.Fingering;
using Legato.Sim.Scene;

namespace Legato.Policy.Feedback;

/// <summary>Corrects a plan while it is played, by what is heard of the keys and felt of the joints.</summary>
/// <remarks>
/// <para>No open-loop plan can know how late, how weak and where its rig is. In time: each note that is heard tells how late its hand is, each release does
/// likewise; what both have in common, the whole hand leads by; by the rest, fingers press earlier and let go as before, or the reverse. In force: a key that
/// comes up under a finger that is to hold it asks the hand to press harder. In place: a neighbour that sounds asks for a hand further to the other side, unless
/// its carriage is known to be astray. In motion: a carriage is commanded as much earlier as it is measured to lag behind the plan's own motion, whatever is
/// heard, and wrist and fingers are drawn to where that motion has them.</para>
/// <para>Leads, shifts and forces are bounded and change slowly, what joints are drawn by is bounded, so that a plan within a robot's limits stays near them. What is between two rows of the plan is
/// interpolated; where nothing is amiss, rows are played as they are. One thread at a time; nothing is allocated after construction.</para>
/// </remarks>
public sealed class PlayingFeedback
{
    /// <summary>Longest lead of a hand, control steps: 150 ms.</summary>
    public const double LongestLead = 3;

    /// <summary>How far a hand may fall behind its plan because its notes sound early, control steps.</summary>
    public const double LongestLag = 1;

    /// <summary>Most that a lead changes in a control step: a hand is played up to a tenth quicker or slower meanwhile.</summary>
    public const double Pace = 0.1;

    private const int Sides = 2;

    // A key that ends this many steps before its time has come up under its finger.
    private const int TooEarly = 2;

    // A carriage further from where it should be strikes neighbours for that reason, m.
    private const double Astray = 0.004;

    private readonly CommandTable _commands;
    private readonly FeedbackModel _model;
    private readonly NoteListener _listener;
    private readonly FingerTimes[] _fingers;
    private readonly int[] _sideOf, _fingerOf, _carriageOf, _sideOfFinger;
    private readonly LatenessEstimate[] _onsets = [new(), new()], _releases = [new(), new()];
    private readonly PlaceEstimate _place = new();
    private readonly PressEstimate _press = new();
    private readonly CarriageFeel _carriages;
    private readonly JointFeel _joints;
    private readonly double[] _handLead = new double[Sides], _fingerLead;
    private int _last = int.MaxValue;

    /// <summary>Prepares to play a plan.</summary>
    /// <param name="commands">Its rows, lead-in first.</param>
    /// <param name="notes">Who plays what; steps count from the first row after the lead-in, fingers as in <paramref name="fingers"/>.</param>
    /// <param name="leadIn">Rows before the song's first step.</param>
    /// <param name="fingers">The scene's fingers.</param>
    /// <param name="model">What is known of the hands; by default nothing is, and time alone is corrected.</param>
    public PlayingFeedback(CommandTable commands, IEnumerable<FingeredPress> notes, int leadIn, IReadOnlyList<FingerSite> fingers, FeedbackModel? model = null)
    {
        _commands = commands;
        _model = model ?? new FeedbackModel();
        _carriages = new CarriageFeel(_model, leadIn);
        _joints = new JointFeel(_model, leadIn);
        IReadOnlyList<string> names = commands.Actuators.Names;
        _sideOf = [.. names.Select(name => (int)(name.StartsWith(HandSide.Right.Prefix(), StringComparison.Ordinal) ? HandSide.Right : HandSide.Left))];
        _fingerOf = [.. names.Select(name => Enumerable.Range(0, fingers.Count).FirstOrDefault(f => name.StartsWith($"{fingers[f].Side.Prefix()}A_{fingers[f].DigitName}", StringComparison.Ordinal), -1))];
        _carriageOf = [.. Enumerable.Range(0, names.Count).Select(a => Enumerable.Range(0, _model.Carriages.Count).FirstOrDefault(c => _model.Carriages[c].Actuator == a, -1))];
        _sideOfFinger = [.. fingers.Select(f => (int)f.Side)];
        _fingerLead = new double[fingers.Count];
        PlannedNote[][] own = PlannedNote.PerFinger(notes, leadIn, fingers);
        _fingers = [.. own.Select(presses => new FingerTimes(presses))];
        _listener = new NoteListener(own.SelectMany(n => n), _model.Sounds);
    }

    /// <summary>How much earlier than planned the keys of a hand are struck, control steps.</summary>
    public double OnsetLead(HandSide side) => _onsets[(int)side].Lead;

    /// <summary>How much earlier than planned the keys of a hand are let go of, control steps.</summary>
    public double ReleaseLead(HandSide side) => _releases[(int)side].Lead;

    /// <summary>How much earlier than planned a hand's rail along the keyboard is commanded, control steps; 0 if it has none.</summary>
    public double RailLead(HandSide side)
    {
        for (int c = 0; c < _model.Carriages.Count; c++)
        {
            if (_model.Carriages[c] is { AlongKeyboard: not 0 } carriage && carriage.Side == side)
                return _carriages.Lead(c);
        }
        return 0;
    }

    /// <summary>How far a hand plays beside its plan, m along the world's y.</summary>
    public double Aside(HandSide side) => _place.Aside(side);

    /// <summary>How much harder than planned the fingers of a hand press, N each.</summary>
    public double ExtraForce(HandSide side) => _press.Force(side);

    /// <summary>The targets of a step, given what was heard and felt before it. Steps are asked for in order, some perhaps left out; one that is not after the last begins anew.</summary>
    /// <param name="step">0 .. rows − 1.</param>
    /// <param name="down">Keys that sound as the step begins, a bit each.</param>
    /// <param name="joints">Measured joint positions, rad or m, in the order of the scene's joints; empty if they are not known.</param>
    /// <param name="age">How long before the step begins they were measured, control steps, 0 or more.</param>
    /// <param name="targets">Receives a position per actuator, rad or m.</param>
    public void Act(int step, UInt128 down, ReadOnlySpan<double> joints, double age, Span<double> targets)
    {
        if (step <= _last)
        {
            Reset();
        }
        else
        {
            _carriages.Feel(step - 1 - age, joints, _place);
            _joints.Feel(step - 1 - age, joints);
            Listen(step - 1, down);
        }
        _last = step;
        _place.Step();
        Lead(step);
        for (int a = 0; a < targets.Length; a++)
        {
            double time = step + (_fingerOf[a] >= 0 ? _fingerLead[_fingerOf[a]] : _handLead[_sideOf[a]]);
            if (_carriageOf[a] >= 0)
                targets[a] = At(step + _carriages.Lead(_carriageOf[a]), a) + Aside(_model.Carriages[_carriageOf[a]]);
            else
                targets[a] = Within(a, At(time, a) + Press(time, a) + _joints.Correction(a));
        }
    }

    private double Aside(Carriage carriage) => carriage.AlongKeyboard == 0 ? 0 : _place.Aside(carriage.Side) / carriage.AlongKeyboard;

    private double Press(double time, int actuator) =>
        _press.Force((HandSide)_sideOf[actuator]) is not 0 and double force && _model.PerNewton is { } perNewton
            ? force * perNewton[(int)Math.Clamp(Math.Round(time), 0, perNewton.Steps - 1)][actuator]
            : 0;

    private double Within(int actuator, double target) => _model.Ranges is { } ranges ? Math.Clamp(target, ranges[actuator].Low, ranges[actuator].High) : target;

    // Exactly the plan's row where nothing is between two.
    private double At(double time, int actuator)
    {
        double held = Math.Clamp(time, 0, _commands.Steps - 1);
        int row = (int)held;
        double part = held - row, from = _commands[row][actuator];
        return part == 0 ? from : from + (part * (_commands[row + 1][actuator] - from));
    }

    /// <summary>Forgets everything that was heard and felt; the next step may be any.</summary>
    public void Reset()
    {
        _last = int.MaxValue;
        _listener.Reset();
        _place.Reset();
        _press.Reset();
        _carriages.Reset();
        _joints.Reset();
        for (int side = 0; side < Sides; side++)
        {
            _onsets[side].Reset();
            _releases[side].Reset();
        }
        foreach (FingerTimes finger in _fingers)
            finger.Reset();
    }

    private void Lead(int step)
    {
        for (int side = 0; side < Sides; side++)
        {
            _onsets[side].Step();
            _releases[side].Step();
            (double onset, double release) = (_onsets[side].Lead, _releases[side].Lead);
            _handLead[side] = onset * release <= 0 ? 0 : Math.Abs(onset) < Math.Abs(release) ? onset : release;
        }
        _carriages.Step(_handLead);
        for (int f = 0; f < _fingers.Length; f++)
        {
            int side = _sideOfFinger[f];
            _fingerLead[f] = _fingers[f].IsPlaying ? _fingers[f].LeadAt(step, _onsets[side].Lead, _releases[side].Lead) : _handLead[side];
        }
    }

    private void Listen(int step, UInt128 down)
    {
        foreach (HeardNote heard in _listener.Hear(step, down))
        {
            PlannedNote note = heard.Note;
            LatenessEstimate onsets = _onsets[(int)note.Side], releases = _releases[(int)note.Side];
            switch (heard.Sound)
            {
                case Sound.Onset:
                    onsets.Observe(heard.Late, _fingers[note.Finger].OnsetLead(note.Place, onsets.Lead, releases.Lead));
                    break;
                case Sound.Release when heard.Late + releases.Lead >= 0:
                    releases.Observe(heard.Late, releases.Lead);
                    _press.Observe(note.Side, isHeld: true);
                    break;
                case Sound.Release when heard.Late + releases.Lead <= -TooEarly:
                    _press.Observe(note.Side, isHeld: false);
                    break;
                case Sound.Neighbour when Math.Abs(_carriages.Error(note.Side)) <= Astray:
                    _place.Observe(note.Side, heard.Direction);
                    break;
            }
        }
    }
}
