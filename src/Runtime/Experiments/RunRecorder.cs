using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Runtime.Recording;
using Legato.Runtime.Safety;
using Legato.Sim;

using Rclcs;
using Rclcs.Messages.BuiltinInterfaces;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.StdMsgs;
using Rclcs.Messages.TrajectoryMsgs;

namespace Legato.Runtime.Experiments;

/// <summary>Records a run: measured joints, commands as sent, key events, and every cycle with the guard's reasons.</summary>
/// <remarks>Called on the control thread; messages and buffers are prepared, so that nothing is allocated.</remarks>
public sealed class RunRecorder : IRunObserver
{
    /// <summary>Measured joint states.</summary>
    public const string JointTopic = "/joint_states";

    /// <summary>Position targets as sent.</summary>
    public const string CommandTopic = "/legato/commands";

    /// <summary>Key events.</summary>
    public const string KeyTopic = "/legato/keys";

    /// <summary>Cycles of the loop.</summary>
    public const string CycleTopic = "/legato/cycles";

    private readonly LogClock _clock;
    private readonly RecordingStream _joints;
    private readonly RecordingStream _commands;
    private readonly RecordingStream _keys;
    private readonly RecordingStream _cycles;
    private readonly JointState _jointState = new();
    private readonly JointTrajectory _command = new() { Points = [new JointTrajectoryPoint()] };
    private readonly KeyEventMessage _key = new();
    private readonly LoopCycleMessage _cycle = new();
    private readonly byte[] _buffer;

    /// <summary>Adds the streams of a run to a recorder that has not started.</summary>
    /// <param name="recorder">Where to.</param>
    /// <param name="clock">From the robot's time to UNIX time.</param>
    /// <param name="joints">The robot's joints.</param>
    /// <param name="actuators">The robot's actuators.</param>
    public RunRecorder(Recorder recorder, LogClock clock, JointLayout joints, JointLayout actuators)
    {
        _clock = clock;
        _joints = recorder.AddStream(JointTopic, JointState.TypeName, JointState.Definition);
        _commands = recorder.AddStream(CommandTopic, JointTrajectory.TypeName, JointTrajectory.Definition);
        _keys = recorder.AddStream(KeyTopic, KeyEventMessage.TypeName, KeyEventMessage.Definition);
        _cycles = recorder.AddStream(CycleTopic, LoopCycleMessage.TypeName, LoopCycleMessage.Definition);
        _jointState.Name.AddRange(joints.Names);
        _command.JointNames.AddRange(actuators.Names);
        Resize(_jointState.Position, joints.Count);
        Resize(_jointState.Velocity, joints.Count);
        Resize(_command.Points[0].Positions, actuators.Count);
        Resize(_cycle.Target, actuators.Count);
        _cycle.Reasons.EnsureCapacity(actuators.Count);
        int largest = Math.Max(Cdr.Measure(_jointState), Math.Max(Cdr.Measure(_command), Cdr.Measure(_cycle) + ((actuators.Count + 1) * sizeof(double))));
        _buffer = new byte[largest];
    }

    /// <inheritdoc/>
    public void OnCycle(in CycleRecord cycle)
    {
        long now = _clock.ToLogTime(cycle.Woke);
        if (cycle.Fresh)
        {
            long measured = _clock.ToLogTime(cycle.Measured.Stamp);
            _jointState.Header.Stamp = Time.FromNanoseconds(measured);
            Copy(cycle.Measured.Positions, _jointState.Position);
            Copy(cycle.Measured.Velocities, _jointState.Velocity);
            Write(_joints, _jointState, now, measured);
        }
        _command.Header.Stamp = Time.FromNanoseconds(now);
        Copy(cycle.Sent, _command.Points[0].Positions);
        Write(_commands, _command, now, now);

        _cycle.Deadline = Time.FromNanoseconds(_clock.ToLogTime(cycle.Deadline));
        _cycle.Woke = Time.FromNanoseconds(now);
        (_cycle.Cycle, _cycle.Step, _cycle.State, _cycle.Fresh, _cycle.Pedal) = ((uint)cycle.Cycle, cycle.Step, (byte)cycle.State, cycle.Fresh, cycle.Pedal);
        Copy(cycle.Target, _cycle.Target);
        CopyReasons(cycle.Reasons);
        Write(_cycles, _cycle, now, now);
    }

    /// <inheritdoc/>
    public void OnKey(in KeyEvent key)
    {
        long stamp = _clock.ToLogTime(key.Stamp);
        _key.Stamp = Time.FromNanoseconds(stamp);
        (_key.Key, _key.Down, _key.Velocity) = (key.Key, key.Down, key.Velocity);
        Write(_keys, _key, stamp, stamp);
    }

    /// <inheritdoc/>
    public void OnTransition(in RunTransition transition)
    {
        // The state stands in every cycle.
    }

    private static void Resize(List<double> list, int count) => System.Runtime.InteropServices.CollectionsMarshal.SetCount(list, count);

    private static void Copy(ReadOnlySpan<double> from, List<double> to) => from.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(to));

    private void CopyReasons(ReadOnlySpan<GuardReasons> reasons)
    {
        _cycle.Reasons.Clear();
        if (reasons.IndexOfAnyExcept(GuardReasons.None) < 0)
            return;
        foreach (GuardReasons reason in reasons)
            _cycle.Reasons.Add((double)reason);
    }

    private void Write<T>(RecordingStream stream, T message, long logTime, long publishTime)
        where T : class, IMessage<T>, new()
    {
        int length = Cdr.Serialize(message, _buffer);
        stream.TryWrite(_buffer.AsSpan(0, length), logTime, publishTime);
    }
}
