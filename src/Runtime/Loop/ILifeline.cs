using Legato.Runtime.Safety;

namespace Legato.Runtime.Loop;

/// <summary>What ties the control thread to a watchdog in another process: signs of life, and the right to command.</summary>
/// <remarks>Members are called on the control thread, allocate nothing and take no lock. Times are the robot's, nanoseconds.</remarks>
public interface ILifeline
{
    /// <summary>Longest pause between two beats while the thread has nothing to do.</summary>
    TimeSpan BeatPeriod { get; }

    /// <summary>Motion begins with the next command: from here on silence means that the hands are lifted by the watchdog.</summary>
    /// <param name="now">The time.</param>
    /// <param name="lift">How the hands leave the keys.</param>
    /// <exception cref="InputException">Somebody else may command.</exception>
    void Arm(long now, LiftOptions lift);

    /// <summary>The thread is alive.</summary>
    void Beat(long now);

    /// <summary>Whether the watchdog itself gave a sign of life lately.</summary>
    bool IsWatched(long now);

    /// <summary>Asks to send a command. True: send it, then call <see cref="EndSend"/>. False: the watchdog has taken over, never send again.</summary>
    /// <param name="command">What is about to be sent.</param>
    /// <param name="velocity">Its rate of change, per second.</param>
    bool TryBeginSend(ReadOnlySpan<double> command, ReadOnlySpan<double> velocity);

    /// <summary>The command is out.</summary>
    void EndSend();

    /// <summary>Motion has ended as it should: the watchdog may let go.</summary>
    void Release();
}
