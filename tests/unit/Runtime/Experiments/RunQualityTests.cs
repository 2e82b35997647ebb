using Legato.RobotDriver;
using Legato.Runtime.Experiments;
using Legato.Runtime.Loop;
using Legato.Runtime.Safety;

namespace Legato.Tests.Runtime.Experiments;

public class RunQualityTests
{
    private static readonly LoopTimingReport Clean = new(
        1000, 0, 0, new LatencySummary(50, 400, 900), [], [], [], new LatencySummary(5_000, 15_000, 20_000), AgedStates: 0, Following: 0.3, 0, 0);

    [Fact]
    public void A_clean_run_is_an_A() => Assert.Equal(new RunQuality("A", "in time, nothing lost"), Grade(Clean));

    // The rows of the table in docs/recording.md: the value at each bound, then beyond the last one.
    [Theory]
    [InlineData("ABCDE", new[] { 500.0, 2_000.0, 10_000.0, 25_000.0, 25_001.0 })]
    public void Lateness(string grades, double[] p99) => Check(grades, p99, v => Grade(Clean with { LatenessUs = new LatencySummary(0, v, v) }));

    [Theory]
    [InlineData("ABCDE", new[] { 0.0, 1.0, 10.0, 50.0, 51.0 })]
    public void Missed_deadlines(string grades, double[] perMille) => Check(grades, perMille, v => Grade(Clean with { Overruns = (long)v }));

    [Theory]
    [InlineData("ACDE", new[] { 0.0, 1.0, 10.0, 11.0 })]
    public void Cycles_left_out(string grades, double[] perMille) => Check(grades, perMille, v => Grade(Clean with { Skipped = (long)v }));

    [Theory]
    [InlineData("ACDE", new[] { 0.0, 1.0, 10.0, 11.0 })]
    public void Losses_of_the_worst_stream(string grades, double[] perMille) =>
        Check(grades, perMille, v => Grade(Clean, losses: [new StreamLoss("a", 100_000, 0), new StreamLoss("b", 1000 - (long)v, (long)v)]));

    [Theory]
    [InlineData("ABCDE", new[] { 1.0, 10.0, 50.0, 200.0, 201.0 })]
    public void States_older_than_a_period(string grades, double[] perMille) => Check(grades, perMille, v => Grade(Clean with { AgedStates = (long)v }));

    [Theory]
    [InlineData("ABCD", new[] { 0.5, 0.8, 1.0, 1.01 })]
    public void Joints_that_do_not_follow(string grades, double[] share) => Check(grades, share, v => Grade(Clean with { Following = v }));

    [Theory]
    [InlineData("ABC", new[] { 0.001, 0.01, 1.0 })]
    public void Targets_that_the_guard_changed(string grades, double[] share) => Check(grades, share, v => Grade(Clean, guardShare: v));

    [Theory]
    [InlineData("ABCD", new[] { 2_000.0, 5_000.0, 20_000.0, 20_001.0 })]
    public void Clocks(string grades, double[] errorUs) => Check(grades, errorUs, v => Grade(Clean, clocks: [new ClockSummary("host", 0, 1, null, 5, ""), new ClockSummary("hand", 0, v, null, 5, "")]));

    [Fact]
    public void A_fault_is_an_F_whatever_else_was_good() =>
        Assert.Equal(new RunQuality("F", "the run ended in a fault: Deposed"), Grade(Clean, state: RunState.Faulted));

    [Fact]
    public void The_worst_criteria_are_named()
    {
        RunQuality quality = Grade(Clean with { Overruns = 60, Skipped = 20, LatenessUs = new LatencySummary(0, 1000, 1000) });
        Assert.Equal("E", quality.Grade);
        Assert.Equal("6.00 % of the cycles ended after the next was due; 2.00 % of the cycles were left out after a stall", quality.Reason);
    }

    private static void Check(string grades, double[] values, Func<double, RunQuality> grade)
    {
        Assert.Equal(grades.Length, values.Length);
        Assert.Equal(grades, string.Concat(values.Select(v => grade(v).Grade)));
    }

    private static RunQuality Grade(
        LoopTimingReport timing, IReadOnlyList<StreamLoss>? losses = null, IReadOnlyList<ClockSummary>? clocks = null, double guardShare = 0, RunState state = RunState.Stopped) =>
        RunQuality.Of(
            new LoopReport(state, state == RunState.Faulted ? RunCause.Deposed : RunCause.Completed, null, 900, timing, default, guardShare, "", null), losses ?? [], clocks ?? []);
}
