using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>Alone: memory of the process is measured.</summary>
[CollectionDefinition("libtorch, alone", DisableParallelization = true)]
public sealed class Alone;

[Collection("libtorch, alone")]
public class EnduranceTests
{
    private static readonly Action<Tensor, Tensor>[] Errors =
    [
        (a, b) => a.matmul(b[0, ..3]),
        (a, _) => a.reshape(7),
        (a, _) => a.select(0, 99),
        (a, b) => cat([a, b[0]]),
        (a, _) => a.max(5),
        (a, _) => _ = a[TensorIndex.Ellipsis, 99],
        (a, _) => a.sum().mul(2).backward(),
        (a, _) => nn.functional.layer_norm(a, [3]),
        (_, _) => empty(1L << 50),
    ];

    [Fact]
    public void ThousandsOfOperationsAndErrorsLeaveNothingBehind()
    {
        set_num_threads(1);
        long tensors = LibTorchTest.Settled();
        Run(10_000);
        // The collector gives back what other tests left when it likes to: its books and the system's are not of one moment.
        long memory = Enumerable.Range(0, 3).Max(_ => Resident());

        Run(30_000);

        Assert.Equal(tensors, LiveTensors.Count);
        // One result of 32 KiB in a hundred operations would be more.
        long grown = Enumerable.Range(0, 3).Min(_ => Resident()) - memory;
        Assert.True(grown < 8 << 20, $"{grown >> 10} KiB more");
    }

    // 3 GB come and go.
    [Fact]
    public void TheCollectorIsNotSentForWhatIsDisposedOf()
    {
        int before = GC.CollectionCount(2);
        for (int i = 0; i < 3_000; i++)
            empty([512, 512]).Dispose();
        Assert.InRange(GC.CollectionCount(2) - before, 0, 1);
    }

    [Fact]
    public void TheCollectorIsSentForWhatNobodyDisposesOf()
    {
        long before = LibTorchTest.Settled(), most = 0;
        for (int i = 0; i < 3_000; i++)
        {
            _ = zeros([512, 512]);
            most = Math.Max(most, LiveTensors.Count - before);
        }
        // 256 MB and what comes while finalizers run.
        Assert.InRange(most, 1, 1_500);
        Assert.Equal(before, LibTorchTest.Settled());
    }

    // Every fourth operation is an error.
    private static void Run(int operations)
    {
        using Tensor a = ones([64, 64], float64), w = ones([64, 64], float64, requires_grad: true);
        for (int i = 0; i < operations; i += 4)
        {
            using (NewDisposeScope())
            {
                Tensor y = a.matmul(w).tanh();
                Assert.Equal(4096.0, (y / y).sum().item<double>());
            }
            using (NewDisposeScope())
            {
                int which = i / 4 % Errors.Length;
                Assert.True(Record.Exception(() => Errors[which](a, a)) is TorchException, $"error {which} is none");
            }
        }
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        LiveTensors.Trim();
        // How much the collector keeps in hand is its own affair.
        return (long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize) - GC.GetGCMemoryInfo().TotalCommittedBytes;
    }
}
