using FsCheck;
using FsCheck.Fluent;
using Legato.Policy.Bundles;
using Legato.Policy.Networks;
using Legato.Policy.Networks.Vectors;

namespace Legato.Tests.Policy.Networks;

/// <summary>Evaluation against the naive network in double precision, at every width of vectors.</summary>
public class FeedForwardNetworkTests
{
    private const double Tolerance = 1e-5;
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [Fact]
    public void AnyNetworkGivesWhatTheNaiveOneGives() =>
        Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            NetworkDescription description = NetworkSamples.Network(random, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65);
            Dictionary<string, SafeTensor> tensors = NetworkSamples.Tensors(description, random);
            NetworkWeights weights = NetworkWeights.Load(description, tensors, "test");
            float[] first = NetworkSamples.Vector(random, description.Inputs, 5), second = NetworkSamples.Vector(random, description.Inputs, 5);
            double[] expected = NaiveNetwork.Evaluate(description, tensors, first);
            return NetworkSamples.Widths.All(width =>
            {
                var network = new FeedForwardNetwork(weights, width);
                // What an earlier observation left behind must not matter.
                Evaluate(network, second);
                float[] actual = Evaluate(network, first);
                return actual.Length == expected.Length && NetworkSamples.Error(expected, actual) < Tolerance;
            });
        }).Holds(300);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 17)]
    [InlineData(3, 400)]
    [InlineData(17, 1)]
    [InlineData(17, 3)]
    [InlineData(400, 17)]
    [InlineData(400, 400)]
    [InlineData(1144, 3)]
    [InlineData(1144, 1144)]
    public void MatricesOfAnyShapeMultiply(int inputs, int outputs)
    {
        var random = new Random(inputs + outputs);
        foreach (bool bias in (bool[])[true, false])
            AssertNaive(new NetworkDescription { Inputs = inputs, Layers = [new LinearLayer(outputs, bias)] }, random);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(400)]
    [InlineData(1144)]
    public void LayersOfAnyWidthAreNormalised(int width)
    {
        var random = new Random(width);
        // A mean far from zero: the variance must not be a difference of large numbers.
        var description = new NetworkDescription { Inputs = width, Layers = [new LayerNormLayer()] };
        Dictionary<string, SafeTensor> tensors = NetworkSamples.Tensors(description, random);
        float[] x = [.. NetworkSamples.Vector(random, width).Select(v => v + 30)];
        double[] expected = NaiveNetwork.Evaluate(description, tensors, x);
        foreach (VectorWidth lanes in NetworkSamples.Widths)
            Assert.InRange(NetworkSamples.Error(expected, Evaluate(new FeedForwardNetwork(NetworkWeights.Load(description, tensors, "test"), lanes), x)), 0, 2e-5);
    }

    [Fact]
    public void ActivationsAreAccurateFarOutAndNearZero()
    {
        float[] x = [.. Enumerable.Range(-2000, 4001).Select(i => 0.01f * i), 1e-20f, -1e-20f, 1e4f, -1e4f, 1e20f, 3e38f];
        foreach (ActivationFunction function in Enum.GetValues<ActivationFunction>())
        {
            var description = new NetworkDescription { Inputs = x.Length, Layers = [new ActivationLayer(function)] };
            NetworkWeights weights = NetworkWeights.Load(description, new Dictionary<string, SafeTensor>(), "test");
            foreach (VectorWidth width in NetworkSamples.Widths)
            {
                float[] y = Evaluate(new FeedForwardNetwork(weights, width), x);
                for (int i = 0; i < x.Length; i++)
                {
                    double expected = NaiveNetwork.Activate(function, x[i]);
                    Assert.True(Math.Abs(expected - y[i]) <= 1e-6 * Math.Max(1, Math.Abs(expected)), $"{function} of {x[i]:r} at {width}: {y[i]:r}, not {expected:r}");
                }
            }
        }
    }

    [Fact]
    public void WidthsAgree() =>
        Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            NetworkDescription description = NetworkSamples.Network(random, 17, 45, 100, 256);
            NetworkWeights weights = NetworkWeights.Load(description, NetworkSamples.Tensors(description, random), "test");
            float[] x = NetworkSamples.Vector(random, description.Inputs);
            float[][] results = [.. NetworkSamples.Widths.Select(w => Evaluate(new FeedForwardNetwork(weights, w), x))];
            return results.All(r => NetworkSamples.Error(results[0].Select(v => (double)v), r) < Tolerance);
        }).Holds(50);

    [Fact]
    public void NormalisationClips()
    {
        var description = new NetworkDescription { Inputs = 4, Normalization = new(3), Layers = [new ActivationLayer(ActivationFunction.Identity)] };
        var tensors = new Dictionary<string, SafeTensor>
        {
            ["normalization.mean"] = new SafeTensor<float>([4], [1, 1, 1, 1]),
            ["normalization.std"] = new SafeTensor<double>([4], [2, 2, 0.5, 1]),
        };
        var network = new FeedForwardNetwork(NetworkWeights.Load(description, tensors, "test"));
        Assert.Equal([1, -3, 3, 3], Evaluate(network, [3, -100, 2.6f, float.PositiveInfinity]));
    }

    [Fact]
    public void WhatIsNotANumberIsSeenInTheResultAndForgottenAfterwards()
    {
        var random = new Random(3);
        var description = new NetworkDescription { Inputs = 20, Normalization = new(5), Layers = [new LinearLayer(33), new LayerNormLayer(), new ActivationLayer(ActivationFunction.Gelu), new LinearLayer(5)] };
        NetworkWeights weights = NetworkWeights.Load(description, NetworkSamples.Tensors(description, random), "test");
        float[] x = NetworkSamples.Vector(random, 20);
        float[] broken = [.. x];
        broken[7] = float.NaN;
        foreach (VectorWidth width in NetworkSamples.Widths)
        {
            var network = new FeedForwardNetwork(weights, width);
            float[] before = Evaluate(network, x);
            Assert.All(Evaluate(network, broken), v => Assert.True(float.IsNaN(v)));
            Assert.Equal(before, Evaluate(network, x));
        }
    }

    [Fact]
    public void EvaluationAllocatesNothing()
    {
        var description = new NetworkDescription
        {
            Inputs = 40,
            Normalization = new(5),
            Layers = [new LinearLayer(33), new LayerNormLayer(), .. Enum.GetValues<ActivationFunction>().Select(f => new ActivationLayer(f)), new LinearLayer(5)],
        };
        NetworkWeights weights = NetworkWeights.Load(description, NetworkSamples.Tensors(description, new Random(1)), "test");
        float[] x = new float[40], y = new float[5];
        foreach (VectorWidth width in NetworkSamples.Widths)
        {
            var network = new FeedForwardNetwork(weights, width);
            Assert.Equal(0, Allocations.Fewest(() => network.Evaluate(x, y)));
        }
    }

    [Fact]
    public void NetworksOnSeveralThreadsShareWeights()
    {
        var random = new Random(5);
        var description = new NetworkDescription { Inputs = 50, Layers = [new LinearLayer(64), new ActivationLayer(ActivationFunction.Mish), new LinearLayer(64), new ActivationLayer(ActivationFunction.Tanh), new LinearLayer(10)] };
        NetworkWeights weights = NetworkWeights.Load(description, NetworkSamples.Tensors(description, random), "test");
        float[][] inputs = [.. Enumerable.Range(0, 64).Select(_ => NetworkSamples.Vector(random, 50))];
        float[][] expected = [.. inputs.Select(x => Evaluate(new FeedForwardNetwork(weights), x))];
        Parallel.For(0, 4, _ =>
        {
            var network = new FeedForwardNetwork(weights);
            for (int i = 0; i < 1000; i++)
                Assert.Equal(expected[i % 64], Evaluate(network, inputs[i % 64]));
        });
    }

    [Fact]
    public void InputAndOutputMayOverlap()
    {
        var description = new NetworkDescription { Inputs = 20, Layers = [new LinearLayer(20)] };
        var network = new FeedForwardNetwork(NetworkWeights.Load(description, NetworkSamples.Tensors(description, new Random(1)), "test"));
        float[] x = NetworkSamples.Vector(new Random(2), 20);
        float[] expected = Evaluate(network, x);
        network.Evaluate(x, x);
        Assert.Equal(expected, x);
    }

    [Fact]
    public void SpansOfAnotherLengthAreRefused()
    {
        var description = new NetworkDescription { Inputs = 3, Layers = [new LinearLayer(2)] };
        var network = new FeedForwardNetwork(NetworkWeights.Load(description, NetworkSamples.Tensors(description, new Random(1)), "test"));
        Assert.Equal((3, 2), (network.Inputs, network.Outputs));
        Assert.Throws<ArgumentException>(() => network.Evaluate(new float[2], new float[2]));
        Assert.Throws<ArgumentException>(() => network.Evaluate(new float[4], new float[2]));
        Assert.Throws<ArgumentException>(() => network.Evaluate(new float[3], new float[3]));
    }

    private static void AssertNaive(NetworkDescription description, Random random)
    {
        Dictionary<string, SafeTensor> tensors = NetworkSamples.Tensors(description, random);
        NetworkWeights weights = NetworkWeights.Load(description, tensors, "test");
        float[] x = NetworkSamples.Vector(random, description.Inputs);
        double[] expected = NaiveNetwork.Evaluate(description, tensors, x);
        foreach (VectorWidth width in NetworkSamples.Widths)
            Assert.InRange(NetworkSamples.Error(expected, Evaluate(new FeedForwardNetwork(weights, width), x)), 0, Tolerance);
    }

    private static float[] Evaluate(FeedForwardNetwork network, float[] x)
    {
        var y = new float[network.Outputs];
        network.Evaluate(x, y);
        return y;
    }
}
