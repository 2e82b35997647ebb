using SerialPorts;

namespace Legato.RobotDriver.StandIn;

/// <summary>The device's end of a serial port that can be unplugged and plugged in again, by a name that stays.</summary>
/// <remarks>One thread reads, one writes; the rest is thread-safe. Reading and writing allocate nothing.</remarks>
internal sealed class PluggablePort : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _plugged = new(true);
    private volatile PseudoTerminal _terminal = PseudoTerminal.Open();
    private volatile bool _disposed;
    private Action<string>? _name;

    /// <summary>The port that a driver opens; another one after each <see cref="Plug"/>.</summary>
    public string Path => _terminal.SlavePath;

    /// <summary>Tells who gives the port its fixed name that its path has changed.</summary>
    public Action<string> Renamed
    {
        set => _name = value;
    }

    /// <summary>Waits for bytes, also while it is unplugged.</summary>
    /// <exception cref="OperationCanceledException">It was disposed of.</exception>
    public int Read(Span<byte> buffer)
    {
        while (!_disposed)
        {
            try
            {
                _plugged.Wait();
                if (!_disposed)
                    return _terminal.Read(buffer, Timeout.InfiniteTimeSpan);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                // Unplugged, or disposed of, while waiting.
            }
        }
        throw new OperationCanceledException("The port was disposed of.");
    }

    /// <summary>Sends what the line takes; nothing while it is unplugged.</summary>
    public void TryWrite(ReadOnlySpan<byte> data)
    {
        try
        {
            if (_plugged.IsSet)
                _terminal.TryWrite(data);
        }
        catch (ObjectDisposedException)
        {
            // Unplugged in this moment.
        }
    }

    /// <summary>Pulls the cable: a driver sees a hang-up, and its name leads nowhere.</summary>
    public void Unplug()
    {
        lock (_gate)
        {
            _plugged.Reset();
            _terminal.Dispose();
        }
    }

    /// <summary>Puts the cable back. Does nothing if it is in.</summary>
    /// <exception cref="SerialPortException">The system gives no pseudo-terminal.</exception>
    public void Plug()
    {
        lock (_gate)
        {
            if (_plugged.IsSet || _disposed)
                return;
            _terminal = PseudoTerminal.Open();
            _name?.Invoke(_terminal.SlavePath);
            _plugged.Set();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _terminal.Dispose();
            _plugged.Set();
        }
    }
}
