using System.Diagnostics;
using Legato.RobotDriver.Lab;

namespace Legato.Tests.RobotDriver.Lab;

public sealed class RawMidiPortTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("legato-midi-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ReadsAndWritesTheBytesOfANode()
    {
        // A named pipe behaves as the node does: it can be polled, has no positions, and gives what is there.
        using RawMidiPort port = Open("pipe");
        Span<byte> buffer = stackalloc byte[8];
        Assert.Equal(0, port.Read(buffer, out _));

        long before = Stopwatch.GetTimestamp();
        port.Write([0x90, 60, 100]);
        Assert.Equal(3, port.Read(buffer, out long stamp));
        Assert.Equal([0x90, 60, 100], buffer[..3].ToArray());
        Assert.InRange(stamp, before, Stopwatch.GetTimestamp());
    }

    [Fact]
    public void AllocatesNothing()
    {
        using RawMidiPort port = Open("quiet");
        byte[] buffer = new byte[8];
        Assert.Equal(0, Allocations.Fewest(() => Exchange(100)));

        void Exchange(int times)
        {
            for (int i = 0; i < times; i++)
            {
                port.Write(buffer);
                port.Read(buffer, out _);
            }
        }
    }

    [Fact]
    public void ANodeThatIsNotThereIsNamed()
    {
        using var port = new RawMidiPort("/dev/snd/midiC99D9");
        Assert.StartsWith("/dev/snd/midiC99D9: there is no such device", Assert.Throws<IOException>(port.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AClosedPortDoesNotRead()
    {
        using RawMidiPort port = Open("closed");
        port.Close();
        Assert.Throws<OperationCanceledException>(() => port.Read(new byte[1], out _));
    }

    private RawMidiPort Open(string name)
    {
        string path = Path.Combine(_folder, name);
        using (Process mkfifo = Process.Start("mkfifo", [path])) mkfifo.WaitForExit();
        var port = new RawMidiPort(path);
        port.Open();
        return port;
    }
}
