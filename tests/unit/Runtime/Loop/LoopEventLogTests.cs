using System.Globalization;
using Legato.Runtime.Loop;
using Legato.Runtime.Safety;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Legato.Tests.Runtime.Loop;

public class LoopEventLogTests
{
    [Fact]
    public async Task Everything_in_the_ring_is_logged_before_the_log_ends()
    {
        var sink = new Lines();
        using Logger log = new LoggerConfiguration().WriteTo.Sink(sink).CreateLogger();
        var ring = new LoopEventRing(4);
        await using (new LoopEventLog(ring, FakeRobot.Commands, log, TimeProvider.System))
        {
            ring.Write(new LoopEvent(LoopEventKind.Transition, 0, (int)RunState.Homing));
            ring.Write(new LoopEvent(LoopEventKind.Overrun, 7, (int)LoopSection.Policy));
            ring.Write(new LoopEvent(LoopEventKind.Skipped, 7, 3));
            ring.Write(new LoopEvent(LoopEventKind.Rejected, 9, 1));
        }
        Assert.Equal(["homing (cycle 0)", "cycle 7 overran; Policy took longest", "3 cycles left out after cycle 7"], sink.Texts[..3]);
        Assert.Contains("rh_A_FFJ3", sink.Texts[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dropped_events_are_mentioned()
    {
        var sink = new Lines();
        using Logger log = new LoggerConfiguration().WriteTo.Sink(sink).CreateLogger();
        var ring = new LoopEventRing(1);
        ring.Write(new LoopEvent(LoopEventKind.Skipped, 1, 1));
        ring.Write(new LoopEvent(LoopEventKind.Skipped, 2, 1));
        await using (new LoopEventLog(ring, FakeRobot.Commands, log, TimeProvider.System))
        {
        }
        Assert.Equal("1 events of the control loop were dropped", sink.Texts[^1]);
    }

    private sealed class Lines : ILogEventSink
    {
        public List<string> Texts { get; } = [];

        public void Emit(LogEvent logEvent) => Texts.Add(logEvent.RenderMessage(CultureInfo.InvariantCulture));
    }
}
