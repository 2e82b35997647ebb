using Legato.Runtime.Recording.Mcap;

namespace Legato.Tests.Recording;

/// <summary>A disk in memory: it counts flushes, may be full, and keeps its content after it is closed.</summary>
internal sealed class Disk(long capacity = long.MaxValue) : MemoryStream
{
    private readonly Lock _lock = new();
    private int _flushes;

    public int Flushes => Volatile.Read(ref _flushes);

    /// <summary>What a reader would find at this moment.</summary>
    public byte[] Snapshot()
    {
        lock (_lock) return ToArray();
    }

    public McapReader Read() => McapReader.Open(new MemoryStream(Snapshot()), "test.mcap");

    public override void Flush() => Interlocked.Increment(ref _flushes);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_lock)
        {
            // A full disk takes a part first.
            int room = (int)Math.Min(buffer.Length, capacity - Length);
            base.Write(buffer[..room]);
            if (room < buffer.Length) throw new IOException("No space left on device");
        }
    }
}
