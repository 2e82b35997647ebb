namespace Legato.Policy.Feedback;

/// <summary>How late something is, from single observations, and the lead that makes up for it.</summary>
/// <remarks>
/// The lead is a whole number of control steps, reached at a bounded pace: rows of a plan are exact, what lies between two of them is not, least of all
/// where a key is struck again at once. It follows the mean of the newest observations, shrunk towards none, and only once this is clearly nearer to
/// another number. One thread at a time; nothing is allocated after construction.
/// </remarks>
internal sealed class LatenessEstimate
{
    private const int Remembered = 8;

    // Worth of the belief that all is well, in observations.
    private const double Doubt = 1;

    // From here on another number is clearly nearer.
    private const double Clear = 0.6;

    // Notes heard while the lead moves further than this say little.
    private const double Settled = 0.3;

    private readonly double[] _lateness = new double[Remembered];
    private long _observed;

    /// <summary>Control steps by which to be early.</summary>
    public double Lead { get; private set; }

    /// <summary>The lead that is moved to.</summary>
    public int Wanted { get; private set; }

    /// <summary>Forgets everything.</summary>
    public void Reset() => (Lead, Wanted, _observed) = (0, 0, 0);

    /// <summary>Takes in an observation.</summary>
    /// <param name="late">How late it was, control steps.</param>
    /// <param name="lead">With which lead.</param>
    public void Observe(int late, double lead)
    {
        if (Math.Abs(lead - Math.Round(lead)) > Settled)
            return;
        _lateness[_observed++ % Remembered] = late + lead;
        long known = Math.Min(_observed, Remembered);
        double sum = 0;
        for (int i = 0; i < known; i++)
            sum += _lateness[i];
        double mean = Math.Clamp(sum / (known + Doubt), -PlayingFeedback.LongestLag, PlayingFeedback.LongestLead);
        if (Math.Abs(mean - Wanted) > Clear)
            Wanted = (int)Math.Round(mean);
    }

    /// <summary>Lets a control step pass.</summary>
    public void Step() => Lead += Math.Clamp(Wanted - Lead, -PlayingFeedback.Pace, PlayingFeedback.Pace);
}
