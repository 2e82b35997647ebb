namespace Legato.Policy.Refinement;

/// <summary>How much sampling tries in a window, and how far it looks. Steps are control steps.</summary>
public sealed record SamplingOptions
{
    /// <summary>Windows searched side by side, at least 1: more than one keeps threads busy that would wait for the last sample of another.</summary>
    public int Windows { get; init; } = 4;

    /// <summary>Most random samples of a window, at least 1.</summary>
    public int Samples { get; init; } = 120;

    /// <summary>Samples in a row without progress after which a window is left, at least 1.</summary>
    public int Patience { get; init; } = 40;

    /// <summary>Samples of a window that are drawn before the first of them is judged, at least 1: what a crew of threads has to do when one window is left.</summary>
    public int Ahead { get; init; } = 6;

    /// <summary>Steps before a fault that may change: its cause precedes it.</summary>
    public int Lead { get; init; } = 8;

    /// <summary>Steps after a window's last fault that may change.</summary>
    public int Trail { get; init; } = 3;

    /// <summary>Longest window, at least <see cref="Lead"/> + <see cref="Trail"/> + 1 steps.</summary>
    public int Longest { get; init; } = 28;

    /// <summary>Steps after a window that every sample plays, with the commands as they are.</summary>
    public int Tail { get; init; } = 4;

    /// <summary>Steps after these that finalists play.</summary>
    public int Outlook { get; init; } = 16;

    /// <summary>Samples that play the outlook too, at least 1; the best of them replaces the commands if it is better there as well.</summary>
    public int Finalists { get; init; } = 2;

    /// <summary>Steps from a window's first fault that do not begin another window in the same pass, at least 1.</summary>
    public int Stride { get; init; } = 5;

    /// <summary>Standard deviation of a sample: how far each actuator alone moves its fingertips, m.</summary>
    public double Noise { get; init; } = 0.006;

    /// <summary>A sample that is worse than the best by this is given up on the way; 1 is a step in which nothing is right.</summary>
    public double Hopeless { get; init; } = 1;

    /// <summary>With several scenes: weight of the worst one beside the mean of all.</summary>
    public double TailWeight { get; init; } = 0.5;

    /// <summary>Most passes over the song.</summary>
    public int Passes { get; init; } = 20;

    /// <summary>Passes in a row without progress after which the song is left, at least 1.</summary>
    public int FruitlessPasses { get; init; } = 2;

    /// <summary>Most control steps to simulate, shared out among the windows and checked before every sample. Unlike a time limit it cuts in at the same place everywhere.</summary>
    public long EnvSteps { get; init; } = long.MaxValue;

    /// <summary>Throws if an option is out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Windows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Ahead, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Lead);
        ArgumentOutOfRangeException.ThrowIfNegative(Trail);
        ArgumentOutOfRangeException.ThrowIfLessThan(Longest, Lead + Trail + 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Tail);
        ArgumentOutOfRangeException.ThrowIfNegative(Outlook);
        ArgumentOutOfRangeException.ThrowIfLessThan(Finalists, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Stride, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Noise);
        ArgumentOutOfRangeException.ThrowIfNegative(Hopeless);
        ArgumentOutOfRangeException.ThrowIfNegative(TailWeight);
        ArgumentOutOfRangeException.ThrowIfNegative(Passes);
        ArgumentOutOfRangeException.ThrowIfLessThan(FruitlessPasses, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(EnvSteps);
    }
}
