using Legato.Runtime.Experiments;

namespace Legato.Tests.Runtime.Experiments;

/// <summary>The ladder on performances that are made up.</summary>
public sealed class SpeedLadderTests
{
    private static readonly RungEvidence Good = new("run", 0.99, Completed: true, Following: 0.3, Clamped: 0, "A");

    [Fact]
    public async Task WithoutDoubtItIsClimbedRungByRung()
    {
        LadderReport report = await Climb(_ => Good);
        Assert.Equal([0.25, 0.5, 0.75, 1], report.Steps.Select(s => s.Tempo));
        Assert.Equal((1, null), (report.Reached, report.EndedBecause));
    }

    [Fact]
    public async Task DoubtLeadsDownARungAndOnceMoreUp()
    {
        int tries = 0;
        LadderReport report = await Climb(tempo => tempo == 0.75 && ++tries == 1 ? Good with { Following = 0.9 } : Good);
        Assert.Equal([0.25, 0.5, 0.75, 0.5, 0.75, 1], report.Steps.Select(s => s.Tempo));
        Assert.Contains("behind by 90 %", report.Steps[2].Doubt, StringComparison.Ordinal);
        Assert.Equal(1, report.Reached);
    }

    [Theory]
    [InlineData(0.3, 0.02, "A", "the guard changed 2.0 %")]
    [InlineData(0.81, 0, "A", "behind by 81 %")]
    [InlineData(double.PositiveInfinity, 0, "A", "behind by")]
    [InlineData(0.3, 0, "D", "grade is D")]
    public async Task ARungThatIsTwiceInDoubtIsTheEnd(double following, double clamped, string quality, string reason)
    {
        LadderReport report = await Climb(tempo => tempo < 0.75 ? Good : Good with { Following = following, Clamped = clamped, Quality = quality });
        Assert.Equal([0.25, 0.5, 0.75, 0.5, 0.75], report.Steps.Select(s => s.Tempo));
        Assert.Equal(0.5, report.Reached);
        Assert.Contains(reason, report.EndedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatEndsEarlyIsNotTriedAgain()
    {
        LadderReport report = await Climb(tempo => tempo < 0.5 ? Good : Good with { Completed = false });
        Assert.Equal((2, 0.25), (report.Steps.Count, report.Reached));
        Assert.Contains("ended early", report.EndedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DoubtAtTheBottomReachesNothing()
    {
        LadderReport report = await Climb(_ => Good with { Clamped = 0.5 });
        Assert.Equal((1, null), (report.Steps.Count, report.Reached));
        Assert.Contains("slowest", report.EndedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStopEndsTheClimb()
    {
        using var stop = new CancellationTokenSource();
        LadderReport report = await new SpeedLadder().ClimbAsync((_, _) => Task.FromResult(Good), _ => stop.Cancel(), stop.Token);
        Assert.Equal((1, 0.25, "stopped"), (report.Steps.Count, report.Reached, report.EndedBecause));
    }

    private static Task<LadderReport> Climb(Func<double, RungEvidence> play) =>
        new SpeedLadder().ClimbAsync((tempo, _) => Task.FromResult(play(tempo)), _ => { }, CancellationToken.None);
}
