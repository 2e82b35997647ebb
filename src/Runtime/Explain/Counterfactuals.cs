using Legato.Music;
using Legato.Policy;
using Legato.RobotDriver;
using Legato.Runtime.Experiments;
using Legato.Sim;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Runtime.Explain;

/// <summary>Plays parts of a recorded run again in the simulator, to see which notes they would have brought.</summary>
internal sealed class Counterfactuals
{
    // What stays of the last command behind the recording's end, ns.
    private const long Tail = 500_000_000;

    // What a keystroke takes around the onset, s.
    private const double Before = 0.05, After = 0.2;

    private readonly RecordedRun _run;
    private readonly PianoScene _scene;
    private readonly long _songStart;
    private readonly double[] _offsets;
    private readonly long[] _lags;

    /// <summary>Prepares.</summary>
    /// <param name="run">The recording.</param>
    /// <param name="scene">The simulator that the run believed in, parameters applied; it stays the caller's.</param>
    /// <param name="parameters">These parameters.</param>
    /// <param name="songStart">When the song began, in the robot's time, ns.</param>
    public Counterfactuals(RecordedRun run, PianoScene scene, SimParameters parameters, long songStart)
    {
        (_run, _scene, _songStart) = (run, scene, songStart);
        _offsets = JointReports.Zeros(scene, parameters);
        _lags = [.. JointReports.Lags(scene, parameters).Select(lag => (long)(1e9 * lag))];
    }

    /// <summary>Onsets, in seconds of the song, of commands on time.</summary>
    /// <param name="commands">What each cycle sends.</param>
    /// <param name="plan">What steps would have sent that came too late and were left out; null to go straight from one neighbour to the other.</param>
    public Task<IReadOnlyList<Onset>> OnTimeAsync(Func<RecordedCycle, double[]> commands, CommandTable? plan)
    {
        var sent = new List<(long Time, double[] Targets)>();
        RecordedCycle? last = null;
        foreach (RecordedCycle cycle in _run.Cycles)
        {
            for (int step = last is { Step: >= 0 } ? last.Step + 1 : cycle.Step; step < cycle.Step; step++)
            {
                double share = (double)(step - last!.Step) / (cycle.Step - last.Step);
                sent.Add((
                    (long)double.Lerp(last.Deadline, cycle.Deadline, share),
                    plan is not null ? plan[step].ToArray() : [.. commands(last).Zip(commands(cycle), (a, b) => double.Lerp(a, b, share))]));
            }
            sent.Add((cycle.Deadline, commands(cycle)));
            last = cycle;
        }
        return PlayAsync(_scene, sent, null);
    }

    /// <summary>Onsets of what was sent, when it was sent.</summary>
    /// <param name="rig">The simulator, or one that differs from it in parameters.</param>
    /// <param name="motion">Receives the simulated joints; null for nobody.</param>
    public Task<IReadOnlyList<Onset>> AsSentAsync(PianoScene rig, MotionTrace? motion = null) => PlayAsync(rig, [.. _run.Cycles.Select(c => (c.Woke, c.Sent))], motion);

    /// <summary>Root mean square difference of simulated and measured joints of the hands around a time, rad.</summary>
    /// <param name="motion">The simulated joints.</param>
    /// <param name="time">Seconds of the song.</param>
    public double DistanceOf(MotionTrace motion, double time)
    {
        double sum = 0;
        int count = 0;
        foreach (RecordedCycle cycle in _run.Cycles)
        {
            double at = (cycle.MeasuredStamp - _songStart) * 1e-9;
            if (cycle.Measured is null || at < time - Before || at > time + After)
                continue;
            for (int j = 0; j < _lags.Length; j++)
            {
                if (_scene.Joints.Units[j] == JointUnit.Metre)
                    continue;
                double error = cycle.Measured[j] - _offsets[j] - motion.At(cycle.MeasuredStamp - _lags[j])[j];
                sum += error * error;
                count++;
            }
        }
        return count == 0 ? 0 : Math.Sqrt(sum / count);
    }

    /// <summary>Onsets of the measured motion: the joints go where they were measured, whatever it takes.</summary>
    public IReadOnlyList<Onset> AsMeasured()
    {
        RecordedCycle[] cycles = [.. _run.Cycles.Where(c => c.Measured is not null)];
        if (cycles.Length < 2)
            return [];
        using var world = new PianoWorld(_scene);
        world.Reset();
        var onsets = new List<Onset>();
        bool[] down = new bool[PianoGeometry.KeyCount];
        int at = 0;
        long step = (long)(1e9 * _scene.Options.Timestep);
        for (long now = cycles[0].MeasuredStamp; now < cycles[^1].MeasuredStamp; now += step)
        {
            while (at + 2 < cycles.Length && cycles[at + 1].MeasuredStamp <= now)
                at++;
            for (int j = 0; j < _lags.Length; j++)
            {
                (double position, double velocity) = Between(cycles, at, j, now + _lags[j]);
                world.Data.Qpos[_scene.JointQposAddresses[j]] = position - _offsets[j];
                world.Data.Qvel[_scene.JointDofAddresses[j]] = velocity;
            }
            world.Step();
            for (int key = 0; key < down.Length; key++)
            {
                if (world.KeysDown[key] && !down[key])
                    onsets.Add(new Onset(((now + step - _songStart) * 1e-9) + _scene.Drives.KeyLatency, key));
                down[key] = world.KeysDown[key];
            }
        }
        return onsets;
    }

    // The cycles around a time that is up to some lag later than the given one's.
    private static (double Position, double Velocity) Between(RecordedCycle[] cycles, int at, int joint, long time)
    {
        while (at + 2 < cycles.Length && cycles[at + 1].MeasuredStamp <= time)
            at++;
        RecordedCycle a = cycles[at], b = cycles[at + 1];
        double span = Math.Max(1, b.MeasuredStamp - a.MeasuredStamp), share = Math.Clamp((time - a.MeasuredStamp) / span, 0, 1);
        return (double.Lerp(a.Measured![joint], b.Measured![joint], share), (b.Measured[joint] - a.Measured[joint]) / span * 1e9);
    }

    private async Task<IReadOnlyList<Onset>> PlayAsync(PianoScene rig, List<(long Time, double[] Targets)> commands, MotionTrace? motion)
    {
        await using var robot = new SimRobot("explain", rig);
        if (_run.Cycles.FirstOrDefault(c => c.Measured is not null)?.Measured is { } pose)
            robot.World.SetJoints(pose);
        var onsets = new List<Onset>();
        long origin = commands[0].Time;
        foreach ((long time, double[] targets) in commands)
        {
            Advance(time);
            robot.Write(targets, 0);
        }
        Advance(commands[^1].Time + Tail);
        return onsets;

        void Advance(long time)
        {
            while (robot.Clock.Now < time - origin)
            {
                robot.Clock.SleepUntil(Math.Min(time - origin, robot.Clock.Now + MotionTrace.Interval));
                motion?.Add(robot.Clock.Now + origin, robot.World);
            }
            while (robot.TryReadKey(out KeyEvent key))
            {
                if (key.Down)
                    onsets.Add(new Onset((key.Stamp + origin - _songStart) * 1e-9, key.Key));
            }
        }
    }
}
