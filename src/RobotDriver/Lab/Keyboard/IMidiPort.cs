namespace Legato.RobotDriver.Lab;

/// <summary>A MIDI cable in both directions.</summary>
/// <remarks>One thread reads and opens, one writes, any closes. Reading and writing allocate nothing as long as nothing fails.</remarks>
internal interface IMidiPort : IDisposable
{
    /// <summary>Opens it.</summary>
    /// <exception cref="IOException">It is not there, or in use.</exception>
    void Open();

    /// <summary>Waits for bytes and takes what is there.</summary>
    /// <param name="buffer">Receives them.</param>
    /// <param name="stamp">CLOCK_MONOTONIC in ns right after the wait ended.</param>
    /// <returns>How many came; 0 when none did for a while.</returns>
    /// <exception cref="IOException">The device is gone.</exception>
    int Read(Span<byte> buffer, out long stamp);

    /// <summary>Sends bytes.</summary>
    /// <exception cref="IOException">The device is gone.</exception>
    /// <exception cref="TimeoutException">It does not take them.</exception>
    void Write(ReadOnlySpan<byte> data);

    /// <summary>Closes it; waits of other threads end soon. Further calls do nothing; it can be opened again.</summary>
    void Close();
}
