using Legato.Sim.Scene;
using Legato.SystemId.Checks;
using Legato.SystemId.Rollouts;

namespace Legato.Tests.SystemId.Checks;

public sealed class QualityCheckTests : IDisposable
{
    private readonly PianoScene _scene = PianoScene.Build(new SceneOptions { Contacts = ContactSet.None });
    private readonly RawRecording _clean;

    public QualityCheckTests() => _clean = Recordings.Make(_scene, drive => drive is "rh_FFJ3" or "rh_FFJ0" or "rh_WRJ1", seconds: 2);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void CleanDataPassWithoutAWord() => Assert.Empty(Judge(_clean));

    [Fact]
    public void StatedLossesAreErrorsUntilAccepted()
    {
        RawRecording lossy = _clean with { Losses = ["12 messages of '/joint_states' were lost"] };
        Finding refused = Assert.Single(Judge(lossy)), accepted = Assert.Single(new QualityCheck(_scene, new EncoderNoise()).Judge(lossy, acceptLoss: true));
        Assert.Equal((Severity.Error, "loss"), (refused.Severity, refused.Code));
        Assert.Contains("12 messages of '/joint_states'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Severity.Warning, accepted.Severity);
    }

    [Theory]
    [InlineData(2, Severity.Warning)]
    [InlineData(12, Severity.Error)]
    public void GapsInTheStatesAreFound(int lost, Severity severity)
    {
        Finding gap = Assert.Single(Judge(_clean.Without(i => i >= 10 && i < 10 + lost)));
        Assert.Equal((severity, "gap"), (gap.Severity, gap.Code));
        Assert.Contains($"{50 * (lost + 1)} ms", gap.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClocksThatRunBackwardsOrAheadAreErrors()
    {
        double[] back = [.. _clean.MeasuredTimes];
        (back[5], back[6]) = (back[6], back[5]);
        Assert.Contains(Judge(_clean with { MeasuredTimes = back }), f => f.Code == "clock" && f.Message.Contains("number 6", StringComparison.Ordinal));
        Finding ahead = Assert.Single(Judge(_clean with { MeasuredTimes = [.. _clean.MeasuredTimes.Select(t => t + 0.012)] }));
        Assert.Equal((Severity.Error, "clock-offset"), (ahead.Severity, ahead.Code));
        Assert.Contains("10.0 ms", ahead.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStampThatStandsStillIsLeftOut()
    {
        double[] times = [.. _clean.MeasuredTimes];
        times[8] = times[7];
        Assert.Equal("repeated", Assert.Single(Judge(_clean with { MeasuredTimes = times })).Code);
        Assert.Equal(times.Length - 1, (_clean with { MeasuredTimes = times }).ToMotion().MeasuredTimes.Length);
    }

    [Fact]
    public void StaleStatesAndLateCyclesAreToldApart()
    {
        Assert.Equal("stale", Assert.Single(Judge(_clean with { MeasuredTimes = [.. _clean.MeasuredTimes.Select(t => t - 0.15)] })).Code);
        Assert.Equal("late", Assert.Single(Judge(_clean with { Lateness = [.. _clean.Lateness.Select((_, i) => i % 10 == 0 ? 0.02 : 0)] })).Code);
    }

    [Theory]
    [InlineData("C", Severity.Warning, Severity.Warning)]
    [InlineData("D", Severity.Error, Severity.Warning)]
    [InlineData("E", Severity.Error, Severity.Warning)]
    [InlineData("F", Severity.Error, Severity.Error)]
    public void LowGradesAreRefusedUntilTheRunIsNamed(string grade, Severity refused, Severity accepted)
    {
        RawRecording poor = _clean with { Grade = grade, GradeReason = "3 % of the cycles ended after the next was due" };
        Finding finding = Assert.Single(Judge(poor));
        Assert.Equal((refused, "grade"), (finding.Severity, finding.Code));
        Assert.Contains("3 % of the cycles", finding.Message, StringComparison.Ordinal);
        Assert.Equal(accepted, Assert.Single(new QualityCheck(_scene, new EncoderNoise()).Judge(poor, acceptLoss: true)).Severity);
        Assert.Empty(Judge(_clean with { Grade = "B" }));
    }

    [Fact]
    public void AFrozenJointIsNamed()
    {
        int j = _scene.Joints.Require("rh_FFJ3");
        Finding frozen = Assert.Single(Judge(_clean.WithMeasured(row => [.. row.Select((q, i) => i == j ? 0.3 : q)])));
        Assert.Equal((Severity.Error, "frozen"), (frozen.Severity, frozen.Code));
        Assert.Contains("rh_FFJ3", frozen.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADriveThatFollowsWiderMotionsElsewhereOnlySticks()
    {
        int a = _scene.Actuators.Require("rh_A_FFJ3"), j = _scene.Joints.Require("rh_FFJ3");
        RawRecording small = _clean.WithMeasured(row => [.. row.Select((q, i) => i == j ? 0.3 : q)]);
        RawRecording Wider(double factor) => _clean.WithMeasured(row => [.. row.Select((q, i) => i == j ? factor * q : q)]) with
        {
            Targets = [.. _clean.Targets.Select(row => (double[])[.. row.Select((q, i) => i == a ? factor * q : q)])],
        };
        var check = new QualityCheck(_scene, new EncoderNoise());
        Finding sticks = Assert.Single(check.Judge(small, others: [small, Wider(2.1)]));
        Assert.Equal((Severity.Warning, "sticks"), (sticks.Severity, sticks.Code));
        // As wide, or not followed either: nothing shows that it lives.
        Assert.Equal("frozen", Assert.Single(check.Judge(small, others: [small, Wider(1.2)])).Code);
        // Nor does a recording that holds nothing.
        Assert.Equal("frozen", Assert.Single(check.Judge(small, others: [small, small with { Targets = [], CommandTimes = [], Measured = [], MeasuredTimes = [] }])).Code);
        RawRecording jammed = Wider(2.1) with { Measured = small.Measured };
        Assert.Equal("frozen", Assert.Single(check.Judge(small, others: [small, jammed])).Code);
    }

    [Fact]
    public void WhatIsNoNumberIsNamed()
    {
        int j = _scene.Joints.Require("rh_MFJ2");
        Finding wrong = Assert.Single(Judge(_clean.WithMeasured(row => row == _clean.Measured[9] ? [.. row.Select((q, i) => i == j ? double.NaN : q)] : row)));
        Assert.Equal((Severity.Error, "not-a-number"), (wrong.Severity, wrong.Code));
        Assert.Contains("rh_MFJ2: 1 of", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TargetsAtTheEndOfTheirRangeAndFullForceAreWarnings()
    {
        int a = _scene.Actuators.Require("rh_A_FFJ3");
        RawRecording pushed = _clean with { Targets = [.. _clean.Targets.Select(row => (double[])[.. row.Select((t, i) => i != a ? t : t > 0.7 ? _scene.ControlHigh[a] : _scene.ControlLow[a])])] };
        Assert.Contains(Judge(pushed), f => f is { Severity: Severity.Warning, Code: "at-limit" } && f.Message.Contains("rh_FFJ3", StringComparison.Ordinal));
        Assert.Contains(Judge(_clean with { Measured = [.. _clean.Measured.Select(row => (double[])[.. row.Select(q => q + 3)])] }), f => f.Code == "at-force");
    }

    private IReadOnlyList<Finding> Judge(RawRecording recording) => new QualityCheck(_scene, new EncoderNoise()).Judge(recording);
}
