using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>Modules that users write: what is registered, under which names, and what goes through the tree.</summary>
public sealed class ModuleTests : LibTorchTest
{
    [Fact]
    public void FieldsAreRegisteredUnderTheirNamesBaseClassesFirst()
    {
        using var net = new Derived();

        Assert.Equal(["_scale", "_offset", "first.weight", "first.bias", "_blocks.0.weight", "_blocks.1.weight", "more.0", "more.1", "_last.weight", "_last.bias"], net.state_dict().Keys);
        Assert.Equal(["_scale", "first.weight", "first.bias", "_blocks.0.weight", "_blocks.1.weight", "more.0", "more.1", "_last.weight", "_last.bias"], net.named_parameters().Select(p => p.name));
        Assert.Equal(["_scale"], net.named_parameters(recurse: false).Select(p => p.name));
        Assert.Equal(["_offset"], net.named_buffers().Select(b => b.name));
        Assert.Equal(["first", "_blocks", "more", "_last"], net.named_children().Select(c => c.name));
        Assert.Equal(["first", "_blocks", "_blocks.0", "_blocks.1", "more", "_last"], net.named_modules().Select(m => m.name));
        Assert.Equal("Derived", net.GetName());
        Assert.Equal(["Linear", "ModuleList", "Linear", "Linear", "ParameterList", "Linear"], net.modules().Select(m => m.GetName()));
    }

    [Fact]
    public void ForwardIsCalledWithAllItsInputs()
    {
        using var net = new Derived();

        Tensor y = net.call(ones(5, 2), ones(5, 1));

        Assert.Equal([5, 1], y.shape);
        y.sum().backward();
        Assert.All(net.parameters().Except(net.more), p => Assert.NotNull(p.grad));
        net.zero_grad();
        Assert.All(net.parameters(), p => Assert.Null(p.grad));
    }

    [Fact]
    public void ModulesTakeUpToSixInputs()
    {
        using var six = new Six();
        using var five = new Five();
        using var four = new Four();

        Assert.Equal("abcdef", six.call("a", "b", "c", "d", "e", "f"));
        Assert.Equal("abcde", five.call("a", "b", "c", "d", "e"));
        Assert.Equal("abcd", four.call("a", "b", "c", "d"));
    }

    [Fact]
    public void TrainingAndEvaluationGoThroughTheTree()
    {
        using var net = new Derived();
        Assert.All(net.modules().Append(net), m => Assert.True(m.training));

        net.eval();
        Assert.All(net.modules().Append(net), m => Assert.False(m.training));
        net.train();
        Assert.All(net.modules().Append(net), m => Assert.True(m.training));
        var seen = new List<string>();
        Assert.Same(net, net.apply(m => seen.Add(m.GetName())));
        Assert.Equal(["Linear", "Linear", "Linear", "ModuleList", "ParameterList", "Linear", "Derived"], seen);
    }

    [Fact]
    public void NumbersChangeTheirTypeWhereTheyAre()
    {
        using BatchNorm1d norm = nn.BatchNorm1d(2);
        using SGD optimizer = optim.SGD(norm.parameters(), 1);
        norm.call(ones(3, 2)).sum().backward();

        Assert.Same(norm, norm.to(float64).to(CPU).cpu());

        Assert.All(norm.parameters(), p => Assert.True(p is { dtype: float64, requires_grad: true, is_leaf: true }));
        Assert.Null(norm.weight.grad);
        Assert.Equal((float64, int64), (norm.running_mean.dtype, norm.num_batches_tracked.dtype));
        norm.call(Some(1, 4, 2)).square().sum().backward();
        double before = norm.bias.data<double>()[0], gradient = norm.bias.grad!.data<double>()[0];
        optimizer.step();
        Assert.Equal(before - gradient, norm.bias.data<double>()[0]);
        Assert.Equal(float64, nn.Linear(2, 2, true, CPU, float64).weight.dtype);
    }

    [Fact]
    public void DisposedModulesHaveDisposedAllOfTheirParts()
    {
        long before = Settled();
        var net = new Derived();
        Assert.Equal(before + 10, LiveTensors.Count);
        Parameter weight = net.parameters().Last();

        net.Dispose();
        net.Dispose();

        Assert.True(weight.IsInvalid);
        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void PartsOfASequenceMayBeNamedAndAdded()
    {
        using Sequential net = nn.Sequential(("in", nn.Linear(2, 3)), ("act", nn.ReLU()));
        net.append("out", nn.Linear(3, 1)).append(nn.Tanh());

        Assert.Equal(["in.weight", "in.bias", "out.weight", "out.bias"], net.state_dict().Keys);
        Assert.Equal(["in", "act", "out", "3"], net.named_children().Select(c => c.name));
        Assert.Equal(4, net.Count);
        Assert.Throws<ArgumentException>(() => net.append("act", nn.ReLU()));
        using ModuleList<Linear> list = nn.ModuleList(nn.Linear(1, 1), nn.Linear(1, 2));
        Assert.Equal(2, list[1].weight.shape[0]);
        Assert.Equal(2, list.Count);
    }

    [Fact]
    public void StatesAreCopiedByName()
    {
        using Sequential from = Filled(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)), 1), to = Filled(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)), 50);
        from.call(Some(9, 4, 2));

        (IList<string> missing, IList<string> unexpected) = to.load_state_dict(from.state_dict());

        Assert.Empty(missing.Concat(unexpected));
        Assert.All(from.state_dict(), entry => Assert.Equal(Values(entry.Value), Values(to.state_dict()[entry.Key])));
        Assert.Equal(1, to.state_dict()["1.num_batches_tracked"].item<long>());
        Assert.NotSame(from.state_dict()["0.weight"], to.state_dict()["0.weight"]);
    }

    [Fact]
    public void AStateThatDoesNotFitChangesNothing()
    {
        using Linear layer = Filled(nn.Linear(2, 3), 1);
        double[] before = [.. Values(layer.weight), .. Values(layer.bias!)];
        Tensor weight = zeros([3, 2], float64), bias = zeros([3], float64);

        Assert.Contains("missing [bias]", Refused(new() { ["weight"] = weight }), StringComparison.Ordinal);
        Assert.Contains("unexpected [extra]", Refused(new() { ["weight"] = weight, ["bias"] = bias, ["extra"] = bias }), StringComparison.Ordinal);
        Assert.Contains("'bias'", Refused(new() { ["weight"] = weight, ["bias"] = zeros([2], float64) }), StringComparison.Ordinal);
        (IList<string> missing, IList<string> unexpected) = layer.load_state_dict(new() { ["weight"] = weight, ["extra"] = bias }, strict: false);

        Assert.Equal(["bias"], missing);
        Assert.Equal(["extra"], unexpected);
        Assert.Equal([0, 0, 0, 0, 0, 0, .. before[6..]], (double[])[.. Values(layer.weight), .. Values(layer.bias!)]);
        layer.load_state_dict(new() { ["bias"] = bias }, skip: ["weight"]);
        Assert.Equal([0, 0, 0], Values(layer.bias!));

        string Refused(Dictionary<string, Tensor> state)
        {
            string message = Assert.Throws<ArgumentException>(() => layer.load_state_dict(state)).Message;
            Assert.Equal(before, (double[])[.. Values(layer.weight), .. Values(layer.bias!)]);
            return message;
        }
    }

    private abstract class Base : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly Parameter _scale = new(ones(1));
        private readonly Tensor _offset = zeros(1);
        protected readonly Linear first = nn.Linear(2, 3);

        protected Base(string name)
            : base(name) => Assert.False(_scale.IsInvalid);

        protected Tensor Shifted(Tensor x) => (x * _scale) + _offset;
    }

    private sealed class Derived : Base
    {
        private readonly ModuleList<Linear> _blocks = nn.ModuleList(nn.Linear(3, 3, false), nn.Linear(3, 3, false));
        public readonly ParameterList more = nn.ParameterList(new Parameter(ones(1)), new Parameter(ones(2)));
        private readonly Linear _last = nn.Linear(4, 1);
        private readonly int _notAModule = 3;

        public Derived()
            : base(nameof(Derived))
        {
            RegisterComponents();
            RegisterComponents();
            Assert.Equal(3, _notAModule);
        }

        public override Tensor forward(Tensor input1, Tensor input2)
        {
            Tensor x = first.call(Shifted(input1));
            foreach (Linear block in _blocks)
                x = block.call(x).tanh();
            return _last.call(cat([x, input2], 1));
        }
    }

    private sealed class Six() : nn.Module<string, string, string, string, string, string, string>(nameof(Six))
    {
        public override string forward(string input1, string input2, string input3, string input4, string input5, string input6) => input1 + input2 + input3 + input4 + input5 + input6;
    }

    private sealed class Five() : nn.Module<string, string, string, string, string, string>(nameof(Five))
    {
        public override string forward(string input1, string input2, string input3, string input4, string input5) => input1 + input2 + input3 + input4 + input5;
    }

    private sealed class Four() : nn.Module<string, string, string, string, string>(nameof(Four))
    {
        public override string forward(string input1, string input2, string input3, string input4) => input1 + input2 + input3 + input4;
    }
}
