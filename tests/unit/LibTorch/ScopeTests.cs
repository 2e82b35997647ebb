using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

[Collection("libtorch")]
public class ScopeTests
{
    [Fact]
    public void AScopeDisposesWhatWasCreatedInIt()
    {
        long before = LibTorchTest.Settled();
        Tensor a, b;
        using (DisposeScope scope = NewDisposeScope())
        {
            a = zeros(2);
            b = a + 1;
            Assert.Equal(2, scope.DisposablesCount);
            Assert.True(scope.Contains(b));
            a.Dispose();
            Assert.Equal(1, scope.DisposablesCount);
        }

        Assert.True(b.IsInvalid);
        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void TensorsBelongToTheInnermostScope()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor a = zeros(1), moved, detached, twice;
        using (DisposeScope inner = NewDisposeScope())
        {
            Assert.Same(outer, inner.OuterScope);
            moved = zeros(1).MoveToOuterDisposeScope();
            detached = inner.Detach(zeros(1));
            twice = inner.MoveToOuter(inner.MoveToOuter(zeros(1)));
            zeros(1);
            Assert.Equal((3, 1), (outer.DisposablesCount, inner.DisposablesCount));
        }
        outer.DisposeEverything();

        Assert.True(a.IsInvalid && moved.IsInvalid && twice.IsInvalid);
        Assert.False(detached.IsInvalid);
        detached.Dispose();
        zeros(1);
        Assert.Equal(1, outer.DisposablesCount);
    }

    [Fact]
    public void AScopeLeavesAloneWhatIsAnothers()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor a = zeros(1);
        using (DisposeScope middle = NewDisposeScope())
        {
            using DisposeScope inner = NewDisposeScope();
            inner.Detach(a);
            inner.MoveToOuter(a);
            Assert.True(outer.Contains(a));
            Assert.Equal(0, middle.DisposablesCount);
            middle.Attach(a);
        }

        Assert.True(a.IsInvalid);
        Assert.Equal(0, outer.DisposablesCount);
    }

    [Fact]
    public void SomeMayBeKeptWhileTheRestGoes()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = zeros(1), b = zeros(1), c = zeros(1);

        scope.DisposeEverythingBut(b, c);

        Assert.True(a.IsInvalid);
        Assert.False(b.IsInvalid || c.IsInvalid);
        Assert.Equal(2, scope.DisposablesCount);
    }

    [Fact]
    public void WithoutAnOuterScopeAMovedTensorBelongsToNobody()
    {
        Tensor a;
        using (NewDisposeScope())
            a = zeros(1).MoveToOuterDisposeScope();

        Assert.False(a.IsInvalid);
        a.Dispose();
    }

    [Fact]
    public void ScopesThatAreClosedOutOfOrderAreSteppedOver()
    {
        using DisposeScope outer = NewDisposeScope();
        DisposeScope middle = NewDisposeScope(), inner = NewDisposeScope();
        Tensor a = zeros(1);

        middle.Dispose();
        Assert.False(a.IsInvalid);
        Assert.Same(outer, inner.OuterScope);
        inner.MoveToOuter(a);
        Assert.Throws<ObjectDisposedException>(() => middle.Attach(a));
        inner.Dispose();
        inner.Dispose();
        Tensor b = zeros(1);

        Assert.False(a.IsInvalid);
        Assert.Equal(2, outer.DisposablesCount);
        outer.DisposeEverything();
        Assert.True(a.IsInvalid && b.IsInvalid);
    }

    [Fact]
    public void ThreadsHaveScopesOfTheirOwn()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor? there = null;
        var thread = new Thread(() =>
        {
            there = zeros(1);
            using DisposeScope own = NewDisposeScope();
            zeros(1);
            Assert.Null(own.OuterScope);
            Assert.Equal(1, own.DisposablesCount);
        });
        thread.Start();
        thread.Join();

        Assert.Equal(0, scope.DisposablesCount);
        scope.DisposeEverything();
        Assert.False(there!.IsInvalid);
        there.Dispose();
    }

    [Fact]
    public void TensorsMayBeDisposedOnAnyThreadWhileOthersAreCreated()
    {
        using DisposeScope scope = NewDisposeScope();
        using var handed = new System.Collections.Concurrent.BlockingCollection<Tensor>();
        var thread = new Thread(() =>
        {
            foreach (Tensor tensor in handed.GetConsumingEnumerable(TestContext.Current.CancellationToken))
                tensor.Dispose();
        });
        thread.Start();
        var kept = new List<Tensor>();
        for (int i = 0; i < 20_000; i++)
        {
            handed.Add(zeros(1), TestContext.Current.CancellationToken);
            if (i % 100 == 0)
                kept.Add(zeros(1));
        }
        handed.CompleteAdding();
        thread.Join();

        Assert.Equal(200, scope.DisposablesCount);
        Assert.All(kept, t => Assert.True(scope.Contains(t)));
    }

    [Fact]
    public void AWrappedComputationKeepsOnlyItsResult()
    {
        long before = LibTorchTest.Settled();
        using Tensor given = ones(3);

        using (Tensor sum = WrappedTensorDisposeScope(() => ((given + 1) * 2).sum()))
        {
            Assert.Equal(12f, sum.item<float>());
            Assert.Equal(before + 2, LiveTensors.Count);
        }
        using (DisposeScope outer = NewDisposeScope())
        {
            Tensor a = ones(1);
            Assert.Same(a, WrappedTensorDisposeScope(() => a));
            Assert.True(outer.Contains(a));
        }
    }

    [Fact]
    public void ModulesKeepTheirParametersAndLeaveOnlyResults()
    {
        Sequential net;
        Tensor input = ones(2, 3);
        using (NewDisposeScope())
            net = nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.BatchNorm1d(4), nn.Sequential(Array.Empty<nn.Module<Tensor, Tensor>>()), nn.Identity(), nn.Linear(4, 1));
        long before = LibTorchTest.Settled();

        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor output = net.call(input);
            Assert.Equal([2, 1], output.shape);
            Assert.Equal(1, scope.DisposablesCount);
            Assert.False(input.IsInvalid);
        }

        Assert.Equal(before, LiveTensors.Count);
        net.Dispose();
        // Four of two linear layers, two of normalisation, and five of normalisation over batches.
        Assert.Equal(before - 11, LiveTensors.Count);
        input.Dispose();
    }

    [Fact]
    public void AModuleThatReturnsItsInputTakesItNowhere()
    {
        using DisposeScope outer = NewDisposeScope();
        using DisposeScope scope = NewDisposeScope();
        Tensor input = ones(2);
        using Sequential net = nn.Sequential(new Same());

        Tensor output = net.call(input);

        Assert.Same(input, output);
        Assert.True(scope.Contains(input));
    }

    [Fact]
    public void AParameterTakesThePlaceOfItsData()
    {
        long before = LibTorchTest.Settled();
        using DisposeScope scope = NewDisposeScope();
        Tensor data = tensor([1f, 2f]);

        using var parameter = new Parameter(data);

        Assert.True(data.IsInvalid);
        Assert.True(parameter is { requires_grad: true, is_leaf: true });
        Assert.Equal([1f, 2f], parameter.data<float>().ToArray());
        Assert.Equal(0, scope.DisposablesCount);
        Assert.Equal(before + 1, LiveTensors.Count);
    }

    private sealed class Same() : nn.Module<Tensor, Tensor>(nameof(Same))
    {
        public override Tensor forward(Tensor input) => input;
    }
}
