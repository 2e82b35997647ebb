using Legato.Sim.Parameters;
using Legato.SystemId.Calibration;

namespace Legato.Tests.SystemId.Calibration;

public sealed class FitAccuracyTests
{
    private static readonly SimParameters Truth = SimParameters.Nominal
        .With("rh_FFJ3.gain", 0.8).With("lh_FFJ3.gain", 1.25).With("rh_forearm_tx.gain", 1.1).With("piano.x", -0.002).With("left_hand.delay", 0.02);

    [Fact]
    public void ErrorsAndCoverageAreCountedByKind()
    {
        IReadOnlyList<FitAccuracy> all = FitAccuracy.Of(
        [
            (Truth, [Fitted("flexion.gain", 0.5, 0.001), Fitted("rh_FFJ3.gain", 0.84, 0.05), Fitted("lh_FFJ3.gain", 1, 0.1), Fitted("rh_forearm_tx.gain", 1.1, 0.01)]),
            (Truth, [Fitted("rh_FFJ3.gain", 0.72, 0.1), Frozen("lh_FFJ3.gain"), Fitted("piano.x", -0.0015, 0.001), Fitted("left_hand.delay", 0.021, 0.0001)]),
        ]);

        Assert.Equal(["gain", "rails gain", "piano.x", "delay"], all.Select(a => a.Kind));
        FitAccuracy gain = all[0];
        Assert.Equal((3, 1, 2), (gain.Fitted, gain.Frozen, gain.Covered));
        // Errors 0.04, 0.25 and 0.08; of the truth 5 %, 20 % and 10 %; doubts 0.2, 0.25 and 0.2.
        Assert.Equal(0.08, gain.MedianError, 9);
        Assert.Equal(0.1, gain.MedianRelativeError!.Value, 9);
        Assert.Equal(0.2, gain.MedianDoubt, 9);
        Assert.Equal(2.0 / 3, gain.Coverage, 9);
        Assert.Equal((1, 0, 1), (all[2].Fitted, all[2].Frozen, all[2].Covered));
        Assert.Null(all[2].MedianRelativeError);
        Assert.Equal(0, all[3].Covered);
    }

    [Fact]
    public void KindsOfWhichNoneWasFittedAreLeftOut() => Assert.Empty(FitAccuracy.Of([(Truth, [Frozen("lh_FFJ3.gain")])]));

    private static ParameterEstimate Fitted(string name, double estimate, double halfWidth) =>
        new(name, ParameterSchema.Find(name).Unit, SimParameters.Nominal[name], 1, estimate, halfWidth, false, null);

    private static ParameterEstimate Frozen(string name) => new(name, "1", SimParameters.Nominal[name], 1, 1, 0, false, "not moved");
}
