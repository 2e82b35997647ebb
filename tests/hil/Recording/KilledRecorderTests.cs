using System.Diagnostics;
using System.Runtime.CompilerServices;
using Legato.Runtime.Recording;
using Legato.Runtime.Recording.Mcap;

namespace Legato.Tests.Recording;

/// <summary>A recording whose process is killed with SIGKILL while it writes.</summary>
public sealed class KilledRecorderTests : IDisposable
{
    private const string PathVariable = "LEGATO_TEST_RECORD_TO";

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void EverythingThatReachedTheDiskBeforeTheKillIsRead()
    {
        string path = Path.Combine(_folder, "run.mcap");
        using Process child = Process.Start(new ProcessStartInfo(Path.ChangeExtension(typeof(KilledRecorderTests).Assembly.Location, null)) { Environment = { [PathVariable] = path } })!;
        long seen = 0;
        try
        {
            Assert.True(SpinWait.SpinUntil(() => child.HasExited || (seen = CountMessages(path)) > 0, TimeSpan.FromSeconds(30)), "nothing was recorded");
            Assert.False(child.HasExited, "the recording process ended by itself");
        }
        finally { child.Kill(); }
        child.WaitForExit();

        using McapReader reader = McapReader.Open(path);
        Assert.NotNull(reader.Loss);
        Assert.False(reader.Loss.OnlyIndex);
        McapMessage[] messages = [.. reader.Read()];
        Assert.True(messages.Length >= seen);
        Assert.Equal(Enumerable.Range(0, messages.Length), messages.Select(message => (int)message.Sequence));
        Assert.All(messages, message => Assert.Equal(message.Sequence, BitConverter.ToUInt32(message.Data.Span)));
    }

    private static long CountMessages(string path)
    {
        if (!File.Exists(path)) return 0;
        using McapReader reader = McapReader.Open(path);
        return reader.MessageCount;
    }

    // The child is this program again; asked by a variable, it records until it is killed, before any test runner starts.
#pragma warning disable CA2255 // a test program is no library
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void RecordIfAsked()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is not { } path) return;
        using Recorder recorder = Recorder.Create(path, default, TimeProvider.System);
        RecordingStream stream = recorder.AddStream("/numbers", "some_msgs/msg/Number", "uint32 number");
        recorder.Start();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(1));
        for (uint i = 0; timer.WaitForNextTickAsync().AsTask().Result; i++) stream.TryWrite(BitConverter.GetBytes(i), i, i);
    }
}
