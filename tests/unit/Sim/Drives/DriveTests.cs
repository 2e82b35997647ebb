using FsCheck;
using FsCheck.Fluent;

using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Tests.Sim.Drives;

public sealed class DriveTests
{
    [Fact]
    public void ACommandWithoutDelayActsUnchangedOnTheNextStep() => Prop.ForAll(ArbMap.Default.ArbFor<NormalFloat[]>(), values =>
    {
        var line = new DelayedTargets(1);
        for (int step = 0; step < values.Length; step++)
        {
            line.Send([values[step].Get], step, 0);
            line.Advance(step);
            Assert.Equal(values[step].Get, line.Values[0]);
        }
    }).Holds();

    [Fact]
    public void ADelayMovesTheWholeSignalByThatMuch() => Prop.ForAll(Gen.Choose(0, 5000).Select(i => i / 100.0).ToArbitrary(), delay =>
    {
        // The sum over steps of what is still missing to a unit step is its delay, fractions included.
        var line = new DelayedTargets(1);
        line.Send([1], delay, 0);
        double missing = 0;
        for (int step = 0; step < 60; step++)
        {
            line.Advance(step);
            Assert.InRange(line.Values[0], 0, 1);
            missing += 1 - line.Values[0];
        }
        Assert.Equal(delay, missing, 1e-9);
    }).Holds();

    [Fact]
    public void ARampIsLinearAndReplacedWhereItIs()
    {
        var line = new DelayedTargets(2);
        line.Send([10, double.NaN], 0, 10);
        double[] means = [.. Enumerable.Range(0, 5).Select(step => Advance(line, step))];
        Assert.Equal([0.5, 1.5, 2.5, 3.5, 4.5], means.Select(m => Math.Round(m, 9)));
        line.Send([0, 3], 5, 5);
        Assert.Equal([4.5, 3.5, 2.5, 1.5, 0.5, 0], Enumerable.Range(5, 6).Select(step => Math.Round(Advance(line, step), 9)));
        Assert.Equal(3, line.Values[1]);
    }

    [Fact]
    public void CommandsDoNotOvertakeEachOtherAndAFullLineKeepsTheLast()
    {
        var line = new DelayedTargets(1, capacity: 4);
        line.Send([1], 10, 0);
        line.Send([2], 5, 0);
        for (int i = 3; i <= 20; i++)
            line.Send([i], 11, 0);
        double[] seen = [.. Enumerable.Range(0, 13).Select(step => Advance(line, step))];
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 20, 20], seen);
    }

    [Fact]
    public void SlewLimitHoldsForEveryStepAndEndsAtTheTarget()
    {
        using Chain chain = new("slew: 2");
        double last = 0;
        for (int i = 0; i < 300; i++)
        {
            double now = chain.Apply(1, measured: 0);
            Assert.InRange(now - last, -1e-12, (2 * 0.005) + 1e-12);
            last = now;
        }
        Assert.Equal(1, last);
    }

    [Fact]
    public void PlayLeavesTheJointBehindByHalfTheGapAndSwallowsReversals()
    {
        using Chain chain = new("backlash: 0.04");
        Assert.Equal(0.48, chain.Apply(0.5, measured: 0), 1e-12);
        Assert.Equal(0.48, chain.Apply(0.47, measured: 0), 1e-12);
        Assert.Equal(0.42, chain.Apply(0.40, measured: 0), 1e-12);
    }

    [Fact]
    public void InsideTheDeadBandTheDriveSeesNoError()
    {
        using Chain chain = new("deadband: 0.01");
        Assert.Equal(0.305, chain.Apply(0.3, measured: 0.305), 1e-12);
        Assert.Equal(0.29, chain.Apply(0.3, measured: 0.2), 1e-12);
        Assert.Equal(0.31, chain.Apply(0.3, measured: 0.4), 1e-12);
    }

    [Fact]
    public void ALaggedLineIsTheLineShifted() => Prop.ForAll(Gen.Choose(0, 4000).Select(i => i / 100.0).ToArbitrary(), lag =>
    {
        var report = new ReportLag([lag, 0]);
        var values = new double[2];
        for (int step = 0; step <= 60; step++)
            report.Push([3.0 * step, 5.0 * step]);
        report.Read(values);
        Assert.Equal(3 * (60 - lag), values[0], 1e-9);
        Assert.Equal(300, values[1]);
    }).Holds();

    private static double Advance(DelayedTargets line, long step)
    {
        line.Advance(step);
        return line.Values[0];
    }

    /// <summary>The drives of a scene of which one, rh_FFJ3, has something.</summary>
    private sealed class Chain : IDisposable
    {
        private readonly PianoScene _scene = PianoScene.Build(new SceneOptions());
        private readonly DriveChain _chain;
        private readonly double[] _targets, _measured, _controls;
        private readonly int _index;

        public Chain(string own)
        {
            using PianoScene driven = _scene.With(SimParameters.Parse($"joints: {{rh_FFJ3: {{{own}}}}}", "p"));
            _chain = new DriveChain(driven);
            (_targets, _measured, _controls) = (new double[_scene.Actuators.Count], new double[_scene.Actuators.Count], new double[_scene.Actuators.Count]);
            _index = _scene.Actuators.Require("rh_A_FFJ3");
        }

        public double Apply(double target, double measured)
        {
            Array.Fill(_targets, target);
            Array.Fill(_measured, measured);
            _chain.Apply(_targets, _measured, _controls);
            Assert.Equal(target, _controls[_index + 1]);
            return _controls[_index];
        }

        public void Dispose() => _scene.Dispose();
    }
}
