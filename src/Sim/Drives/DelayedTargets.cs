namespace Legato.Sim.Drives;

/// <summary>Targets on their way to the drives: each command acts after its delay and then ramps in over its duration.</summary>
/// <remarks>
/// Time is counted in physics steps and may lie between two of them: a step sees the mean of its target over the step,
/// so that results change smoothly with the delay. A command without delay and duration acts unchanged on the next step.
/// One thread at a time. Nothing allocates after construction.
/// </remarks>
public sealed class DelayedTargets
{
    private readonly int _count;
    private readonly double[] _from, _to, _start, _end, _mean;
    private readonly double[] _pending, _due, _duration;
    private int _head, _waiting;

    /// <summary>Creates the line, all targets at zero.</summary>
    /// <param name="count">Number of targets.</param>
    /// <param name="capacity">Most commands that can be on their way; further ones replace the last.</param>
    public DelayedTargets(int count, int capacity = 256)
    {
        _count = count;
        (_from, _to, _start, _end, _mean) = (new double[count], new double[count], new double[count], new double[count], new double[count]);
        (_pending, _due, _duration) = (new double[capacity * count], new double[capacity], new double[capacity]);
    }

    /// <summary>The targets of the step that <see cref="Advance"/> was called for.</summary>
    public ReadOnlySpan<double> Values => _mean;

    /// <summary>Forgets all commands and holds these targets.</summary>
    public void Reset(ReadOnlySpan<double> targets)
    {
        targets.CopyTo(_from);
        targets.CopyTo(_to);
        targets.CopyTo(_mean);
        Array.Clear(_start);
        Array.Clear(_end);
        (_head, _waiting) = (0, 0);
    }

    /// <summary>Elements of a state with at most so many commands on their way.</summary>
    public int StateSize(int waiting) => _count + 1 + (waiting * (_count + 1));

    /// <summary>Copies the targets that act, and the commands on their way with when they are due. No command may take time to ramp in.</summary>
    /// <exception cref="InvalidOperationException">More commands are on their way than the state has room for.</exception>
    public void GetState(Span<double> state)
    {
        if (StateSize(_waiting) > state.Length)
            throw new InvalidOperationException($"{_waiting} commands are on their way, more than a state holds.");
        _to.CopyTo(state);
        state[_count] = _waiting;
        for (int w = 0; w < _waiting; w++)
        {
            int slot = (_head + w) % _due.Length;
            Span<double> command = state.Slice(_count + 1 + (w * (_count + 1)), _count + 1);
            command[0] = _due[slot];
            _pending.AsSpan(slot * _count, _count).CopyTo(command[1..]);
        }
    }

    /// <summary>Goes back to a state.</summary>
    public void SetState(ReadOnlySpan<double> state)
    {
        Reset(state[.._count]);
        int waiting = (int)state[_count];
        for (int w = 0; w < waiting; w++)
        {
            ReadOnlySpan<double> command = state.Slice(_count + 1 + (w * (_count + 1)), _count + 1);
            Send(command[1..], command[0], duration: 0);
        }
    }

    /// <summary>Sends a command.</summary>
    /// <param name="targets">One per drive; NaN leaves a drive as it is.</param>
    /// <param name="due">When it arrives, steps. Commands arrive in the order in which they were sent.</param>
    /// <param name="duration">How long the drives take from the target they have to the new one, steps.</param>
    public void Send(ReadOnlySpan<double> targets, double due, double duration)
    {
        int capacity = _due.Length;
        if (_waiting < capacity)
            _waiting++;
        int slot = (_head + _waiting - 1) % capacity;
        int before = (slot + capacity - 1) % capacity;
        _due[slot] = _waiting > 1 ? Math.Max(due, _due[before]) : due;
        _duration[slot] = duration;
        targets.CopyTo(_pending.AsSpan(slot * _count, _count));
    }

    /// <summary>Computes the targets of a step.</summary>
    /// <param name="step">Its number; one more with every call.</param>
    public void Advance(long step)
    {
        double now = step, end = step + 1;
        Array.Clear(_mean);
        while (_waiting > 0 && _due[_head] < end)
        {
            double arrival = Math.Max(_due[_head], now);
            AddMean(now, arrival, arrival - now);
            Begin(_head, arrival);
            now = arrival;
            _head = (_head + 1) % _due.Length;
            _waiting--;
        }
        AddMean(now, end, end - now);
    }

    private void Begin(int slot, double arrival)
    {
        ReadOnlySpan<double> targets = _pending.AsSpan(slot * _count, _count);
        for (int i = 0; i < _count; i++)
        {
            if (double.IsNaN(targets[i]))
                continue;
            _from[i] = At(i, arrival);
            _to[i] = targets[i];
            (_start[i], _end[i]) = (arrival, arrival + _duration[slot]);
        }
    }

    private double At(int i, double time) => time >= _end[i] ? _to[i] : _from[i] + ((_to[i] - _from[i]) * (time - _start[i]) / (_end[i] - _start[i]));

    private void AddMean(double from, double to, double weight)
    {
        if (weight <= 0)
            return;
        for (int i = 0; i < _count; i++)
        {
            // A ramp is linear: its mean over a span is the value in the middle, up to its end and constant from there.
            double ramp = Math.Clamp(_end[i], from, to);
            double mean = ramp <= from ? _to[i] : ((At(i, 0.5 * (from + ramp)) * (ramp - from)) + (_to[i] * (to - ramp))) / (to - from);
            _mean[i] += weight * mean;
        }
    }
}
