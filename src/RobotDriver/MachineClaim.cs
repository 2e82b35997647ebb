using System.Net.Sockets;

namespace Legato.RobotDriver;

/// <summary>A name that one process of this machine has at a time. The kernel frees it with the process, however that ends.</summary>
public sealed class MachineClaim : IDisposable
{
    private readonly Socket _socket;

    private MachineClaim(Socket socket) => _socket = socket;

    /// <summary>Takes a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="refusal">What to say when another process has it.</param>
    /// <exception cref="InputException">Another process has it.</exception>
    public static MachineClaim Take(string name, string refusal)
    {
        // The address of an abstract socket: no file is left behind.
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint("\0" + name));
            return new MachineClaim(socket);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new InputException(refusal, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
