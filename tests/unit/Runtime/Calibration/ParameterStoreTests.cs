using Legato.Runtime.Calibration;
using Legato.Runtime.Experiments;
using Legato.Sim.Parameters;

namespace Legato.Tests.Runtime.Calibration;

public sealed class ParameterStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("legato-store-").FullName;
    private readonly ParameterStore _store;

    public ParameterStoreTests() => _store = new ParameterStore(_root, TimeProvider.System);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void PromotionsAndRollbacksGoThereAndBack()
    {
        SimParameters first = Rig(0.9), second = Rig(0.8), third = Rig(0.7);
        Assert.Null(_store.Current("rig").File);
        _store.Promote(Calibration("one", first, SimParameters.Nominal), "rig");
        _store.Promote(Calibration("two", second, first), "rig");
        Assert.Equal(second, _store.Current("rig").Load());
        Assert.Equal("two", _store.Current("rig").Entry!.Calibration);

        Assert.Equal("one", _store.RollBack("rig", "worse in the evening").Calibration);
        Assert.Equal(first, _store.Current("rig").Load());
        _store.Promote(Calibration("three", third, first), "rig");
        Assert.Equal(third, _store.Current("rig").Load());
        _store.RollBack("rig");
        _store.RollBack("rig");
        Assert.Equal(SimParameters.Nominal, _store.Current("rig").Load());
        Assert.Contains("nominal already", Assert.Throws<InputException>(() => _store.RollBack("rig")).Message, StringComparison.Ordinal);
        Assert.Equal(6, _store.Ledger.Read().Count);
    }

    [Fact]
    public void RobotsHaveParametersOfTheirOwn()
    {
        _store.Promote(Calibration("one", Rig(0.9), SimParameters.Nominal), "rig");
        Assert.Null(_store.Current("other").File);
        Assert.Throws<InputException>(() => _store.RollBack("other"));
    }

    [Fact]
    public void TheCurrentFileOutlivesItsCalibration()
    {
        string calibration = Calibration("one", Rig(0.9), SimParameters.Nominal);
        _store.Promote(calibration, "rig");
        Directory.Delete(calibration, recursive: true);
        Assert.Equal(Rig(0.9), _store.Current("rig").Load());
    }

    [Theory]
    [InlineData(2.0, 1.5, -0.1, "not better than the current parameters")]
    [InlineData(2.0, 2.5, -0.9, "not better than the current parameters")]
    [InlineData(double.NaN, double.NaN, double.NaN, "not better than the current parameters")]
    public void WithoutAGainBeyondChanceNothingIsPromotedUnlessSomebodySaysWhy(double before, double after, double low, string message)
    {
        string calibration = Calibration("one", Rig(0.9), SimParameters.Nominal, new HoldOut(before, after, low, 1, 8));
        Assert.Contains(message, Assert.Throws<InputException>(() => _store.Promote(calibration, "rig")).Message, StringComparison.Ordinal);
        Assert.Empty(_store.Ledger.Read());
        _store.Promote(calibration, "rig", force: "the encoder was changed");
        LedgerEntry entry = Assert.Single(_store.Ledger.Read());
        Assert.Equal("the encoder was changed", entry.Reason);
        Assert.Equal(before, entry.HoldOut!.Before);
    }

    [Fact]
    public void EvidenceForOthersOrAgainstOthersIsRefused()
    {
        SimParameters first = Rig(0.9), second = Rig(0.8);
        _store.Promote(Calibration("one", first, SimParameters.Nominal), "rig");
        // Compared with nominal parameters, which are current no more.
        Assert.Contains("not current for 'rig'", Assert.Throws<InputException>(() => _store.Promote(Calibration("two", second, SimParameters.Nominal), "rig")).Message, StringComparison.Ordinal);
        string changed = Calibration("three", second, first);
        File.WriteAllText(Path.Combine(changed, ParameterStore.ParametersFile), Rig(0.7).ToYaml());
        Assert.Contains("other parameters", Assert.Throws<InputException>(() => _store.Promote(changed, "rig")).Message, StringComparison.Ordinal);
        string bare = Calibration("four", second, first);
        File.Delete(ValidationEvidence.PathIn(bare));
        Assert.Contains("calibrate validate", Assert.Throws<InputException>(() => _store.Promote(bare, "rig")).Message, StringComparison.Ordinal);
        Assert.Equal(first, _store.Current("rig").Load());
    }

    [Fact]
    public void AParameterFileThatWasChangedIsNotUsed()
    {
        _store.Promote(Calibration("one", Rig(0.9), SimParameters.Nominal), "rig");
        string file = _store.Current("rig").File!;
        File.AppendAllText(file, "wrist: {gain: 1.1}\n");
        Assert.Contains(file, Assert.Throws<InputException>(() => _store.Current("rig")).Message, StringComparison.Ordinal);
        // Going back needs only what comes before.
        _store.RollBack("rig");
        Assert.Null(_store.Current("rig").File);
    }

    [Fact]
    public void KilledBeforeTheLedgerWasWrittenNothingHasChanged()
    {
        string calibration = Calibration("one", Rig(0.9), SimParameters.Nominal);
        // The parameters were put away, not even whole, but the ledger does not say so.
        string hash = Provenance.HashOf(Path.Combine(calibration, ParameterStore.ParametersFile)), kept = Path.Combine(_root, "params", $"{hash}.yaml");
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        File.WriteAllText(kept, "flexion: {ga");
        Assert.Null(_store.Current("rig").File);
        _store.Promote(calibration, "rig");
        Assert.Equal(Rig(0.9), _store.Current("rig").Load());
    }

    private static SimParameters Rig(double gain) => SimParameters.Nominal.With("flexion.gain", gain);

    private string Calibration(string name, SimParameters parameters, SimParameters baseline, HoldOut? errors = null)
    {
        string folder = Path.Combine(_root, name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, ParameterStore.ParametersFile), parameters.ToYaml());
        new ValidationEvidence(DateTimeOffset.UnixEpoch, parameters.Hash, baseline.Hash, errors ?? new HoldOut(2, 1, 0.5, 1.5, 8), []).Save(folder);
        return folder;
    }
}
