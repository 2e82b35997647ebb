namespace Legato.Policy.Feedback;

/// <summary>When a finger does what its plan says: each press begins earlier by one lead and ends earlier by another.</summary>
/// <remarks>Between them its time passes slower or quicker. One thread at a time, steps in order; nothing is allocated after construction.</remarks>
/// <param name="presses">Of one finger, in order; steps count as the plan's rows.</param>
internal sealed class FingerTimes(IReadOnlyList<PlannedNote> presses)
{
    // Steps after a stroke, and before the next one, that keep the stroke's own lead.
    private const double After = 1, Before = 2;

    private int _current;

    /// <summary>Whether the finger plays at all.</summary>
    public bool IsPlaying => presses.Count > 0;

    /// <summary>Begins anew.</summary>
    public void Reset() => _current = -1;

    /// <summary>With how much lead a press begins: where the finger has hardly left its key before, not with all of it.</summary>
    /// <param name="press">0 .. presses − 1.</param>
    /// <param name="onset">Lead of onsets, control steps.</param>
    /// <param name="release">Lead of releases, control steps.</param>
    public double OnsetLead(int press, double onset, double release)
    {
        if (press == 0)
            return onset;
        double room = Math.Max(0, 0.5 * (presses[press].Start - presses[press - 1].End));
        return release + Math.Clamp(onset - release, -room, room);
    }

    /// <summary>How much earlier than planned the finger is at a step.</summary>
    /// <param name="step">The step; not before those asked for earlier.</param>
    /// <param name="onset">Lead of onsets, control steps.</param>
    /// <param name="release">Lead of releases, control steps.</param>
    public double LeadAt(int step, double onset, double release)
    {
        while (_current + 1 < presses.Count && step >= Begin(_current + 1))
            _current++;
        if (_current < 0)
            return OnsetLead(0, onset, release);
        double end = presses[_current].End - release, own = OnsetLead(_current, onset, release);
        if (step < end)
            return Between(step, Begin(_current), end, own, release);
        return _current + 1 < presses.Count ? Between(step, end, Begin(_current + 1), release, OnsetLead(_current + 1, onset, release)) : release;

        double Begin(int press) => presses[press].Start - OnsetLead(press, onset, release);
    }

    private static double Between(double step, double from, double to, double first, double last)
    {
        if (to - from >= After + Before + 2)
            (from, to) = (from + After, to - Before);
        return to > from ? first + (Math.Clamp((step - from) / (to - from), 0, 1) * (last - first)) : last;
    }
}
