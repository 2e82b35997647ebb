using Legato.Runtime.Hil;

namespace Legato.Tests.Runtime.Hil;

/// <summary>Every expectation can fail, and says by which figure.</summary>
public sealed class ExpectationCheckTests
{
    private static readonly Expectations Met = new()
    {
        Ended = "stalestate",
        Exit = 1,
        Says = ["Cables"],
        SafeWithin = 0.4,
        Lifted = true,
        KeysUp = true,
        Speed = 1.5,
        Tracking = 0.1,
        Recording = RecordingState.Whole,
        Replays = true,
    };

    private static readonly MotionFigures Motion = new(1.2, "rh_A_FFJ3", 0.05, true, [], 312, 60);

    private static readonly ScenarioFacts Facts = new()
    {
        Ended = "stalestate",
        Exit = 1,
        Told = "the run ended in a fault: look for cables",
        Motion = Motion,
        KeysDown = [],
        TimeToSafeMs = 312,
        Recording = RecordingState.Whole,
        Replays = true,
    };

    [Fact]
    public void WhatIsAsExpectedPasses() => Assert.Empty(ExpectationCheck.Find(Met, Facts));

    [Fact]
    public void WhatDoesNotMatterPasses() =>
        Assert.Empty(ExpectationCheck.Find(new Expectations { Ended = null, Exit = null }, Facts with { Motion = null, KeysDown = [3], TimeToSafeMs = null }));

    [Fact]
    public void EveryDifferenceIsNamed()
    {
        AssertFound("ended 'stalestate', not 'completed'", Met with { Ended = "completed" }, Facts);
        AssertFound("exit code 1, not 0", Met with { Exit = 0 }, Facts);
        AssertFound("the operator was not told 'wrong joint', but: the run ended in a fault: look for cables", Met with { Says = ["wrong joint"] }, Facts);
        AssertFound("safe after 312 ms, not within 300 ms", Met with { SafeWithin = 0.3 }, Facts);
        AssertFound("never came to a safe state", Met, Facts with { TimeToSafeMs = null });
        AssertFound("the hands were not lifted", Met, Facts with { Motion = Motion with { Lifted = false } });
        AssertFound("the hands were lifted", Met with { Lifted = false }, Facts);
        AssertFound("keys down at the end: 27, 51", Met, Facts with { KeysDown = [27, 51] });
        AssertFound("nobody knows which keys are down", Met, Facts with { KeysDown = null });
        AssertFound("rh_A_FFJ3 moved at 1.2 times its limit, above 1", Met with { Speed = 1 }, Facts);
        AssertFound("joints were 0.05 rad from their commands, more than 0.04", Met with { Tracking = 0.04 }, Facts);
        AssertFound("F1 0, below 0.9", Met with { F1 = 0.9 }, Facts);
        AssertFound("the guard clamped 0 targets", Met with { Clamped = true }, Facts);
        AssertFound("the recording is cut, not whole", Met, Facts with { Recording = RecordingState.Cut });
        AssertFound("the recording cannot be re-simulated", Met, Facts with { Replays = false });
        AssertFound("quality unknown (), not A", Met with { Quality = ["A"] }, Facts);
    }

    [Fact]
    public void WhatNobodySawFails()
    {
        IReadOnlyList<string> found = ExpectationCheck.Find(Met, Facts with { Motion = null });
        Assert.Contains("nobody saw whether the hands were lifted", found);
        Assert.Contains("nobody saw how fast the hands were", found);
    }

    [Fact]
    public void ARefusedRunSendsNothing() =>
        AssertFound("60 commands reached the robot, although the run was refused", new Expectations { Ended = ScenarioFacts.Refused, Exit = null }, Facts with { Ended = ScenarioFacts.Refused });

    private static void AssertFound(string difference, Expectations expect, ScenarioFacts facts) => Assert.Equal([difference], ExpectationCheck.Find(expect, facts));
}
