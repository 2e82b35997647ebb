using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>The normal distribution against values from tables.</summary>
public sealed class NormalTests : LibTorchTest
{
    private readonly Normal _normal = distributions.Normal(tensor([0.0, 2.0]), tensor([1.0, 3.0]));

    [Fact]
    public void DensitiesAreTheKnownOnes()
    {
        // ln φ(0) = −½ ln 2π; at one deviation ½ less, at two 2 less; ln 3 less for the width.
        Near([-0.9189385332046727, -0.9189385332046727 - 1.0986122886681098], _normal.log_prob(tensor([0.0, 2.0])));
        Near([-1.4189385332046727, -4.017550821872782], _normal.log_prob(tensor([1.0, -4.0])));
        Near([1.4189385332046727, 2.5175508218727825], _normal.entropy());
    }

    [Fact]
    public void TheDistributionAndItsInverseAreTheKnownOnes()
    {
        Near([0.8413447460685429, 0.022750131948179195], _normal.cdf(tensor([1.0, -4.0])));
        Near([1.6448536269514722, 2 - (3 * 1.9599639845400545)], _normal.icdf(tensor([0.95, 0.025])), 1e-9);
        double[] points = [-1.3, 4.5];
        Near(points, _normal.icdf(_normal.cdf(tensor(points))), 1e-9);
    }

    [Fact]
    public void MomentsAreTheGivenOnes()
    {
        Assert.Equal([0, 2], Values(_normal.mean));
        Assert.Equal([1, 3], Values(_normal.stddev));
        Assert.Equal([1, 9], Values(_normal.variance));
        double[] samples = Values(_normal.sample(20_000));
        Assert.Equal(2, samples.Where((_, i) => i % 2 == 1).Average(), 0.1);
        Assert.Equal(3, Math.Sqrt(samples.Where((_, i) => i % 2 == 1).Average(v => (v - 2) * (v - 2))), 0.1);
        Assert.Equal(0, samples.Where((_, i) => i % 2 == 0).Average(), 0.04);
    }

    [Fact]
    public void LocationAndScaleAreBroadcast()
    {
        Normal wide = distributions.Normal(zeros(3, 1), ones(2));

        Assert.Equal([3, 2], wide.sample().shape);
        Assert.Equal([5, 4, 3, 2], wide.rsample(5, 4).shape);
        Assert.Equal([3, 2], wide.log_prob(zeros(3, 2)).shape);
        Assert.Equal([3, 2], wide.entropy().shape);
        Assert.Equal([3, 2], wide.mean.shape);
        Assert.Equal([3, 2], wide.stddev.shape);
    }

    [Fact]
    public void SamplesCarryGradientsOfLocationAndScale()
    {
        Tensor loc = zeros([4], float64, requires_grad: true), scale = full([4], 2, float64, requires_grad: true);
        Normal normal = distributions.Normal(loc, scale);

        Tensor x = normal.rsample(3);
        x.sum().backward();

        Assert.Equal([3, 3, 3, 3], Values(loc.grad!));
        // x = loc + scale · ε, so that ε = x / 2.
        Near([.. Enumerable.Range(0, 4).Select(i => Values(x).Where((_, k) => k % 4 == i).Sum() / 2)], scale.grad!);
        Assert.False(normal.sample(3).requires_grad);
    }

    [Fact]
    public void LikelihoodsHaveTheirDerivatives()
    {
        Tensor loc = Some(1, 3).requires_grad_(), scale = (Some(2, 3) + 2).requires_grad_(), x = Some(3, 5, 3);

        GradientsAgree(() => distributions.Normal(loc, scale).log_prob(x).sum() + distributions.Normal(loc, scale).entropy().sum() + distributions.Normal(loc, scale).cdf(x).sum(), loc, scale);
    }

    [Fact]
    public void ResultsAreAllThatIsLeft()
    {
        long before = Settled();

        using (Tensor a = _normal.rsample(2), b = _normal.log_prob(a), c = _normal.entropy(), d = _normal.cdf(a))
            Assert.Equal(before + 4, LiveTensors.Count);

        Assert.Equal(before, LiveTensors.Count);
    }
}
