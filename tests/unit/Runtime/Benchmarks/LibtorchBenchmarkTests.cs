using Legato.Music;
using Legato.Runtime.Benchmarks;

namespace Legato.Tests.Runtime.Benchmarks;

[Collection("libtorch")]
public sealed class LibtorchBenchmarkTests
{
    private static readonly StepSize Small = new(12, 3, 16, [8, 8]);

    [Fact]
    public void TheStepIsTheSameInBothLanguages()
    {
        string reference = Path.Combine(Repository.Root, "artifacts", "native", "legato_bench_step");

        // It refuses steps that differ.
        BenchmarkResult[] results = [.. new LibtorchBenchmark(reference, Small, rounds: 3).Run(TestContext.Current.CancellationToken)];

        Assert.Equal(Environment.ProcessorCount == 1 ? 1 : 2, results.Length);
        Assert.All(results, r => Assert.True(r.Value > 0 && r.Reference > 0 && r.Ratio > 0));
        Assert.Equal("libtorch_step_1", results[0].Name);
        Assert.Contains("BLAS for", results[0].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingReferenceIsRefused() =>
        Assert.Contains("legato bench libtorch", Assert.Throws<InputException>(() => new LibtorchBenchmark("/nonexistent", Small).Run(TestContext.Current.CancellationToken).ToArray()).Message, StringComparison.Ordinal);
}
