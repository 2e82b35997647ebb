using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Interop;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>Errors of libtorch are typed exceptions; none ends the process, and all can be gone on from.</summary>
public sealed class ErrorTests : LibTorchTest
{
    [Theory]
    [InlineData(1, typeof(TorchException))]
    [InlineData(2, typeof(TorchIndexException))]
    [InlineData(3, typeof(TorchValueException))]
    [InlineData(4, typeof(TorchTypeException))]
    [InlineData(5, typeof(TorchNotImplementedException))]
    [InlineData(6, typeof(TorchOutOfMemoryException))]
    [InlineData(7, typeof(TensorBudgetException))]
    [InlineData(8, typeof(TorchException))]
    [InlineData(9, typeof(TorchException))]
    public void EveryFamilyThatTheShimKnowsHasItsException(int family, Type expected)
    {
        ExternalException e = Assert.IsType<ExternalException>(Record.Exception(() => Status.Check(Native.lt_fail(family))), exactMatch: false);

        Assert.Equal(expected, e.GetType());
        Assert.NotEmpty(e.Message);
    }

    [Fact]
    public void ShapesThatDoNotFitSayWhichTheyAre()
    {
        using Tensor a = ones(2, 3), b = ones(2, 3);

        TorchException e = Assert.Throws<TorchException>(() => a.matmul(b));

        Assert.Contains("2x3", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("frame #", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IndicesOutOfRangeAreIndexErrors()
    {
        using Tensor a = ones(2, 3);

        Assert.Throws<TorchIndexException>(() => a.select(0, 2));
        Assert.Throws<TorchIndexException>(() => a[5]);
        Assert.Throws<TorchIndexException>(() => a.sum(2));
        Assert.Throws<TorchIndexException>(() => a.size(2));
        Assert.Equal(3, a.size(-1));
    }

    [Fact]
    public void MemoryThatIsNotToBeHadIsSaid() => Assert.Throws<TorchOutOfMemoryException>(() => empty(1L << 50));

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void EveryMistakeIsAnExceptionThatTorchSharpsHandlersCatch(string what, Action mistake)
    {
        _ = Assert.IsType<ExternalException>(Record.Exception(mistake), exactMatch: false);
        Assert.NotEmpty(what);
    }

    public static TheoryData<string, Action> Mistakes() => new()
    {
        { "reshape", () => ones(2, 3).reshape(7) },
        { "view of a transposed", () => ones(2, 3).t().view(6) },
        { "cat of none", () => cat([]) },
        { "stack of unequal", () => stack([ones(2), ones(3)]) },
        { "mm", () => ones(2, 3).mm(ones(2, 3)) },
        { "linear", () => nn.functional.linear(ones(2, 3), ones(4, 5)) },
        { "conv1d", () => nn.functional.conv1d(ones(1, 2, 8), ones(3, 1, 3)) },
        { "layer norm", () => nn.functional.layer_norm(ones(2, 3), [4]) },
        { "cross entropy", () => nn.functional.cross_entropy(ones(2, 3), tensor([0L, 3L])) },
        { "embedding", () => nn.functional.embedding(tensor([4L]), ones(3, 2)) },
        { "one hot", () => nn.functional.one_hot(tensor([-1L])) },
        { "gather", () => ones(2, 3).gather(1, tensor([9L]).reshape(1, 1)) },
        { "item of many", () => ones(2).ToScalar() },
        { "normal of whole numbers", () => ones([2], int64).normal_() },
        { "backward without record", () => ones(1).backward() },
        { "backward of many", () => ones([2], requires_grad: true).mul(2).backward() },
        { "in place on a leaf", () => ones([2], requires_grad: true).add_(1) },
        { "gradients of whole numbers", () => ones([2], int64, requires_grad: true) },
        { "dropout", () => nn.functional.dropout(ones(2), 1.5) },
        { "multinomial", () => multinomial(tensor([-1.0, 2.0]), 1) },
        { "state of a generator", () => set_rng_state(ones(3)) },
        { "lstm", () => nn.LSTM(3, 2).call(ones(5, 1, 4)) },
        { "arange", () => arange(0, 10, -1) },
        { "negative size", () => empty(-1) },
        { "boolean mask of the wrong shape", () => _ = ones(2, 3)[ones([2, 2], @bool)] },
    };

    [Fact]
    public void TensorsThatAreDisposedAreRefused()
    {
        Tensor a = ones(2);
        using Tensor b = ones(2);
        a.Dispose();
        a.Dispose();

        Assert.True(a.IsInvalid);
        Assert.Equal("Tensor (disposed)", a.ToString());
        Assert.Throws<ObjectDisposedException>(() => a.add(b));
        Assert.Throws<ObjectDisposedException>(() => b.add(a));
        Assert.Throws<ObjectDisposedException>(() => a.shape);
        Assert.Throws<ObjectDisposedException>(() => a.data<float>());
        Assert.Throws<ObjectDisposedException>(() => cat([a, b]));
        Assert.Throws<ObjectDisposedException>(() => b[TensorIndex.Tensor(a)]);
        Assert.Throws<ObjectDisposedException>(() => a.backward());
    }

    [Fact]
    public void NamesOfDevicesAreChecked()
    {
        Assert.Equal(DeviceType.CPU, device("cpu").type);
        Assert.Throws<ArgumentException>(() => device("cuda"));
    }

    [Fact]
    public void TensorsOverBudgetAreRefusedUntilSomeAreDisposed()
    {
        long budget = LiveTensors.Budget;
        using var lstm = nn.LSTM(2, 2);
        using Tensor input = ones(3, 1, 2);
        var held = new List<Tensor>();
        try
        {
            LiveTensors.Budget = Settled() + 5;
            TensorBudgetException e = Assert.Throws<TensorBudgetException>(() =>
            {
                for (int i = 0; i < 6; i++)
                    held.Add(zeros(1));
            });
            Assert.Equal(5, held.Count);
            Assert.Contains(LiveTensors.Budget.ToString("N0", null), e.Message, StringComparison.Ordinal);

            // Results that come together are made together or not at all: three of an LSTM, two of a maximum.
            long full = LiveTensors.Count;
            held[0].Dispose();
            Assert.Throws<TensorBudgetException>(() => input.max(0));
            held[1].Dispose();
            held[2].Dispose();
            Assert.Throws<TensorBudgetException>(() => lstm.call(input));
            Assert.Equal(full - 3, LiveTensors.Count);

            held[3].Dispose();
            held[4].Dispose();
            (Tensor output, Tensor h, Tensor c) = lstm.call(input);
            Assert.Equal([3, 1, 2], output.shape);
            Assert.Equal(full - 2, LiveTensors.Count);
            Array.ForEach([output, h, c], t => t.Dispose());
        }
        finally
        {
            LiveTensors.Budget = budget;
            held.ForEach(t => t.Dispose());
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => LiveTensors.Budget = 0);
    }

    [Fact]
    public void ThePeakIsTheMostThatEverLived()
    {
        long before = Settled();
        LiveTensors.ResetPeak();
        Assert.Equal(before, LiveTensors.Peak);

        for (int i = 0; i < 3; i++)
        {
            using Tensor a = zeros(1), b = zeros(1);
        }

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(before + 2, Tensor.PeakCount);
    }

    [Fact]
    public void ErrorsOfOneThreadAreNotAnothers()
    {
        TorchException? there = null;
        TorchException here = Assert.Throws<TorchException>(() =>
        {
            int status = Native.lt_fail(1);
            Elsewhere(() =>
            {
                using DisposeScope scope = NewDisposeScope();
                there = Assert.Throws<TorchException>(() => ones(2, 3).matmul(ones(2, 3)));
            });
            Status.Check(status);
        });

        Assert.Contains("on purpose", here.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("on purpose", there!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ModulesRefuseWhatTheyCannotBe()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => nn.Dropout(-0.1));
        Assert.Throws<ArgumentException>(() => nn.MultiheadAttention(6, 4));
        using Linear layer = nn.Linear(2, 2);
        Assert.Throws<ArgumentException>(() => layer.register_module("a.b", nn.ReLU()));
        Assert.Throws<ArgumentException>(() => layer.register_parameter("weight", new Parameter(zeros(1))));
    }
}
