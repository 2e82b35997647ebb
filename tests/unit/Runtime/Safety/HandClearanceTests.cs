using FsCheck;
using FsCheck.Fluent;
using Legato.Runtime.Experiments;
using Legato.Runtime.Safety;
using Legato.Sim.Limits;
using Legato.Sim.Scene;

namespace Legato.Tests.Runtime.Safety;

/// <summary>Whatever a policy asks of real hands, in the robot's model they never come nearer to each other, or to the piano's frame, than they may.</summary>
public sealed class HandClearanceTests : IDisposable
{
    private const double Period = SceneOptions.ControlPeriod;
    private const int Cycles = 60;

    private readonly RobotSetup _setup = RobotSetup.Load(Path.Combine(Repository.Root, "hardware", "config", "robots", "lab.yaml"), parametersFile: null, TimeProvider.System);
    private readonly ClearanceProbe _probe;

    public HandClearanceTests() => _probe = new ClearanceProbe(_setup.Scene);

    private MotionLimits Limits => _setup.Limits;

    public void Dispose()
    {
        _probe.Dispose();
        _setup.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [Fact]
    public void RailsAloneDoNotKeepFingersApart() =>
        Assert.True(Drive(new Guard(Limits), new Random(1), 20).Hands < 0, "no collision was found that the model has to prevent; are these tests still of use?");

    [Fact]
    public void NoSequenceOfTargetsBringsTheHandsTooNear() => Prop.ForAll(ArbMap.Default.GeneratorFor<int>().ToArbitrary(), seed =>
    {
        HandDistances nearest = Drive(new Guard(Limits, _setup.Clearance), new Random(seed), 2);
        Assert.True(nearest.Hands >= Limits.Clearance!.Hands, $"the hands came {nearest.Hands * 1000:0.0} mm near");
        Assert.True(nearest.Piano >= Limits.Clearance.Piano, $"the piano's frame came {nearest.Piano * 1000:0.0} mm near");
    }).Holds(20);

    [Fact]
    public void ALookAllocatesNothing()
    {
        double[] pose = Start();
        _setup.Clearance!.Slack(pose);
        Assert.Equal(0, Allocations.Fewest(() => _setup.Clearance.Slack(pose)));
    }

    /// <summary>Sends random targets through a guard, most of them hands that go for each other.</summary>
    /// <returns>The smallest distances of what was sent.</returns>
    private HandDistances Drive(Guard guard, Random random, int targets)
    {
        double[] pose = Start(), target = Start();
        guard.Reset(pose);
        var nearest = _probe.OfActuators(pose);
        for (int t = 0; t < targets; t++)
        {
            for (int i = 0; i < target.Length; i++)
                target[i] = random.Next(3) == 0 ? (random.Next(2) == 0 ? Limits.Lower[i] : Limits.Upper[i]) : Limits.Lower[i] + (random.NextDouble() * (Limits.Upper[i] - Limits.Lower[i]));
            // Towards each other: somewhere along the keyboard, at the smallest distance of the rails.
            target[Limits.LeftRail] = Limits.Lower[Limits.LeftRail] + (random.NextDouble() * (Limits.Upper[Limits.LeftRail] - Limits.Lower[Limits.LeftRail]));
            target[Limits.RightRail] = target[Limits.LeftRail] + Limits.MinimumSeparation - Limits.RailOffset;
            for (int cycle = 0; cycle < Cycles; cycle++)
                nearest = nearest.Nearest(_probe.OfActuators(guard.Apply(Period, [], target)));
        }
        return nearest;
    }

    private double[] Start()
    {
        var pose = new double[Limits.Layout.Count];
        for (int i = 0; i < pose.Length; i++)
            pose[i] = Math.Clamp(0, Limits.Lower[i], Limits.Upper[i]);
        return pose;
    }
}
