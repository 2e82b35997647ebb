namespace Legato.Policy.Learning;

/// <summary>What a learner may be doing.</summary>
internal enum Phase
{
    Rest,
    Physics,
    Inference,
    Learning,
}

/// <summary>Tells how long a learner is in each phase; it is in one at any time.</summary>
/// <param name="time">Measures time.</param>
internal sealed class PhaseClock(TimeProvider time)
{
    private readonly TimeSpan[] _spent = new TimeSpan[Enum.GetValues<Phase>().Length];
    private Phase _phase;
    private long _since = time.GetTimestamp();

    /// <summary>Ends the phase under way and begins another.</summary>
    public void Enter(Phase phase)
    {
        long now = time.GetTimestamp();
        _spent[(int)_phase] += time.GetElapsedTime(_since, now);
        (_phase, _since) = (phase, now);
    }

    /// <summary>Begins an update; what came before it belongs to nobody.</summary>
    public void Restart()
    {
        Enter(Phase.Rest);
        Array.Clear(_spent);
    }

    /// <summary>Times since <see cref="Restart"/>; the clock goes on in <see cref="Phase.Rest"/>.</summary>
    public UpdateTimes Read()
    {
        Enter(Phase.Rest);
        return new UpdateTimes(Seconds(Phase.Physics), Seconds(Phase.Inference), Seconds(Phase.Learning), Seconds(Phase.Rest));
    }

    private double Seconds(Phase phase) => _spent[(int)phase].TotalSeconds;
}
