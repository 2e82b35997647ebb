using Legato.Runtime.Experiments;

namespace Legato.Tests.Runtime.Experiments;

public sealed class PairedFiguresTests
{
    [Fact]
    public void ADifferenceThatIsNoneHasNoSign() =>
        Assert.Equal("0.000 (0.000..0.000), p 1.000", PairedFigures.Of([0.5, 0.6, 0.7], [0.5, 0.6, 0.7], seed: 1).ToString());

    [Fact]
    public void ADifferenceThatRoundsToNoneHasNoSignEither()
    {
        double[] some = [.. Enumerable.Repeat(0.5, 8)], others = [.. some.Select((f, i) => f + (i % 2 == 0 ? 0.0001 : 0.0002))];
        Assert.StartsWith("0.000 (0.000..0.000), p 0.0", PairedFigures.Of(some, others, seed: 1).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ChanceIsNeverExcludedAltogether()
    {
        double[] worse = [.. Enumerable.Range(0, 40).Select(i => 0.4 + (0.001 * i))], better = [.. worse.Select((f, i) => f + 0.2 + (0.001 * (i % 3)))];
        Assert.EndsWith("p < 0.001", PairedFigures.Of(better, worse, seed: 1).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("+0.201 (+0.2", PairedFigures.Of(better, worse, seed: 1).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("-0.201 (-0.2", PairedFigures.Of(worse, better, seed: 1).ToString(), StringComparison.Ordinal);
    }
}
