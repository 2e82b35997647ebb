using Legato.Runtime.Loop;
using Legato.Runtime.Safety;

namespace Legato.Tests.Runtime.Loop;

public class TimeHonestyTests
{
    [Theory]
    [InlineData(LoopSection.Read)]
    [InlineData(LoopSection.Keys)]
    [InlineData(LoopSection.Policy)]
    [InlineData(LoopSection.Guard)]
    [InlineData(LoopSection.Write)]
    [InlineData(LoopSection.Record)]
    public async Task Every_missed_deadline_names_the_section_to_blame(LoopSection culprit)
    {
        int step = -1;
        var room = new SlowRoom();
        var rig = new FakeRig(steps: 40, options: new ControlLoopOptions { StateLimit = TimeSpan.FromSeconds(1) }, clearance: room);
        room.OnLook = () => Stall(LoopSection.Guard);
        rig.Robot.OnReadKey = () => Stall(LoopSection.Keys);
        void Stall(LoopSection here)
        {
            // Once each: the step is still the last one's while the next cycle reads.
            if (here != culprit || step is not (10 or 20))
                return;
            rig.Clock.Advance(step == 10 ? 57 : 130);
            step = -1;
        }
        rig.Policy.OnStep = s =>
        {
            step = s;
            Stall(LoopSection.Policy);
        };
        rig.Robot.OnRead = () => Stall(LoopSection.Read);
        rig.Robot.OnWrite = () => Stall(LoopSection.Write);
        rig.Tape.OnEntry = _ => Stall(LoopSection.Record);
        LoopReport report = await rig.Play();

        MissedDeadline[] missed = [.. report.Timing.Missed];
        Assert.Equal(report.Timing.Overruns, missed.Length);
        Assert.All(missed, m => Assert.Equal(culprit, m.Section));
        Assert.Equal([57_000.0, 130_000.0], missed.Select(m => m.SectionUs));
        Assert.Equal([7_000.0, 80_000.0], missed.Select(m => m.LateUs));
        Assert.Equal([0L, 1L], missed.Select(m => m.LeftOut));
        Assert.Equal(1, report.Timing.Skipped);
    }

    [Fact]
    public async Task A_wait_that_ends_too_late_is_blamed_on_the_wait()
    {
        var rig = new FakeRig(steps: 40, options: new ControlLoopOptions { StateLimit = TimeSpan.FromSeconds(1) });
        rig.Policy.OnStep = step => rig.Clock.Lateness = step == 10 ? 90 * FakeClock.Millisecond : 0;
        LoopReport report = await rig.Play();
        MissedDeadline missed = Assert.Single(report.Timing.Missed);
        Assert.Equal((LoopSection.Wait, 90_000, 40_000), (missed.Section, missed.SectionUs, missed.LateUs));
    }

    [Fact]
    public async Task Cadences_are_measured_apart()
    {
        var rig = new FakeRig(steps: 40);
        LoopReport report = await rig.Play();
        Assert.Equal([LoopCadence.Command, LoopCadence.Inference, LoopCadence.Recording], report.Timing.Cadences.Select(c => c.Cadence));
        // Inference ends with the last step; commands and recording go on through the lift.
        Assert.Equal(39, report.Timing.Cadences[1].Count);
        Assert.True(report.Timing.Cadences[0].Count > 39);
        Assert.Equal(report.Timing.Cadences[0].Count, report.Timing.Cadences[2].Count);
        Assert.All(report.Timing.Cadences, c => Assert.Equal(50_000, c.IntervalUs.Max));
    }

    [Fact]
    public async Task The_age_of_states_is_counted()
    {
        var rig = new FakeRig(steps: 40);
        rig.Policy.OnStep = step => rig.Robot.StampOffsetMs = step is >= 10 and < 15 ? -60 : -20;
        LoopReport report = await rig.Play();
        Assert.Equal(RunState.Stopped, report.State);
        Assert.Equal(5, report.Timing.AgedStates);
        Assert.Equal(60_000, report.Timing.StateAgeUs.Max);
    }

    private sealed class SlowRoom : IClearance
    {
        public Action? OnLook { get; set; }

        public double Slack(ReadOnlySpan<double> actuators)
        {
            OnLook?.Invoke();
            return 0;
        }
    }

    [Fact]
    public void The_ledger_keeps_the_newest_in_order()
    {
        var ledger = new MissedDeadlines();
        for (int i = 0; i < MissedDeadlines.Capacity + 6; i++)
            ledger.Add(i, LoopSection.Policy, 1000, 2000);
        ledger.LeaveOut(MissedDeadlines.Capacity + 5, LoopSection.Policy, 3);
        // A cycle that threw has no entry yet.
        ledger.LeaveOut(99, LoopSection.Write, 4);
        IReadOnlyList<MissedDeadline> kept = ledger.Report();
        Assert.Equal(MissedDeadlines.Capacity, kept.Count);
        Assert.Equal(7, kept[0].Cycle);
        Assert.Equal(kept.OrderBy(m => m.Cycle), kept);
        Assert.Equal(3, kept[^2].LeftOut);
        Assert.Equal(new MissedDeadline(99, LoopSection.Write, 0, 0, 4), kept[^1]);
        Assert.Equal(0, Allocations.Fewest(() => ledger.Add(1, LoopSection.Policy, 1, 1)));
        ledger.Clear();
        Assert.Empty(ledger.Report());
    }
}
