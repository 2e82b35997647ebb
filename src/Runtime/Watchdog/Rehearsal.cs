using Legato.RobotDriver;
using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.Sim.Limits;

using Rclcs;

namespace Legato.Runtime.Watchdog;

/// <summary>Runs a whole takeover against nothing, so that the one that counts runs compiled code.</summary>
internal static class Rehearsal
{
    /// <summary>Lifts hands that are not there, in a time that passes at once.</summary>
    /// <param name="path">Where a page may lie for a moment.</param>
    /// <param name="limits">What the guard allows.</param>
    /// <param name="joints">Order of states.</param>
    /// <param name="options">Times.</param>
    /// <returns>What was done.</returns>
    public static WatchdogNote? Run(string path, MotionLimits limits, JointLayout joints, WatchdogOptions options)
    {
        using var page = WatchdogPage.Create(path, limits.Layout, default);
        try
        {
            var hands = new NoHands();
            var pose = new double[limits.Layout.Count];
            for (int a = 0; a < pose.Length; a++)
                pose[a] = Math.Clamp(0, limits.Lower[a], limits.Upper[a]);
            page.TryArm(new LiftOptions(), out long token);
            // The second is the first that could move anything.
            for (int command = 0; command < 2; command++)
            {
                page.TryBeginSend(token, pose, new double[pose.Length]);
                page.EndSend(token);
            }
            return new Sentry(page, hands, limits, joints, hands, TimeProvider.System, options).Watch(servedProcess: null, CancellationToken.None);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class NoHands : IStandbyHands, IRobotClock
    {
        public string? Missing => null;

        public long Now { get; private set; } = TimeSpan.NanosecondsPerTick;

        public bool IsRealTime => false;

        public void SleepUntil(long deadline) => Now = Math.Max(Now, deadline);

        public bool TryRead(RobotState state)
        {
            state.Stamp = Now;
            return true;
        }

        public void Write(ReadOnlySpan<double> targets)
        {
        }
    }
}
