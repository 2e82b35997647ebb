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
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long tensors = LiveTensors.Count;
        int errors = Run(10_000);
        long memory = Resident();

        errors += Run(30_000);

        Assert.Equal(10_000, errors);
        Assert.Equal(tensors, LiveTensors.Count);
        // One result of 32 KiB in a hundred, or the message of every error, would be more.
        long grown = Resident() - memory;
        Assert.True(grown < 8 << 20, $"{grown >> 10} KiB more");
    }

    // Every fourth operation is an error; returns how many were thrown.
    private static int Run(int operations)
    {
        int thrown = 0;
        using Tensor a = ones([64, 64], float64), w = ones([64, 64], float64, requires_grad: true);
        for (int i = 0; i < operations; i += 4)
        {
            using (NewDisposeScope())
            {
                Tensor y = a.matmul(w).tanh();
                Assert.Equal(4096.0, (y / y).sum().item<double>());
            }
            using (DisposeScope scope = NewDisposeScope())
            {
                int which = i / 4 % Errors.Length;
                Assert.True(Record.Exception(() => Errors[which](a, a)) is TorchException, $"error {which} is none");
                thrown++;
            }
        }
        return thrown;
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        LiveTensors.Trim();
        return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }
}
