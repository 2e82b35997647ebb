using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.SystemId.Calibration;

namespace Legato.Tests.SystemId.Calibration;

/// <summary>Rigs that a calibration leaves possible.</summary>
public sealed class ParameterPosteriorTests
{
    private const int Many = 4000;
    private static readonly SimParameters Estimate = SimParameters.Nominal.With("keys.stiffness", 1.4).With("piano.y", 0.003).With("flexion.gain", 0.7).With("right_hand.delay", 0.02).With("flexion.friction", 0.001);

    private static readonly ParameterEstimate[] Estimates =
    [
        new("keys.stiffness", "1", 1, 0.5, 1.4, 0.196, false, null),
        new("piano.y", "m", 0, 0.01, 0.003, 0.00196, false, null),
        new("flexion.gain", "1", 1, 0.2, 0.7, 0, false, "the recordings hardly narrow what was believed before"),
        new("right_hand.delay", "s", 0, 0.01, 0.02, 0, false, "what the delay leaves of the sum that joints show"),
        new("flexion.friction", "N·m", 0, 0.01, 0.001, 0.0196, false, null),
    ];

    [Fact]
    public void DrawsHaveTheFitsDeviationsAndCorrelations()
    {
        IReadOnlyList<SimParameters> rigs = Posterior().Draw(Many, 1);
        Near(1.4, 0.1, "keys.stiffness");
        Near(0.003, 0.001, "piano.y");
        Near(0.7, 0.2, "flexion.gain");
        Assert.All(rigs, r => Assert.Equal(0.02, r["right_hand.delay"]));
        double[] a = [.. rigs.Select(r => (r["keys.stiffness"] - 1.4) / 0.1)], b = [.. rigs.Select(r => (r["piano.y"] - 0.003) / 0.001)];
        Assert.Equal(-0.8, a.Zip(b, (x, y) => x * y).Average(), 0.05);

        void Near(double mean, double sd, string name)
        {
            double[] values = [.. rigs.Select(r => r[name])];
            Assert.Equal(mean, values.Average(), 4 * sd / Math.Sqrt(Many));
            Assert.Equal(sd, Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), 0.06 * sd);
        }
    }

    [Fact]
    public void DrawsStayWithinTheirRangesAndDependOnTheSeedAlone()
    {
        IReadOnlyList<SimParameters> rigs = Posterior().Draw(50, 3);
        Assert.Contains(rigs, r => r["flexion.friction"] == ParameterSchema.Find("flexion.friction").Min);
        Assert.Equal(rigs.Select(r => r.Hash), Posterior().Draw(50, 3).Select(r => r.Hash));
        Assert.NotEqual(rigs[0].Hash, Posterior().Draw(1, 4)[0].Hash);
    }

    [Fact]
    public void FiguresThatDoNotFitTogetherAreRefused()
    {
        Assert.Throws<InputException>(() => new ParameterPosterior(Estimate, Estimates, ["keys.stiffness"], []));
        Assert.Throws<InputException>(() => new ParameterPosterior(Estimate, Estimates, ["keys.damping"], [[1]]));
    }

    private static ParameterPosterior Posterior() =>
        new(Estimate, Estimates, ["keys.stiffness", "piano.y", "flexion.friction"], [[1, -0.8, 0], [-0.8, 1, 0], [0, 0, 1]]);
}
