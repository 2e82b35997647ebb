using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>Optimizers against recurrences of one number, on the way down, or up, sin 3 x.</summary>
public sealed class OptimizerTests : LibTorchTest
{
    private const int Steps = 25;

    private delegate double Recurrence(double x, double gradient, int step);

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(0.1, false, false)]
    [InlineData(0.1, true, false)]
    [InlineData(0, false, true)]
    public void AdamFollowsItsRecurrence(double decay, bool amsgrad, bool maximize)
    {
        double m = 0, v = 0, largest = 0;
        Follows(p => optim.Adam(p, 0.05, 0.8, 0.95, 1e-3, decay, amsgrad, maximize), (x, g, t) =>
        {
            g = (maximize ? -g : g) + (decay * x);
            m = (0.8 * m) + (0.2 * g);
            v = (0.95 * v) + (0.05 * g * g);
            largest = Math.Max(largest, v);
            double corrected = (amsgrad ? largest : v) / (1 - Math.Pow(0.95, t));
            return x - (0.05 * (m / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(corrected) + 1e-3));
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AdamWShrinksBesideTheGradient(bool amsgrad)
    {
        double m = 0, v = 0, largest = 0;
        Follows(p => optim.AdamW(p, 0.05, 0.8, 0.95, 1e-3, 0.3, amsgrad), (x, g, t) =>
        {
            m = (0.8 * m) + (0.2 * g);
            v = (0.95 * v) + (0.05 * g * g);
            largest = Math.Max(largest, v);
            double corrected = (amsgrad ? largest : v) / (1 - Math.Pow(0.95, t));
            return (x * (1 - (0.05 * 0.3))) - (0.05 * (m / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(corrected) + 1e-3));
        });
    }

    [Theory]
    [InlineData(0, 0, 0, false, false)]
    [InlineData(0.9, 0, 0, false, false)]
    [InlineData(0.9, 0.25, 0.1, false, true)]
    [InlineData(0.9, 0, 0.1, true, false)]
    public void SgdFollowsItsRecurrence(double momentum, double dampening, double decay, bool nesterov, bool maximize)
    {
        double velocity = 0;
        Follows(p => optim.SGD(p, 0.02, momentum, dampening, decay, nesterov, maximize), (x, g, t) =>
        {
            g = (maximize ? -g : g) + (decay * x);
            velocity = t == 1 ? g : (momentum * velocity) + ((1 - dampening) * g);
            return x - (0.02 * (momentum == 0 ? g : nesterov ? g + (momentum * velocity) : velocity));
        });
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0.7, 0.1, false)]
    [InlineData(0.7, 0, true)]
    [InlineData(0, 0, true)]
    public void RmsPropFollowsItsRecurrence(double momentum, double decay, bool centered)
    {
        double square = 0, mean = 0, velocity = 0;
        Follows(p => optim.RMSProp(p, 0.01, 0.9, 1e-3, decay, momentum, centered), (x, g, _) =>
        {
            g += decay * x;
            square = (0.9 * square) + (0.1 * g * g);
            mean = (0.9 * mean) + (0.1 * g);
            double move = g / (Math.Sqrt(square - (centered ? mean * mean : 0)) + 1e-3);
            velocity = (momentum * velocity) + move;
            return x - (0.01 * (momentum > 0 ? velocity : move));
        });
    }

    [Fact]
    public void DefaultsAreTheOnesThatAreDocumented()
    {
        Assert.Equal([0.001], Rates(optim.Adam([Variable(1)])));
        Assert.Equal([0.001], Rates(optim.AdamW([("x", Variable(1))])));
        Assert.Equal([0.01], Rates(optim.RMSProp([Variable(1)])));
        double m = 0, v = 0;
        Follows(p => optim.AdamW(p), (x, g, t) =>
        {
            (m, v) = ((0.9 * m) + (0.1 * g), (0.999 * v) + (0.001 * g * g));
            return x - (0.001 * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-8));
        });
    }

    [Fact]
    public void GroupsHaveOptionsOfTheirOwn()
    {
        using Parameter a = Variable(1), b = Variable(1);
        using AdamW optimizer = optim.AdamW([new AdamW.ParamGroup([a], 0.1, 0.9, 0.999, 1e-8, 0.5), new AdamW.ParamGroup([b], lr: 0.2)]);
        (a.grad, b.grad) = (zeros([1], float64), ones([1], float64));

        optimizer.step();

        Assert.Equal([0.1, 0.2], Rates(optimizer));
        Near([1 - (0.1 * 0.5)], a);
        Near([1 - 0.2], b, 1e-7);
        using SGD sgd = optim.SGD([new SGD.ParamGroup([a], 1), new SGD.ParamGroup([b], 2, weight_decay: 1)], 0.1);
        using RMSProp rms = optim.RMSProp([new RMSProp.ParamGroup([a]), new RMSProp.ParamGroup([b], 0.5, alpha: 0)]);
        double before = b.item<double>();
        sgd.step();
        Near([before - (2 * (1 + before))], b);
        before = b.item<double>();
        rms.step();
        Near([before - 0.5], b, 1e-7);
    }

    [Fact]
    public void ParametersWithoutGradientsStay()
    {
        using Parameter a = Variable(1), b = Variable(2);
        using Adam optimizer = optim.Adam([a, b], 0.1);
        a.grad = ones([1], float64);

        optimizer.step();
        Assert.Equal(2, b.item<double>());
        optimizer.zero_grad();
        Assert.Null(a.grad);
        double after = a.item<double>();
        optimizer.step();

        Assert.Equal(after, a.item<double>());
        Assert.Equal([a, b], optimizer.parameters());
    }

    [Fact]
    public void AStepMayComputeTheLossItself()
    {
        using Parameter x = Variable(3);
        using SGD optimizer = optim.SGD([x], 0.1);
        using IDisposable off = no_grad();

        Tensor? loss = optimizer.step(() =>
        {
            optimizer.zero_grad();
            Tensor y = x.square().sum();
            y.backward();
            return y;
        });

        Assert.Equal(9, loss!.item<double>());
        Near([3 - (0.1 * 6)], x);
        Assert.Null(optimizer.step());
        Assert.False(is_grad_enabled());
    }

    [Fact]
    public void StepsLeaveNoTensorsBehind()
    {
        using Linear layer = nn.Linear(3, 2);
        using Adam optimizer = optim.Adam(layer.parameters(), 0.1, amsgrad: true);
        Train();
        long before = Settled();

        for (int i = 0; i < 5; i++)
            Train();

        Assert.Equal(before, LiveTensors.Count);
        optimizer.Dispose();
        Assert.Equal(before - 6, LiveTensors.Count);

        void Train()
        {
            using DisposeScope scope = NewDisposeScope();
            layer.call(ones(4, 3)).square().sum().backward();
            optimizer.step();
        }
    }

    [Fact]
    public void SharedPartsAreChangedOnce()
    {
        using Linear shared = nn.Linear(2, 2);
        using Sequential net = nn.Sequential(shared, nn.ReLU(), shared);

        Assert.Equal(2, net.parameters().Count());
        Assert.Equal(4, net.state_dict().Count);
        Assert.Throws<ArgumentException>(() => optim.SGD(shared.parameters().Concat(shared.parameters()), 0.1));
    }

    [Fact]
    public void ImpossibleOptionsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => optim.Adam([Variable(1)], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => optim.SGD([Variable(1)], double.NaN));
        Assert.Throws<ArgumentException>(() => optim.Adam([Variable(1)], 0.1, 1));
    }

    private static Parameter Variable(double value) => new(tensor([value]));

    private static double[] Rates(optim.Optimizer optimizer) => [.. optimizer.ParamGroups.Select(g => g.LearningRate)];

    private static void Follows(Func<IEnumerable<Parameter>, optim.Optimizer> create, Recurrence next)
    {
        double[] x = [0.9, -0.4];
        using Parameter first = Variable(x[0]), second = Variable(x[1]);
        using optim.Optimizer optimizer = create([first]), alone = create([second]);
        for (int t = 1; t <= Steps; t++)
        {
            optimizer.zero_grad();
            (first * 3).sin().sum().backward();
            optimizer.step();
            x[0] = next(x[0], 3 * Math.Cos(3 * x[0]), t);
            Assert.True(Math.Abs(x[0] - first.item<double>()) < 1e-10, $"step {t}: expected {x[0]:R}, found {first.item<double>():R}");
        }
        Assert.Equal(x[1], second.item<double>());
    }
}
