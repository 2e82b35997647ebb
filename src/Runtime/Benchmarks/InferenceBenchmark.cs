using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

using Legato.Policy.Bundles;
using Legato.Policy.Networks;
using Legato.Runtime.Loop;

namespace Legato.Runtime.Benchmarks;

/// <summary>One evaluation of a policy's network, against passing once over the same weights with nothing but multiply-adds.</summary>
/// <remarks>On a thread with real-time priority if that is permitted, as the control loop has it.</remarks>
public sealed class InferenceBenchmark : IBenchmark
{
    // The two that the budget is for: 0.1 ms and 0.2 ms at the 99th percentile. Commands for both hands come out.
    private static readonly (string Name, int Inputs, int[] Hidden, int Calls)[] Networks = [("400_256x3", 400, [256, 256, 256], 10_000), ("1144_1024_256", 1144, [1024, 256], 3_000)];
    private const int Outputs = 45;
    private const int ColdCalls = 100;
    private const int OtherMemory = 64 << 20;
    private const int WarmUp = 200;
    private const int Unroll = 8;

    /// <inheritdoc/>
    public string Name => "inference";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkResult> Run(CancellationToken cancellation)
    {
        foreach ((string name, int inputs, int[] hidden, int calls) in Networks)
        {
            FeedForwardNetwork network = Random(inputs, hidden);
            Timing timing = Measure(network, calls, cancellation);
            string note = FormattableString.Invariant($"{network.Weights.MultiplyAdds / 1e6:0.00} million multiply-adds, LayerNorm and GELU, {(int)network.Width} bits; {timing.Grant}");
            const string Floor = "multiply-adds alone over the same weights";
            yield return Result($"inference_{name}_p50", 0.5, timing.Network, timing.Floor, Floor, note);
            yield return Result($"inference_{name}_p99", 0.99, timing.Network, timing.Floor, Floor, $"{calls} calls, one after the other");
            yield return Result($"inference_{name}_cold_p50", 0.5, timing.Cold, timing.ColdFloor, Floor, $"after {OtherMemory >> 20} MiB of other memory, as at 20 Hz");
            yield return new BenchmarkResult($"inference_{name}_allocation", timing.Allocated, "bytes/call");
        }
    }

    private static BenchmarkResult Result(string name, double share, double[] times, double[] reference, string referenceName, string note)
    {
        double value = Quantile(times, share), floor = Quantile(reference, share);
        return new BenchmarkResult(name, value, "us", floor, referenceName, value / floor, note);
    }

    // The share of the calls that took no longer.
    private static double Quantile(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];

    private static Timing Measure(FeedForwardNetwork network, int calls, CancellationToken cancellation)
    {
        Timing? timing = null;
        var thread = new Thread(() =>
        {
            string grant = RealTimeThread.TryPromote(lockMemory: false).Summary;
            var input = new float[network.Inputs];
            var output = new float[network.Outputs];
            float[] cold = GC.AllocateUninitializedArray<float>(OtherMemory / sizeof(float));
            cold.AsSpan().Fill(1);
            double[] times = new double[calls], floor = new double[calls], coldTimes = new double[ColdCalls], coldFloor = new double[ColdCalls];
            float sum = 0;
            for (int i = 0; i < WarmUp; i++)
                Pair(i);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < calls && !cancellation.IsCancellationRequested; i++)
                (times[i], floor[i]) = Pair(i);
            double allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)calls;
            for (int i = 0; i < ColdCalls && !cancellation.IsCancellationRequested; i++)
            {
                sum += MultiplyAdds(cold);
                coldTimes[i] = Evaluate(i);
                sum += MultiplyAdds(cold);
                coldFloor[i] = Pass();
            }
            foreach (double[] series in (double[][])[times, floor, coldTimes, coldFloor])
                Array.Sort(series);
            timing = new Timing(times, floor, coldTimes, coldFloor, allocated, grant);
            // Nothing that is measured may be optimised away.
            GC.KeepAlive(sum);

            (double, double) Pair(int i) => (Evaluate(i), Pass());

            double Evaluate(int i)
            {
                input[i % input.Length] = output[0];
                long start = Stopwatch.GetTimestamp();
                network.Evaluate(input, output);
                return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }

            double Pass()
            {
                long start = Stopwatch.GetTimestamp();
                sum += MultiplyAdds(network.Weights.Values);
                return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        });
        thread.Start();
        thread.Join();
        cancellation.ThrowIfCancellationRequested();
        return timing!;
    }

    // What an evaluation cannot do without: every weight read and multiplied once, in the order of memory.
    private static float MultiplyAdds(ReadOnlySpan<float> values) => Vector512.IsHardwareAccelerated ? MultiplyAdds512(values) : MultiplyAddsNarrow(values);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdds512(ReadOnlySpan<float> values)
    {
        ref float start = ref MemoryMarshal.GetReference(values);
        Vector512<float> x = Vector512.Create(0.5f), s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        nuint width = (nuint)Vector512<float>.Count, end = (nuint)values.Length / (Unroll * width) * (Unroll * width);
        for (nuint k = 0; k < end; k += Unroll * width)
        {
            s0 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref start, k), x, s0);
            s1 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref start, k + width), x, s1);
            s2 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref start, k + (2 * width)), x, s2);
            s3 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref start, k + (3 * width)), x, s3);
            s4 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref start, k + (4 * width)), x, s4);
            s5 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref start, k + (5 * width)), x, s5);
            s6 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref start, k + (6 * width)), x, s6);
            s7 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref start, k + (7 * width)), x, s7);
        }
        return Vector512.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAddsNarrow(ReadOnlySpan<float> values)
    {
        ref float start = ref MemoryMarshal.GetReference(values);
        Vector<float> x = Vector.Create(0.5f), s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        nuint width = (nuint)Vector<float>.Count, end = (nuint)values.Length / (Unroll * width) * (Unroll * width);
        for (nuint k = 0; k < end; k += Unroll * width)
        {
            s0 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref start, k), x, s0);
            s1 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref start, k + width), x, s1);
            s2 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref start, k + (2 * width)), x, s2);
            s3 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref start, k + (3 * width)), x, s3);
            s4 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref start, k + (4 * width)), x, s4);
            s5 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref start, k + (5 * width)), x, s5);
            s6 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref start, k + (6 * width)), x, s6);
            s7 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref start, k + (7 * width)), x, s7);
        }
        return Vector.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7);
    }

    private static FeedForwardNetwork Random(int inputs, int[] hidden)
    {
        var description = new NetworkDescription
        {
            Inputs = inputs,
            Layers = [.. hidden.SelectMany(n => (LayerDescription[])[new LinearLayer(n), new LayerNormLayer(), new ActivationLayer(ActivationFunction.Gelu)]), new LinearLayer(Outputs)],
        };
        var random = new Random(1);
        Dictionary<string, SafeTensor> tensors = description.Tensors().ToDictionary(t => t.Name, t => (SafeTensor)new SafeTensor<float>(t.Shape, Values(t.Shape)));
        return new FeedForwardNetwork(NetworkWeights.Load(description, tensors, "benchmark"));

        float[] Values(IReadOnlyList<int> shape) => [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (random.NextSingle() - 0.5f) / MathF.Sqrt(shape[^1]))];
    }

    // Sorted times, us.
    private sealed record Timing(double[] Network, double[] Floor, double[] Cold, double[] ColdFloor, double Allocated, string Grant);
}
