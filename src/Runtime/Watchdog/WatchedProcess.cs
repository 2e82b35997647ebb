using System.Runtime.InteropServices;

using Legato.Runtime.Loop;

using Microsoft.Win32.SafeHandles;

namespace Legato.Runtime.Watchdog;

/// <summary>Another process by a descriptor that stays its own: its number may be given to a stranger once it has ended.</summary>
/// <remarks>Thread-safe. Linux 5.3 and later; glibc 2.36.</remarks>
public sealed class WatchedProcess : IDisposable
{
    /// <summary>Signals: end at once, stop, go on.</summary>
    public const int Kill = 9, Stop = 19, Continue = 18;

    private const short PollIn = 1;

    private readonly SafeFileHandle _descriptor;

    private WatchedProcess(int id, SafeFileHandle descriptor) => (Id, _descriptor) = (id, descriptor);

    /// <summary>Its number.</summary>
    public int Id { get; }

    /// <summary>True once it has ended, whether or not its parent knows. Allocates nothing.</summary>
    public bool HasEnded
    {
        get
        {
            var poll = new Libc.PollDescriptor { Descriptor = (int)_descriptor.DangerousGetHandle(), Events = PollIn };
            return Libc.Poll(ref poll, 1, 0) > 0;
        }
    }

    /// <summary>Opens a process; null if there is none of that number.</summary>
    /// <exception cref="InputException">The kernel refuses.</exception>
    public static WatchedProcess? Open(int id)
    {
        const int noSuchProcess = 3;
        SafeFileHandle descriptor = Libc.OpenProcess(id, 0);
        if (!descriptor.IsInvalid)
            return new WatchedProcess(id, descriptor);
        int error = Marshal.GetLastPInvokeError();
        return error == noSuchProcess ? null : throw new InputException($"process {id} cannot be watched: {Marshal.GetPInvokeErrorMessage(error)}; a Linux kernel of version 5.3 or later is needed");
    }

    /// <summary>Sends a signal. After <see cref="Kill"/> it runs not one instruction more, even if it was stopped. False if the kernel refuses.</summary>
    public bool TrySignal(int signal) => Libc.SignalProcess(_descriptor, signal, 0, 0) == 0;

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();
}
