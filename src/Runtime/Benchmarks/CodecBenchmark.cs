using Rclcs;
using Rclcs.Messages.SensorMsgs;

namespace Legato.Runtime.Benchmarks;

/// <summary>The codec of ROS messages on a joint state of both hands and rails, against copying its bytes.</summary>
public sealed class CodecBenchmark : IBenchmark
{
    private const int Joints = 52;
    private const int Messages = 20_000;

    /// <inheritdoc/>
    public string Name => "codec";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkResult> Run(CancellationToken cancellation)
    {
        var message = new JointState();
        for (int i = 0; i < Joints; i++)
        {
            message.Name.Add($"rh_joint_{i:00}");
            message.Position.Add(0.1 * i);
            message.Velocity.Add(0.2 * i);
            message.Effort.Add(0.3 * i);
        }
        var buffer = new byte[Cdr.Measure(message)];
        var copy = new byte[buffer.Length];
        var decoded = new JointState();
        Cdr.Serialize(message, buffer);
        (double encode, double memcpy, _) = Stopwatches.Paired(9, () => Repeat(() => Cdr.Serialize(message, buffer)), () => Repeat(() => buffer.CopyTo(copy, 0)));
        double decode = Stopwatches.MedianSeconds(9, () => Repeat(() => Cdr.Deserialize(buffer, decoded)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Cdr.Serialize(message, buffer);
            Cdr.Deserialize(buffer, decoded);
        }
        double allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0;
        string size = $"JointState of {Joints} joints, {buffer.Length} bytes";
        yield return new BenchmarkResult("cdr_encode", 1e9 * encode / Messages, "ns", 1e9 * memcpy / Messages, "copying the bytes", encode / memcpy, size);
        yield return new BenchmarkResult("cdr_decode", 1e9 * decode / Messages, "ns", 1e9 * memcpy / Messages, "copying the bytes", decode / memcpy, size);
        yield return new BenchmarkResult("cdr_allocation", allocated, "bytes/message", Note: "encode and decode after warm-up");
    }

    private static void Repeat(Action action)
    {
        for (int i = 0; i < Messages; i++)
            action();
    }
}
