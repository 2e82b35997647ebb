using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.Sim.Limits;

namespace Legato.Tests.Runtime.Safety;

/// <summary>What the guard does when someone knows how much room a command leaves.</summary>
public class GuardClearanceTests
{
    private const double Dt = 0.05;
    private const int Finger = 0, Right = 1, Other = 2, Left = 3;

    private static readonly JointLayout Layout = new(
        ["rh_A_FFJ3", "rh_forearm_tx", "lh_A_FFJ3", "lh_forearm_tx"],
        [JointUnit.Radian, JointUnit.Metre, JointUnit.Radian, JointUnit.Metre]);

    private static readonly MotionLimits WithRails = MotionLimits.Create(
        Layout, [.. Enumerable.Repeat(new ActuatorLimit(-1, 1), 4)], new RailSeparation("rh_forearm_tx", "lh_forearm_tx", 0.3, -10));

    private static readonly MotionLimits WithoutRails = MotionLimits.Create(Layout, [.. Enumerable.Repeat(new ActuatorLimit(-1, 1), 4)]);

    [Fact]
    public void HandsThatAreTooNearMayPart()
    {
        Guard guard = At([0, 0.1, 0, 0], pose => pose[Right] - 0.5);
        Send(guard, [0, 0.09, 0, 0], [0, 0.1, 0, 0]);
        Assert.Equal(GuardReasons.Clearance, guard.Reasons[Right]);
        Send(guard, [0, 0.11, 0, 0], [0, 0.11, 0, 0]);
        Assert.Equal(GuardReasons.None, guard.Reasons[Right]);
        // What was gained is kept.
        Send(guard, [0, 0.105, 0, 0], [0, 0.11, 0, 0]);
        // Who stays where he is comes no nearer.
        Send(guard, [0.2, 0.11, 0, 0], [0.2, 0.11, 0, 0]);
    }

    [Fact]
    public void RoomMayBeUsedUp()
    {
        Guard guard = At([0, 0, 0, 0], pose => 0.5 - pose[Right]);
        Send(guard, [0, 0.4, 0, 0], [0, 0.4, 0, 0]);
        Send(guard, [0, 0.5, 0, 0], [0, 0.5, 0, 0]);
        Send(guard, [0, 0.6, 0, 0], [0, 0.5, 0, 0]);
        Send(guard, [0, 0.3, 0, 0], [0, 0.3, 0, 0]);
        Send(guard, [0, 0.45, 0, 0], [0, 0.45, 0, 0]);
    }

    [Fact]
    public void FingersPlayOnWhileBothRailsWait()
    {
        Guard guard = At([0, 0.1, 0, -0.1], pose => 0.2 - pose[Right] + pose[Left]);
        Send(guard, [0.02, 0.12, 0.03, -0.12], [0.02, 0.1, 0.03, -0.1]);
        Assert.Equal([GuardReasons.None, GuardReasons.Clearance, GuardReasons.None, GuardReasons.Clearance], guard.Reasons.ToArray());
        Assert.Equal(new GuardCounts(2, 0), guard.Counts);
        Assert.Equal(0.5, guard.ChangedShare);
        // The rails stand: their rate is gone, so that the next command begins from rest.
        Assert.Equal([0.02 / Dt, 0, 0.03 / Dt, 0], guard.Velocity.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EverythingWaitsWhereFingersAreInTheWay(bool rails)
    {
        Guard guard = At([0, 0, 0, 0], pose => -pose[Finger], rails ? WithRails : WithoutRails);
        Send(guard, [0.2, 0.1, 0.1, 0], [0, 0, 0, 0]);
        // What was to stay has not been held up.
        Assert.Equal([GuardReasons.Clearance, GuardReasons.Clearance, GuardReasons.Clearance, GuardReasons.None], guard.Reasons.ToArray());
        Assert.Equal([0, 0, 0, 0], guard.Velocity.ToArray());
    }

    [Fact]
    public void RailsThatComeFirstWaitAlone()
    {
        var rails = new JointLayout(["rh_forearm_tx", "lh_forearm_tx", "rh_A_FFJ3"], [JointUnit.Metre, JointUnit.Metre, JointUnit.Radian]);
        MotionLimits limits = MotionLimits.Create(rails, [.. Enumerable.Repeat(new ActuatorLimit(-1, 1), 3)], new RailSeparation("rh_forearm_tx", "lh_forearm_tx", 0.3, -10));
        Guard guard = At([0, 0, 0], pose => -pose[0], limits);
        Send(guard, [0.1, 0.1, 0.1], [0, 0, 0.1]);
    }

    [Fact]
    public void RoomThatHeldRailsLeaveIsRemembered()
    {
        Guard guard = At([0, 0, 0, 0], pose => -0.2 + pose[Finger] - pose[Right]);
        // The finger makes room, the rail would take more than that.
        Send(guard, [0.1, 0.3, 0, 0], [0.1, 0, 0, 0]);
        Send(guard, [0.05, 0, 0, 0], [0.1, 0, 0, 0]);
    }

    [Fact]
    public void ALiftGoesOnWhereRoomIsShort()
    {
        Guard guard = At([0, 0, 0, 0], pose => -pose[Right]);
        Assert.Equal([0, 0.01, 0, 0], guard.Apply(Dt, [], [0, 0.01, 0, 0], isLift: true).ToArray());
        Assert.Equal(GuardReasons.None, guard.Reasons[Right]);
    }

    [Fact]
    public void RoomIsLookedAtWhereARunBegins()
    {
        var guard = new Guard(WithRails, new Room(pose => 0.5 - pose[Right]));
        guard.Reset([0, 0.9, 0, 0]);
        guard.Reset([0, 0.2, 0, 0]);
        Send(guard, [0, 0.7, 0, 0], [0, 0.2, 0, 0]);
    }

    private static Guard At(double[] pose, Func<double[], double> slack, MotionLimits? limits = null)
    {
        var guard = new Guard(limits ?? WithRails, new Room(slack));
        guard.Reset(pose);
        return guard;
    }

    private static void Send(Guard guard, double[] target, double[] expected) => Assert.Equal(expected, guard.Apply(Dt, [], target).ToArray());

    private sealed class Room(Func<double[], double> slack) : IClearance
    {
        public double Slack(ReadOnlySpan<double> actuators) => slack(actuators.ToArray());
    }
}
