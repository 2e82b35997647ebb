using System.Globalization;
using Legato.RobotDriver;
using Legato.Runtime.Safety;
using Legato.Sim.Limits;

namespace Legato.Runtime.Loop;

/// <summary>What must hold before anything moves: a fresh, sane measured pose and a first target that can be reached.</summary>
internal static class StartPose
{
    // Rails that held a target near the minimum may rest a little nearer; the guard then moves the hands apart first, m.
    private const double SeparationTolerance = 0.005;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Reads a measured state that is not stale, waiting up to a second for one.</summary>
    /// <exception cref="InputException">None came.</exception>
    public static void ReadFresh(IRobot robot, RobotState state, StateWatchdog watchdog, TimeSpan period)
    {
        IRobotClock clock = robot.Clock;
        long start = clock.Now;
        bool any = false;
        while (true)
        {
            any |= robot.TryRead(state);
            long now = clock.Now;
            if (any && !watchdog.IsStale(now, state.Stamp))
                return;
            if (now - start > Patience.Ticks * TimeSpan.NanosecondsPerTick)
            {
                string age = any ? $"the newest joint state is {(now - state.Stamp) / 1_000_000} ms old" : "no joint state arrived";
                throw new InputException($"{robot.Name}: {age}; is the hand's driver running and its clock this machine's?");
            }
            clock.SleepUntil(now + (period.Ticks * TimeSpan.NanosecondsPerTick / 4));
        }
    }

    /// <summary>Refuses to start from a pose that the limits or the numbers do not make sense of.</summary>
    /// <exception cref="InputException">Names the joint, or the hands that are too close.</exception>
    public static void Check(MotionLimits limits, ReadOnlySpan<double> pose, double tolerance)
    {
        for (int i = 0; i < pose.Length; i++)
        {
            // Written so that NaN fails too.
            if (!(pose[i] >= limits.Lower[i] - tolerance && pose[i] <= limits.Upper[i] + tolerance))
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture,
                    $"{limits.Layout.Names[i]} is measured at {pose[i]:0.###}, outside {limits.Lower[i]:0.###}..{limits.Upper[i]:0.###}; check calibration and joint order"));
            }
        }
        if (!(limits.SeparationIn(pose) >= limits.MinimumSeparation - SeparationTolerance))
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture,
                $"the hands are {limits.SeparationIn(pose):0.###} m apart, less than the {limits.MinimumSeparation:0.###} m they must keep; move them apart"));
        }
    }

    /// <summary>Brings a first target into the limits.</summary>
    /// <exception cref="InputException">It has no number for an actuator, or brings the hands too close.</exception>
    public static void Confine(MotionLimits limits, Span<double> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            if (!double.IsFinite(target[i]))
                throw new InputException($"the policy's first target for {limits.Layout.Names[i]} is not a number");
            target[i] = Math.Clamp(target[i], limits.Lower[i], limits.Upper[i]);
        }
        if (!(limits.SeparationIn(target) >= limits.MinimumSeparation))
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture,
                $"the policy starts with the hands {limits.SeparationIn(target):0.###} m apart, less than the {limits.MinimumSeparation:0.###} m they must keep"));
        }
    }
}
