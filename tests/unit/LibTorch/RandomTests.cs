using TorchSharp;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>Generators of random numbers.</summary>
public sealed class RandomTests : LibTorchTest
{
    [Fact]
    public void TheSameSeedGivesTheSameNumbers()
    {
        manual_seed(5);
        double[] first = Values(randn(20)), second = Values(randn(20));
        torch.random.manual_seed(5);

        Assert.Equal(first, Values(randn(20)));
        Assert.Equal(second, Values(randn(20)));
        Assert.NotEqual(first, second);
        Assert.Equal(5, Generator.Default.initial_seed());
    }

    [Fact]
    public void GeneratorsAreIndependent()
    {
        using var a = new Generator(7);
        using var b = new Generator(7);
        double[] own = Values(randn([5], generator: a));
        manual_seed(1);
        double[] global = Values(rand(5));
        manual_seed(1);

        Values(randn([50], generator: a));
        Assert.Equal(own, Values(randn([5], generator: b)));
        Assert.Equal(global, Values(rand(5)));
        Assert.Equal(7, a.initial_seed());
        a.manual_seed(7);
        Assert.Equal(own, Values(randn([5], generator: a)));
        using var other = new Generator(8);
        Assert.NotEqual(own, Values(randn([5], generator: other)));
    }

    [Fact]
    public void AStateCanBeGoneBackTo()
    {
        using var g = new Generator(3);
        randn([3], generator: g);
        Tensor own = g.get_state(), global = get_rng_state();
        double[] expected = [.. Values(randn([7], generator: g)), .. Values(rand(7)), .. Values(randperm(9))];

        g.set_state(own);
        set_rng_state(global);
        Assert.Equal(expected, (double[])[.. Values(randn([7], generator: g)), .. Values(rand(7)), .. Values(randperm(9))]);
        torch.random.set_rng_state(global);
        Assert.Equal(expected[7..14], Values(rand(7)));
        Assert.Equal(uint8, own.dtype);
        using var another = new Generator(99);
        another.set_state(own);
        Assert.Equal(expected[..7], Values(randn([7], generator: another)));
    }

    [Fact]
    public void DisposedGeneratorsAreRefusedAndTheDefaultStays()
    {
        var g = new Generator(3);
        g.Dispose();
        g.Dispose();
        Generator.Default.Dispose();

        Assert.Throws<ObjectDisposedException>(() => randn([3], generator: g));
        Assert.Equal(3, Generator.Default.manual_seed(3).initial_seed());
    }

    [Fact]
    public void EveryKindOfNumberFollowsTheGenerator()
    {
        using var a = new Generator(2);
        using var b = new Generator(2);

        Assert.Equal(All(a), All(b));

        static double[] All(Generator g) =>
        [
            .. Values(rand([3], generator: g)), .. Values(randint(-5, 5, [9], generator: g)), .. Values(randperm(7, generator: g)),
            .. Values(bernoulli(full([9], 0.5), g)), .. Values(multinomial(tensor([1.0, 2, 3]), 5, true, g)), .. Values(empty(3).normal_(1, 2, g)),
            .. Values(empty(3).uniform_(1, 2, g)), .. Values(empty(9).bernoulli_(0.5, g)), .. Values(distributions.Normal(zeros(2), ones(2), g).sample(3)),
        ];
    }

    [Fact]
    public void NumbersLieWhereTheyShould()
    {
        double[] whole = Values(randint(-2, 3, [2000]));
        Assert.Equal([-2, -1, 0, 1, 2], whole.Distinct().Order());
        Assert.Equal(int64, randint(4, [1]).dtype);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (double)i), Values(randperm(50)).Order());
        Assert.All(Values(rand_like(zeros(500))), v => Assert.InRange(v, 0, 1));
        // 0.3 of 4,000: 1,200, with a standard deviation of 29.
        Assert.InRange(Values(bernoulli(full([4000], 0.3))).Sum(), 1050, 1350);
        Assert.DoesNotContain(1, Values(multinomial(tensor([1.0, 0, 3]), 200, true)));
        Assert.Equal([0.0, 1, 2], Values(multinomial(tensor([1.0, 5, 3]), 3)).Order());
        double[] normal = Values(randn_like(zeros([10_000], float64)));
        Assert.Equal(0, normal.Average(), 0.04);
        Assert.Equal(1, normal.Average(v => v * v), 0.06);
    }
}
