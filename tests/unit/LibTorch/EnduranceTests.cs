using System.Runtime.InteropServices;
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
        long memory = Allocated();
        using (zeros([1 << 20]))
            Assert.InRange(Allocated() - memory, 4 << 20, 6 << 20);

        Run(30_000);

        Assert.Equal(tensors, LiveTensors.Count);
        // One result of 32 KiB in a hundred operations would be more.
        long grown = Allocated() - memory;
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

    private static long Allocated()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        LiveTensors.Trim();
        // What the collector keeps in hand is its own affair: its heap is none of malloc's.
        MallInfo info = mallinfo2();
        return (long)(info.uordblks + info.hblkhd);
    }

    [DllImport("libc")]
    private static extern MallInfo mallinfo2();

    // glibc's struct mallinfo2: bytes in use in its arenas, and bytes of blocks that are mapped one by one.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallInfo
    {
        public readonly nuint arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
    }
}
