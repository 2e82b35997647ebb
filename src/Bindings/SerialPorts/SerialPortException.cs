using System.Runtime.InteropServices;

namespace SerialPorts;

/// <summary>The operating system refused an operation on a serial port.</summary>
public class SerialPortException : IOException
{
    /// <summary>Creates the exception with its message.</summary>
    public SerialPortException(string portName, string message) : base($"{portName}: {message}") => PortName = portName;

    /// <summary>Creates the exception for a failed system call.</summary>
    /// <param name="portName">The port.</param>
    /// <param name="action">What was tried, for example <c>cannot open</c>.</param>
    /// <param name="errno">The call's error number.</param>
    public SerialPortException(string portName, string action, int errno)
        : this(portName, $"{action}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})") => Errno = errno;

    /// <summary>The port, as it was named when it was opened.</summary>
    public string PortName { get; }

    /// <summary>The system's error number; 0 if the port answered with something unusable instead of an error.</summary>
    public int Errno { get; }
}

/// <summary>The device behind the port is gone: unplugged, or the other end of a pseudo-terminal closed.</summary>
/// <remarks>Every further call on the port throws it too, until the port is closed or opened again.</remarks>
public sealed class SerialPortDisconnectedException(string portName)
    : SerialPortException(portName, "the device was disconnected. Plug it in and open the port again.");
