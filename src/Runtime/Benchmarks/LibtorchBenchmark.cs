namespace Legato.Runtime.Benchmarks;

/// <summary>A gradient step of PPO's networks through the binding to libtorch, against the very same step in C++.</summary>
/// <param name="reference">The C++ program (<c>native/bench_step.cpp</c>).</param>
/// <param name="size">How large the step is.</param>
/// <param name="rounds">Pairs that are measured, 1 or more.</param>
public sealed class LibtorchBenchmark(string reference, StepSize size, int rounds = 21) : IBenchmark
{
    // Rounds of a tenth of a second: long against a pipe, short against what else a machine does.
    private const int StepsPerRound = 8;
    private const int WarmUp = 30;

    // Of the loss: sums may be split differently among threads.
    private const double Tolerance = 1e-5;

    /// <inheritdoc/>
    public string Name => "libtorch";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkResult> Run(CancellationToken cancellation)
    {
        using var managed = new LibtorchStep(size);
        using var native = new NativeStep(reference, size);
        string machine = $"{ProcessorModel()}, BLAS for {native.Kernels}";
        foreach (int threads in (int[])[.. new[] { 1, Environment.ProcessorCount }.Distinct()])
        {
            TorchSharp.torch.set_num_threads(threads);
            RequireSame(managed.Take(WarmUp), native.Take(threads, WarmUp));
            (double a, double b, double ratio) = Stopwatches.Paired(rounds, TakeManaged, () => native.Take(threads, StepsPerRound));
            yield return new BenchmarkResult($"libtorch_step_{threads}", StepsPerRound / a, "steps/s", StepsPerRound / b, "the same in C++", ratio,
                FormattableString.Invariant($"{threads} {(threads == 1 ? "thread" : "threads")}, {size.Observations}-{string.Join('-', size.Hidden)}-{size.Actions} and its critic, {size.Batch} samples; {machine}"));

            void TakeManaged()
            {
                cancellation.ThrowIfCancellationRequested();
                managed.Take(StepsPerRound);
            }
        }
    }

    private static void RequireSame(double managed, double native)
    {
        if (Math.Abs(managed - native) > Tolerance * Math.Abs(native))
            throw new InvalidOperationException(FormattableString.Invariant($"The two steps differ: a loss of {managed} in C#, of {native} in C++."));
    }

    private static string ProcessorModel() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown processor";
}
