namespace Legato.Policy.Learning.Training;

/// <summary>How long to train, and how often to look.</summary>
public sealed record TrainingOptions
{
    /// <summary>Control steps to train for, 1 or more.</summary>
    public long Steps { get; init; } = 200_000;

    /// <summary>Control steps between two trials, 1 or more.</summary>
    public long TrialEvery { get; init; } = 20_000;

    /// <summary>Ends training when F1 has been this far below its best in <see cref="CollapseTrials"/> trials one after another, 0..1.</summary>
    public double CollapseMargin { get; init; } = 0.2;

    /// <summary>See <see cref="CollapseMargin"/>; 1 or more.</summary>
    public int CollapseTrials { get; init; } = 3;
}

/// <summary>A point of a training curve.</summary>
/// <param name="EnvSteps">Control steps trained.</param>
/// <param name="F1">Mean F1 of a trial on rigs kept for that.</param>
/// <param name="Return">Mean return of that trial.</param>
/// <param name="Seconds">Wall-clock time spent training, s, of all sessions together.</param>
public sealed record TrainingPoint(long EnvSteps, double F1, double Return, double Seconds);

/// <summary>Told while training.</summary>
/// <param name="Update">The last update; null before the first.</param>
/// <param name="Last">The last trial; null before the first.</param>
/// <param name="Best">The best trial so far; null before the first.</param>
/// <param name="StepsPerSecond">Control steps per second of this session, trials not counted.</param>
public sealed record TrainingProgress(LearningProgress? Update, TrainingPoint? Last, TrainingPoint? Best, double StepsPerSecond)
{
    /// <summary>One line for people: how far, how fast, how long it will take, and F1 now and at its best.</summary>
    /// <param name="steps">Control steps to train for.</param>
    public string Describe(long steps)
    {
        long done = Update?.EnvSteps ?? 0;
        return FormattableString.Invariant(
            $"{done}/{steps} steps, {StepsPerSecond:0}/s, {Math.Max(0, (steps - done) / StepsPerSecond):0} s left, F1 {Last?.F1:0.000}, best {Best?.F1:0.000}, reward {Update?.MeanReward:0.0000}");
    }
}
