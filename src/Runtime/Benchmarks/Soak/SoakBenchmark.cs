using System.Text.Json.Nodes;

using Legato.Policy;
using Legato.RobotDriver;
using Legato.Runtime.Experiments;
using Legato.Runtime.Loop;
using Legato.Sim;
using Legato.Sim.Scene;

using Serilog;

namespace Legato.Runtime.Benchmarks.Soak;

/// <summary>Plays for a long time on a robot while the machine has other work, and reports what a short run cannot show.</summary>
/// <param name="folder">Receives the recording.</param>
/// <param name="time">Wall clock and timers.</param>
/// <param name="log">Receives what the operator should know.</param>
public sealed class SoakBenchmark(string folder, TimeProvider time, ILogger log)
{
    /// <summary>A cycle that begins later than this has missed its deadline.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMilliseconds(5);

    private const double WarmUpShare = 0.1;

    /// <summary>Runs.</summary>
    /// <param name="setup">The robot, started and not connected.</param>
    /// <param name="policy">What is played, again and again.</param>
    /// <param name="length">How long.</param>
    /// <param name="stop">Ends it early: the hands lift, and the report is of the time so far.</param>
    /// <exception cref="InputException">The run could not start.</exception>
    public async Task<SoakReport> RunAsync(RobotSetup setup, IPolicy policy, TimeSpan length, CancellationToken stop)
    {
        using var witness = new SoakWitness(folder);
        var request = new RunRequest(
            "soak", setup.Robot, new Repeated(policy, (int)(length.TotalSeconds / SceneOptions.ControlPeriod)), setup.Limits, new JsonObject { ["soak_minutes"] = length.TotalMinutes }, setup.Files)
        {
            Watchdog = setup.Watchdog,
            Clearance = setup.Clearance,
            Observer = witness,
        };
        TimeSpan pausesBefore = GC.GetTotalPauseDuration();
        witness.Start();
        return await new RunSession(folder, time, log).RunAsync(
            request, run => Summarise(run, witness, length * WarmUpShare, GC.GetTotalPauseDuration() - pausesBefore), stop);
    }

    private static SoakReport Summarise(FinishedRun run, SoakWitness witness, TimeSpan warmUp, TimeSpan pauses)
    {
        LoopTimingReport timing = run.Report.Timing;
        (double start, double end, double slope) = witness.Memory(warmUp);
        return new SoakReport
        {
            Minutes = timing.Cycles * SceneOptions.ControlPeriod / 60,
            Ended = PlayReport.EndOf(run.Report),
            RealTime = run.Report.RealTime,
            Cycles = timing.Cycles,
            Late = witness.Late,
            Overruns = timing.Overruns + timing.Skipped,
            LatenessUs = timing.LatenessUs,
            AllocatedBytes = timing.AllocatedBytes,
            GcCount = timing.GcCount,
            GcPauseMs = pauses.TotalMilliseconds,
            MemoryStartMb = start,
            MemoryEndMb = end,
            MemorySlope = slope,
            RecorderLagMs = witness.RecorderLagMs,
            Recorded = run.Losses.Sum(l => l.Received),
            Lost = run.Losses.Where(l => l.Lost > 0).ToDictionary(l => l.Stream, l => l.Lost),
            Quality = $"{run.Quality.Grade}: {run.Quality.Reason}",
        };
    }

    private sealed class Repeated(IPolicy policy, int steps) : IPolicy
    {
        public JointLayout Actuators => policy.Actuators;

        public int Steps => steps;

        public void Hear(in KeyEvent key) => policy.Hear(key);

        public void Act(int step, RobotState measured, long now, Span<double> targets, out double pedal) => policy.Act(step % policy.Steps, measured, now, targets, out pedal);
    }
}
