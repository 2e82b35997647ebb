using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using SerialPorts;

namespace Legato.Tests.SerialPorts;

public sealed class TransferTests
{
    [Fact]
    public void EveryByteArrivesAsItWasSentInBothDirections()
    {
        using Rig rig = new();
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        rig.Device.Write(all);
        Assert.Equal(all, Rig.ReadExactly(rig.Port, all.Length));

        rig.Port.Write(all);
        byte[] received = new byte[all.Length];
        for (int read = 0; read < received.Length;)
        {
            int count = rig.Device.Read(received.AsSpan(read), Rig.Patience);
            Assert.True(count > 0);
            read += count;
        }
        Assert.Equal(all, received);
    }

    [Fact]
    public void ReadTakesWhatIsThereAndLeavesWhatDoesNotFit()
    {
        using Rig rig = new();
        rig.Device.Write([1, 2, 3, 4, 5]);
        Assert.True(SpinWait.SpinUntil(() => rig.Port.BytesToRead == 5, Rig.Patience));

        byte[] three = new byte[3], ten = new byte[10];
        Assert.Equal(3, rig.Port.Read(three));
        Assert.Equal([1, 2, 3], three);
        Assert.Equal(2, rig.Port.Read(ten, 4, 6));
        Assert.Equal([0, 0, 0, 0, 4, 5, 0, 0, 0, 0], ten);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void ReadWithoutBytesTimesOutAndNotEarly(int timeout)
    {
        using Rig rig = new();
        rig.Port.ReadTimeout = timeout;
        long start = Stopwatch.GetTimestamp();
        Assert.Throws<TimeoutException>(() => rig.Port.Read(new byte[1]));
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(timeout));
        Assert.True(rig.Port.IsOpen);
    }

    [Fact]
    public void WriteToADeviceThatTakesNothingTimesOutAndSaysHowMuchWasTaken()
    {
        using Rig rig = new();
        rig.Port.WriteTimeout = 20;
        TimeoutException error = Assert.Throws<TimeoutException>(() => rig.Port.Write(new byte[1 << 20]));
        int taken = int.Parse(error.Message.Split(" took ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(taken, 1, (1 << 20) - 1);
    }

    [Fact]
    public async Task ALargeWriteArrivesWholeThoughTheReaderTakesSmallBites()
    {
        using Rig rig = new();
        byte[] sent = new byte[300_000];
        new Random(1).NextBytes(sent);
        Task<Exception?> writing = Task.Run(() => Record.Exception(() => rig.Port.Write(sent)));
        byte[] received = new byte[sent.Length];
        for (int read = 0; read < received.Length;)
        {
            int count = rig.Device.Read(received.AsSpan(read, Math.Min(97, received.Length - read)), Rig.Patience);
            Assert.True(count > 0, $"stopped after {read} bytes");
            read += count;
        }
        Assert.Null(await writing);
        Assert.Equal(sent, received);
    }

    [Fact]
    public void StampsAreMonotonicClockTimesThatNeverRunBackwards()
    {
        using Rig rig = new();
        long before = Kernel.MonotonicNow();
        for (int i = 0; i < 100; i++)
        {
            rig.Device.Write([(byte)i]);
            rig.Port.Read(new byte[1], out long stamp);
            Assert.True(stamp >= before, "the stamp lies before the byte was sent");
            before = stamp;
            Assert.True(Kernel.MonotonicNow() >= stamp, "the stamp lies in the future");
        }
    }

    [Fact]
    public void ReadingAndWritingAllocateNothing()
    {
        using Rig rig = new();
        byte[] message = [0x90, 60, 100], buffer = new byte[64];
        Assert.Equal(0, Allocations.Fewest(() => Exchange(200)));

        void Exchange(int times)
        {
            for (int i = 0; i < times; i++)
            {
                rig.Device.Write(message);
                rig.Port.Read(buffer, out _);
                rig.Port.Write(message);
                rig.Device.Read(buffer, TimeSpan.FromSeconds(1));
                rig.Device.TryWrite("r 0 0\n"u8);
                rig.Port.ReadLine(buffer);
                rig.Port.WriteLine("f 0");
                rig.Device.Read(buffer, TimeSpan.FromSeconds(1));
            }
        }
    }

    [Fact]
    public void LinesAreWhatStandsBetweenNewLinesHoweverTheBytesAreCut() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<(NonEmptyArray<PositiveInt> Lengths, PositiveInt Cut)>(),
            sample =>
            {
                using Rig rig = new();
                rig.Port.NewLine = "\r\n";
                string[] lines = [.. sample.Lengths.Get.Select((length, i) => new string((char)('a' + i % 26), length.Get % 50))];
                byte[] stream = System.Text.Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\r\n")));
                foreach (byte[] piece in stream.Chunk(sample.Cut.Get)) rig.Device.Write(piece);
                Assert.All(lines, line => Assert.Equal(line, rig.Port.ReadLine()));
                Assert.Equal(0, rig.Port.BytesToRead);
            }).Holds();

    [Fact]
    public void ATimedOutLineIsCompletedByTheNextCall()
    {
        using Rig rig = new();
        rig.Port.ReadTimeout = 10;
        rig.Device.Write("0.25 "u8);
        Assert.Throws<TimeoutException>(rig.Port.ReadLine);
        rig.Device.Write("-1.5\n7"u8);
        Assert.Equal("0.25 -1.5", rig.Port.ReadLine());

        // What came behind the line is not lost to a plain read.
        Assert.Equal("7"u8.ToArray(), Rig.ReadExactly(rig.Port, 1));
    }

    [Fact]
    public void WriteLineEndsTheLine()
    {
        using Rig rig = new();
        rig.Port.WriteLine("t 0 0.125");
        byte[] line = new byte[64];
        int count = rig.Device.Read(line, Rig.Patience);
        Assert.Equal("t 0 0.125\n"u8.ToArray(), line[..count]);
    }

    [Fact]
    public void ALineWithoutAnEndIsRefusedAndThePortStaysUsable()
    {
        using Rig rig = new();
        rig.Device.Write(new byte[4096]);
        SerialPortException error = Assert.Throws<SerialPortException>(rig.Port.ReadLine);
        Assert.Contains("without an end of line", error.Message, StringComparison.Ordinal);
        rig.Device.Write("ok\n"u8);
        Assert.Equal("ok", rig.Port.ReadLine());
    }

    [Fact]
    public void DiscardedBytesAreGone()
    {
        using Rig rig = new();
        rig.Device.Write("a\nstale"u8);
        Assert.Equal("a", rig.Port.ReadLine());
        Assert.True(SpinWait.SpinUntil(() => rig.Port.BytesToRead == 5, Rig.Patience));
        rig.Port.DiscardInBuffer();
        rig.Device.Write("fresh"u8);
        Assert.Equal("fresh"u8.ToArray(), Rig.ReadExactly(rig.Port, 5));
    }

    [Fact]
    public void TryWriteDropsWhatNobodyReadsInsteadOfWaiting()
    {
        using Rig rig = new();
        byte[] flood = new byte[1 << 20];
        Assert.InRange(rig.Device.TryWrite(flood), 1, flood.Length - 1);
    }
}
