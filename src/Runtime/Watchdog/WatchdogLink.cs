using Legato.Runtime.Loop;
using Legato.Runtime.Safety;

namespace Legato.Runtime.Watchdog;

/// <summary>The control process's end of a <see cref="WatchdogPage"/>.</summary>
/// <param name="page">The page; it stays the caller's.</param>
/// <param name="options">Times.</param>
public sealed class WatchdogLink(WatchdogPage page, WatchdogOptions options) : ILifeline
{
    private readonly long _watchdogSilence = options.WatchdogSilence.Ticks * TimeSpan.NanosecondsPerTick;
    private long _token;

    /// <inheritdoc/>
    public TimeSpan BeatPeriod => options.Beat;

    /// <inheritdoc/>
    /// <exception cref="InputException">It is another process's turn, or the watchdog's.</exception>
    public void Arm(long now, LiftOptions lift)
    {
        page.BeatAsControl(now);
        if (!page.TryArm(lift, out _token))
            throw new InputException("the watchdog lets nobody command: it has lifted the hands, or another process plays; start another one");
    }

    /// <inheritdoc/>
    public void Beat(long now) => page.BeatAsControl(now);

    /// <inheritdoc/>
    public bool IsWatched(long now) => now - page.WatchdogBeat <= _watchdogSilence;

    /// <inheritdoc/>
    public bool TryBeginSend(ReadOnlySpan<double> command, ReadOnlySpan<double> velocity) => page.TryBeginSend(_token, command, velocity);

    /// <inheritdoc/>
    public void EndSend() => page.EndSend(_token);

    /// <inheritdoc/>
    public void Release() => page.Release(_token);
}
