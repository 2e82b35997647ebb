using SerialPorts;

namespace Legato.Tests.SerialPorts;

public sealed class LifecycleTests
{
    [Fact]
    public void UnplugWakesAReaderAndFailsEveryLaterCall()
    {
        using Rig rig = new();
        Task<Exception?> read = Rig.StartAndWaitUntilBlocked("unplug-read", () => rig.Port.Read(new byte[8]));
        rig.Device.Dispose();
        SerialPortDisconnectedException error = Assert.IsType<SerialPortDisconnectedException>(Rig.Join(read));
        Assert.Equal(rig.Device.SlavePath, error.PortName);

        Assert.False(rig.Port.IsOpen);
        for (int i = 0; i < 2; i++)
        {
            Assert.Throws<SerialPortDisconnectedException>(() => rig.Port.Read(new byte[8]));
            Assert.Throws<SerialPortDisconnectedException>(() => rig.Port.Write([1]));
            Assert.Throws<SerialPortDisconnectedException>(rig.Port.ReadLine);
            Assert.Throws<SerialPortDisconnectedException>(() => rig.Port.BytesToRead);
        }
    }

    [Fact]
    public void UnplugIsFoundByAWriterOrByAQuestionToo()
    {
        using Rig written = new(), asked = new();
        written.Device.Dispose();
        asked.Device.Dispose();
        Assert.Throws<SerialPortDisconnectedException>(() => written.Port.Write([1]));
        Assert.Throws<SerialPortDisconnectedException>(() => asked.Port.BytesToWrite);
        Assert.False(written.Port.IsOpen);
        Assert.False(asked.Port.IsOpen);
    }

    [Fact]
    public void UnplugFoundByTheWriterEndsTheReaderAsDisconnected()
    {
        using Rig rig = new();
        Task<Exception?> read = Rig.StartAndWaitUntilBlocked("unplug-both", () => rig.Port.Read(new byte[8]));
        rig.Device.Dispose();
        Assert.Throws<SerialPortDisconnectedException>(() => rig.Port.Write([1]));
        Assert.IsType<SerialPortDisconnectedException>(Rig.Join(read));
    }

    [Fact]
    public void AfterAnUnplugThePortCanBeClosedAndOpenedAgain()
    {
        using Rig rig = new();
        rig.Device.Dispose();
        Assert.Throws<SerialPortDisconnectedException>(() => rig.Port.Read(new byte[1]));
        rig.Port.Close();
        Assert.Throws<InvalidOperationException>(() => rig.Port.Read(new byte[1]));
        Assert.False(Path.Exists(rig.Device.SlavePath));
        Assert.Throws<SerialPortException>(rig.Port.Open);
    }

    [Fact]
    public void CloseFromAnotherThreadWakesAReaderAndAWriter()
    {
        using Rig rig = new();
        Task<Exception?> read = Rig.StartAndWaitUntilBlocked("close-read", () => rig.Port.Read(new byte[8]));
        Task<Exception?> write = Rig.StartAndWaitUntilBlocked("close-write", () => rig.Port.Write(new byte[1 << 20]));
        rig.Port.Close();
        Assert.IsType<OperationCanceledException>(Rig.Join(read));
        Assert.IsType<OperationCanceledException>(Rig.Join(write));
    }

    [Fact]
    public void CloseLeavesThePortFreeAtOnceThoughAReaderWasBlockedOnIt()
    {
        using Rig rig = new();
        for (int i = 0; i < 20; i++)
        {
            Task<Exception?> read = Rig.StartAndWaitUntilBlocked($"reopen-{i}", () => rig.Port.Read(new byte[8]));
            rig.Port.Close();
            rig.Port.Open();
            Assert.IsType<OperationCanceledException>(Rig.Join(read));
        }
        rig.Device.Write([42]);
        Assert.Equal([42], Rig.ReadExactly(rig.Port, 1));
    }

    [Fact]
    public void CloseAndDisposeMayBeRepeatedInAnyOrder()
    {
        using Rig rig = new();
        rig.Port.Close();
        rig.Port.Dispose();
        rig.Port.Close();
        Assert.False(rig.Port.IsOpen);
        Assert.Throws<InvalidOperationException>(() => rig.Port.Write([1]));
        rig.Device.Dispose();
        rig.Device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => rig.Device.Write([1]));
        Assert.Throws<ObjectDisposedException>(() => rig.Device.Read(new byte[1], TimeSpan.Zero));
    }

    [Fact]
    public void BytesBehindALineDoNotOutliveThePort()
    {
        using Rig rig = new();
        rig.Device.Write("line\nrest\n"u8);
        Assert.True(SpinWait.SpinUntil(() => rig.Port.BytesToRead == 10, Rig.Patience));
        Assert.Equal("line", rig.Port.ReadLine());
        rig.Port.Close();
        Assert.Throws<InvalidOperationException>(() => rig.Port.Read(new byte[8]));
        Assert.Throws<InvalidOperationException>(rig.Port.ReadLine);
        rig.Port.Open();
        Assert.Equal(0, rig.Port.BytesToRead);
    }

    [Fact]
    public void DisposingTheDeviceWakesItsOwnReader()
    {
        using Rig rig = new();
        Task<Exception?> read = Rig.StartAndWaitUntilBlocked("device-read", () => rig.Device.Read(new byte[8], Timeout.InfiniteTimeSpan));
        rig.Device.Dispose();
        Assert.IsType<OperationCanceledException>(Rig.Join(read));
    }

    [Fact]
    public void TheDeviceOutlivesItsDrivers()
    {
        using Rig rig = new();
        rig.Port.Close();
        Assert.Equal(0, rig.Device.Read(new byte[8], TimeSpan.Zero));
        rig.Device.Write("stale"u8);
        Assert.True(SpinWait.SpinUntil(() => Kernel.WaitingOn(rig.Device.SlavePath) == 5, Rig.Patience));
        rig.Port.Open();
        rig.Device.Write("fresh"u8);
        Assert.Equal("fresh"u8.ToArray(), Rig.ReadExactly(rig.Port, 5));
    }

    [Fact]
    public void ASecondOpenIsRefusedUntilTheFirstCloses()
    {
        using Rig rig = new();
        using SerialPort second = new(rig.Device.SlavePath);
        SerialPortException error = Assert.Throws<SerialPortException>(second.Open);
        Assert.Contains(rig.Device.SlavePath, error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(rig.Port.Open);
        Assert.True(rig.Port.IsOpen);
        rig.Port.Close();
        second.Open();
        Assert.True(second.IsOpen);
    }

    [Theory]
    [InlineData("/dev/legato-there-is-no-such-port")]
    [InlineData("/dev/null")]
    [InlineData("/tmp")]
    public void WhatIsNoSerialPortIsRefusedByName(string path)
    {
        using SerialPort port = new(path);
        SerialPortException error = Assert.Throws<SerialPortException>(port.Open);
        Assert.StartsWith(path + ": ", error.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, error.Errno);
        Assert.False(port.IsOpen);
    }

    [Theory]
    [InlineData(9600)]
    [InlineData(31250)]
    [InlineData(115200)]
    [InlineData(250_000)]
    [InlineData(3_000_000)]
    public void AnySpeedIsSetAsTheKernelReportsIt(int baud)
    {
        using Rig rig = new();
        rig.Port.BaudRate = baud;
        Assert.Equal((uint)baud, Kernel.SpeedOf(rig.Device.SlavePath));
        rig.Port.Close();
        rig.Port.BaudRate = 2 * baud;
        rig.Port.Open();
        Assert.Equal(2u * (uint)baud, Kernel.SpeedOf(rig.Device.SlavePath));
    }

    [Fact]
    public void ThePortIsRawWithTheFrameAndTheFlowControlAskedFor()
    {
        using Rig rig = new();
        rig.Port.StopBits = StopBits.Two;
        rig.Port.Handshake = Handshake.XOnXOff;
        string modes = Kernel.Modes(rig.Device.SlavePath);
        Assert.All([" cstopb ", " ixon ixoff ", " -icanon ", " -opost ", " -echo ", " -isig ", " -icrnl "],
            mode => Assert.Contains(mode, modes, StringComparison.Ordinal));
    }

    [Fact]
    public void SettingsThatLinuxCannotKeepAreRefused()
    {
        using SerialPort port = new("/dev/null");
        Assert.Throws<ArgumentOutOfRangeException>(() => port.Parity = Parity.Mark);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.Parity = Parity.Space);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.StopBits = StopBits.None);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.StopBits = StopBits.OnePointFive);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.DataBits = 9);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.BaudRate = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.ReadTimeout = -2);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.Handshake = (Handshake)9);
        Assert.Throws<ArgumentException>(() => new SerialPort(""));
        port.Handshake = Handshake.RequestToSend;
        Assert.Throws<InvalidOperationException>(() => port.RtsEnable = true);
    }

    [Fact]
    public void ModemLinesOfADeviceThatHasNoneAreOnlyRemembered()
    {
        using Rig rig = new();
        rig.Port.DtrEnable = true;
        rig.Port.RtsEnable = true;
        rig.Port.Close();
        rig.Port.Open();
        Assert.True(rig.Port.DtrEnable);
        Assert.True(rig.Port.RtsEnable);
        Assert.Equal(0, rig.Port.BytesToWrite);
        rig.Port.DiscardOutBuffer();
    }

    [Fact]
    public void PortNamesAreExistingDevices() =>
        Assert.All(SerialPort.GetPortNames(), name => Assert.StartsWith("/dev/", name, StringComparison.Ordinal));
}
