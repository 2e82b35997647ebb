using Legato.RobotDriver;
using Legato.Sim;

namespace Legato.Tests.Runtime.Explain;

/// <summary>A robot whose clock oversleeps and whose keyboard tells late or not at all.</summary>
internal sealed class FaultyRobot(IRobot robot) : IRobot, IRobotClock
{
    /// <summary>How much later than asked for the clock wakes once the song is under way, ns.</summary>
    public long Oversleeps { get; init; }

    /// <summary>When oversleeping begins, ns.</summary>
    public long From { get; init; } = 2_000_000_000;

    /// <summary>Changes or drops (null) a key event.</summary>
    public Func<KeyEvent, KeyEvent?> Keyboard { get; init; } = key => key;

    public string Name => robot.Name;

    public JointLayout Actuators => robot.Actuators;

    public JointLayout Joints => robot.Joints;

    public IRobotClock Clock => this;

    public IReadOnlyList<StreamLoss> Losses => robot.Losses;

    public long Now => robot.Clock.Now;

    public bool IsRealTime => false;

    public void SleepUntil(long deadline) => robot.Clock.SleepUntil(deadline > From ? deadline + Oversleeps : deadline);

    public Task ConnectAsync(CancellationToken cancellation) => robot.ConnectAsync(cancellation);

    public bool TryRead(RobotState state) => robot.TryRead(state);

    public bool TryReadKey(out KeyEvent key)
    {
        while (robot.TryReadKey(out key))
        {
            if (Keyboard(key) is { } told)
            {
                key = told;
                return true;
            }
        }
        return false;
    }

    public void Write(ReadOnlySpan<double> targets, double pedal) => robot.Write(targets, pedal);

    public ValueTask DisposeAsync() => robot.DisposeAsync();
}
