using FsCheck;
using FsCheck.Fluent;
using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Sim;
using RealTimeThread = Legato.Runtime.Loop.RealTimeThread;

namespace Legato.Tests.Runtime.Loop;

public class LoopPartsTests
{
    [Fact]
    public void Percentiles_are_those_of_the_sorted_list_within_a_bucket()
    {
        var durations = Gen.OneOf(Gen.Choose(0, 100), Gen.Choose(0, 100_000), Gen.Choose(0, int.MaxValue)).NonEmptyListOf();
        var cases = from list in durations from share in Gen.Choose(1, 100) select (list, share / 100.0);
        Prop.ForAll(cases.ToArbitrary(), pair =>
        {
            var histogram = new LatencyHistogram();
            foreach (int d in pair.list)
                histogram.Record(d);
            long exact = pair.list.Order().ElementAt((int)Math.Ceiling(pair.Item2 * pair.list.Count) - 1);
            Assert.InRange(histogram.Percentile(pair.Item2), exact, exact + (exact / 32) + 1);
            Assert.Equal(pair.list.Max(), histogram.Max);
            Assert.Equal(pair.list.Count, histogram.Count);
        }).Holds();
    }

    [Fact]
    public void The_histogram_takes_any_duration()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(long.MaxValue);
        histogram.Record(-5);
        Assert.Equal(long.MaxValue, histogram.Percentile(1));
        Assert.Equal(0, histogram.Percentile(0.5));
        histogram.Clear();
        Assert.Equal(new LatencySummary(0, 0, 0), histogram.Summary());
    }

    [Fact]
    public void The_ring_keeps_order_and_counts_what_it_drops()
    {
        var ring = new LoopEventRing(8);
        for (int i = 0; i < 11; i++)
            ring.Write(new LoopEvent(LoopEventKind.Overrun, i, 0));
        Assert.Equal(3, ring.Dropped);
        for (int i = 0; i < 8; i++)
        {
            Assert.True(ring.TryRead(out LoopEvent entry));
            Assert.Equal(i, entry.Cycle);
        }
        Assert.False(ring.TryRead(out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoopEventRing(6));
    }

    [Fact]
    public void The_ring_loses_nothing_between_two_threads_but_what_it_counts()
    {
        const int count = 200_000;
        var ring = new LoopEventRing(256);
        using var finished = new ManualResetEventSlim();
        var writer = new Thread(() =>
        {
            for (int i = 1; i <= count; i++)
                ring.Write(new LoopEvent(LoopEventKind.Skipped, i, -i));
            finished.Set();
        });
        writer.Start();
        long read = 0, last = 0;
        while (true)
        {
            bool ended = finished.IsSet;
            if (ring.TryRead(out LoopEvent entry))
            {
                Assert.True(entry.Cycle > last, "out of order");
                Assert.Equal(-entry.Cycle, entry.Detail);
                last = entry.Cycle;
                read++;
            }
            else if (ended)
            {
                break;
            }
        }
        writer.Join();
        Assert.Equal(count, read + ring.Dropped);
    }

    [Fact]
    public void Actuators_find_their_joints_by_name_and_coupled_ones_their_sum()
    {
        var map = new ActuatorMap(FakeRobot.Commands, FakeRobot.States);
        var state = new RobotState(FakeRobot.States);
        new FakeRobot(new FakeClock()).TryRead(state);
        double[] positions = new double[6];
        map.Positions(state, positions);
        for (int i = 0; i < 6; i++)
            Assert.Equal(FakeRobot.Start[i], positions[i], 12);
    }

    [Fact]
    public void An_actuator_without_its_joint_is_refused_by_name()
    {
        var joints = new JointLayout(["rh_FFJ1"], [JointUnit.Radian]);
        var actuators = new JointLayout(["rh_A_FFJ0"], [JointUnit.Radian]);
        Assert.Contains("rh_FFJ2", Assert.Throws<InputException>(() => new ActuatorMap(actuators, joints)).Message);
    }

    [Fact]
    public void The_monotonic_clock_never_wakes_early_and_does_not_wait_for_the_past()
    {
        var clock = new MonotonicClock();
        long start = clock.Now;
        for (int n = 1; n <= 20; n++)
        {
            clock.SleepUntil(start + (n * 500_000L));
            Assert.True(clock.Now >= start + (n * 500_000L), "woke early");
        }
        clock.SleepUntil(start);
        clock.SleepUntil(0);
        Assert.True(clock.IsRealTime);
    }

    [Fact]
    public void A_promotion_tells_the_truth_about_the_scheduler()
    {
        RealTimeGrant? grant = null;
        string policy = "";
        var thread = new Thread(() =>
        {
            grant = RealTimeThread.TryPromote(lockMemory: false);
            // Field 41 of proc(5) stat, counted after the name in brackets: 1 is SCHED_FIFO.
            string stat = File.ReadAllText("/proc/thread-self/stat");
            policy = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[38];
        });
        thread.Start();
        thread.Join();
        Assert.NotNull(grant);
        Assert.Equal(grant.Fifo ? "1" : "0", policy);
        Assert.False(grant.MemoryLocked);
        Assert.NotEmpty(grant.Summary);
    }

    [Fact]
    public void The_first_to_stop_is_named()
    {
        var stop = new StopRequest();
        Assert.False(stop.IsRequested);
        stop.Request("e-stop");
        stop.Request("SIGINT");
        Assert.True(stop.IsRequested);
        Assert.Equal("e-stop", stop.Source);
    }
}
