using Legato.Music;
using Legato.RobotDriver;
using Legato.Runtime.Recording;
using Legato.Runtime.Recording.Mcap;
using Legato.Sim;

using Rclcs;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.TrajectoryMsgs;

namespace Legato.Runtime.Experiments;

/// <summary>One cycle as recorded. Times are the robot's, ns.</summary>
/// <param name="Deadline">When it was due.</param>
/// <param name="Woke">When it began.</param>
/// <param name="Step">The policy's step, or −1.</param>
/// <param name="Sent">Targets as sent, in the order of the run's actuators.</param>
/// <param name="Pedal">Pedal as sent.</param>
/// <param name="Measured">Joint positions that the cycle saw, in the order of the run's joints; null when none was new.</param>
public sealed record RecordedCycle(long Deadline, long Woke, int Step, double[] Sent, double Pedal, double[]? Measured)
{
    /// <summary>When <see cref="Measured"/> was reported: the stamp of the robot's state.</summary>
    public long MeasuredStamp { get; init; }

    /// <summary>What the policy (or the move) wanted, in the order of the run's actuators.</summary>
    public double[] Target { get; init; } = [];
}

/// <summary>What a recording holds, decoded.</summary>
/// <param name="Joints">Names and units of the joints.</param>
/// <param name="Actuators">Names and units of the actuators.</param>
/// <param name="Cycles">Cycles in order.</param>
/// <param name="Keys">Key events in order; stamps in the robot's time.</param>
/// <param name="Loss">What is missing from the file, or null.</param>
public sealed record RecordedRun(JointLayout Joints, JointLayout Actuators, IReadOnlyList<RecordedCycle> Cycles, IReadOnlyList<KeyEvent> Keys, string? Loss)
{
    /// <summary>Reads the recording of a run.</summary>
    /// <exception cref="InputException">It is missing or damaged, or holds no cycles.</exception>
    public static RecordedRun Read(RunFolder folder)
    {
        using McapReader reader = folder.OpenRecording();
        long offset = Offset(reader);
        var joints = new JointState();
        var command = new JointTrajectory();
        var cycle = new LoopCycleMessage();
        var key = new KeyEventMessage();
        // The three messages of a cycle carry one log time; the file has them topic by topic.
        var measured = new Dictionary<long, (double[] Positions, long Stamp)>();
        var sent = new Dictionary<long, double[]>();
        var cycles = new List<(long LogTime, RecordedCycle Cycle)>();
        var keys = new List<KeyEvent>();
        foreach (McapMessage message in reader.Read())
        {
            switch (message.Channel.Topic)
            {
                case RunRecorder.JointTopic:
                    Cdr.Deserialize(message.Data.Span, joints);
                    measured[message.LogTime] = ([.. joints.Position], joints.Header.Stamp.TotalNanoseconds - offset);
                    break;
                case RunRecorder.CommandTopic:
                    Cdr.Deserialize(message.Data.Span, command);
                    sent[message.LogTime] = [.. command.Points[0].Positions];
                    break;
                case RunRecorder.KeyTopic:
                    Cdr.Deserialize(message.Data.Span, key);
                    keys.Add(new KeyEvent(key.Key, key.Down, key.Velocity, key.Stamp.TotalNanoseconds - offset));
                    break;
                case RunRecorder.CycleTopic:
                    Cdr.Deserialize(message.Data.Span, cycle);
                    cycles.Add((message.LogTime, new RecordedCycle(cycle.Deadline.TotalNanoseconds - offset, cycle.Woke.TotalNanoseconds - offset, cycle.Step, [], cycle.Pedal, null) { Target = [.. cycle.Target] }));
                    break;
            }
        }
        // A cut can leave a cycle without its command.
        RecordedCycle[] complete = [.. cycles.Where(c => sent.ContainsKey(c.LogTime))
            .Select(c => c.Cycle with { Sent = sent[c.LogTime], Measured = measured.GetValueOrDefault(c.LogTime).Positions, MeasuredStamp = measured.GetValueOrDefault(c.LogTime).Stamp })];
        if (complete.Length == 0)
            throw new InputException($"{folder.RecordingPath}: holds no cycle of the control loop; the run ended before anything moved");
        return new RecordedRun(Sim.Scene.PianoScene.LayoutOf(joints.Name), Sim.Scene.PianoScene.LayoutOf(command.JointNames), complete, keys, reader.Loss?.ToString());
    }

    /// <summary>Key events in seconds of the song: 0 is the deadline of its first step.</summary>
    /// <param name="leadIn">Steps of the policy before the song.</param>
    public IReadOnlyList<TimedKeyEvent> SongEvents(int leadIn)
    {
        long start = SongStart(leadIn);
        return [.. Keys.Select(k => new TimedKeyEvent((k.Stamp - start) * 1e-9, k.Key, k.Down))];
    }

    /// <summary>Deadline of the song's first step, in the robot's time; the first cycle's where the policy never began.</summary>
    public long SongStart(int leadIn)
    {
        RecordedCycle? first = Cycles.FirstOrDefault(c => c.Step >= 0);
        return first is null ? Cycles[0].Deadline : first.Deadline + ((leadIn - first.Step) * (long)(Sim.Scene.SceneOptions.ControlPeriod * 1e9));
    }

    private static long Offset(McapReader reader)
    {
        foreach (McapMetadata metadata in reader.Metadata)
        {
            if (metadata.Name == Recorder.ClockMetadata && long.TryParse(metadata.Values.GetValueOrDefault("offset_ns"), out long offset))
                return offset;
        }
        throw new InputException($"{reader.Name}: says nothing of its clock (metadata {Recorder.ClockMetadata}); it was not recorded by 'legato play'");
    }
}
