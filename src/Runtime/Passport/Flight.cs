using Legato.Music;
using Legato.Policy.Bundles;
using Legato.RobotDriver;
using Legato.Runtime.Experiments;
using Legato.Runtime.Loop;
using Legato.Runtime.Safety;
using Legato.Sim.Limits;
using Legato.Sim.Scene;

namespace Legato.Runtime.Passport;

/// <summary>One performance in the simulator, by the code that plays on the robot: loop, policy, guard, lift.</summary>
/// <param name="F1">RoboPianist's F1.</param>
/// <param name="OnsetF1">Onset F1.</param>
/// <param name="Ended">How it ended; <see cref="PlayReport.Completed"/> if as intended.</param>
/// <param name="Speeds">Greatest speed of each drive, rad/s or m/s.</param>
/// <param name="Forces">Greatest force of each drive, N·m or N.</param>
/// <param name="HandClearance">Smallest distance between the hands, m.</param>
/// <param name="PianoClearance">Smallest distance of a hand from the piano's frame, m.</param>
/// <param name="Clamps">Commands, one drive in one cycle each, that the guard changed, by reason.</param>
/// <param name="Commands">Commands in all.</param>
internal sealed record Flight(
    double F1, double OnsetF1, string Ended, double[] Speeds, double[] Forces, double HandClearance, double PianoClearance, IReadOnlyDictionary<GuardReasons, long> Clamps, long Commands)
{
    /// <summary>Flies.</summary>
    /// <param name="scene">The rig.</param>
    /// <param name="model">The scene that the policy thinks with.</param>
    /// <param name="limits">What the guard allows.</param>
    /// <param name="song">What to play.</param>
    /// <param name="bundle">How.</param>
    /// <param name="time">Measures the loop's sections.</param>
    /// <param name="stop">Breaks it off.</param>
    public static async Task<Flight> RunAsync(PianoScene scene, PianoScene model, MotionLimits limits, PlayableSong song, PolicyBundle bundle, TimeProvider time, CancellationToken stop)
    {
        await using var robot = new FlightRobot(scene);
        using Safety.HandClearance? clearance = Safety.HandClearance.For(limits, model);
        var loop = new ControlLoop(robot, PlaySession.PolicyOf(bundle, model, song.Trajectory), limits, new ControlLoopOptions(), time, clearance: clearance);
        await loop.ConnectAsync(stop);
        using CancellationTokenRegistration onStop = stop.Register(() => loop.Stop.Request("passport"));
        var log = new Log(bundle.Manifest.LeadIn);
        LoopReport report = await loop.RunAsync(log);
        stop.ThrowIfCancellationRequested();
        PerformanceScore score = song.Judge(log.Events);
        return new Flight(
            score.F1, score.OnsetF1, PlayReport.EndOf(report.Cause), robot.Speeds, robot.Forces, robot.Nearest.Hands, robot.Nearest.Piano, log.Clamps, log.Commands);
    }

    private sealed class Log(int leadIn) : IRunObserver
    {
        private readonly List<KeyEvent> _keys = [];
        private long _start = -1;

        public Dictionary<GuardReasons, long> Clamps { get; } = [];

        public long Commands { get; private set; }

        /// <summary>Keys that sounded, in seconds of the song.</summary>
        public IReadOnlyList<TimedKeyEvent> Events => [.. _keys.Select(k => new TimedKeyEvent((k.Stamp - _start) * 1e-9, k.Key, k.Down))];

        public void OnCycle(in CycleRecord cycle)
        {
            if (_start < 0 && cycle.Step >= 0)
                _start = cycle.Deadline + ((leadIn - cycle.Step) * (long)(SceneOptions.ControlPeriod * 1e9));
            if (cycle.State != RunState.Playing)
                return;
            Commands += cycle.Reasons.Length;
            foreach (GuardReasons reasons in cycle.Reasons)
            {
                if (reasons != GuardReasons.None)
                    Clamps[reasons] = Clamps.GetValueOrDefault(reasons) + 1;
            }
        }

        public void OnKey(in KeyEvent key) => _keys.Add(key);

        public void OnTransition(in RunTransition transition)
        {
        }
    }
}
