using SerialPorts;

namespace Legato.RobotDriver.Lab;

/// <summary>MIDI on a serial port.</summary>
internal sealed class SerialMidiPort(string path, int baud, TimeSpan readTimeout) : IMidiPort
{
    // Three bytes take 1 ms on the wire and none at all in the driver's buffer.
    private const int WriteTimeout = 5;

    private readonly SerialPort _port = new(path, baud) { ReadTimeout = (int)readTimeout.TotalMilliseconds, WriteTimeout = WriteTimeout };

    /// <inheritdoc/>
    public void Open() => _port.Open();

    /// <inheritdoc/>
    public int Read(Span<byte> buffer, out long stamp)
    {
        try
        {
            return _port.Read(buffer, out stamp);
        }
        catch (TimeoutException)
        {
            stamp = System.Diagnostics.Stopwatch.GetTimestamp();
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> data) => _port.Write(data);

    /// <inheritdoc/>
    public void Close() => _port.Close();

    /// <inheritdoc/>
    public void Dispose() => Close();
}
