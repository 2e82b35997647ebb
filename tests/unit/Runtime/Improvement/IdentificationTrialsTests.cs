using Legato.RobotDriver.StandIn;
using Legato.Runtime.Experiments;
using Legato.Runtime.Improvement;
using Legato.Sim.Parameters;
using Legato.SystemId.Calibration;

namespace Legato.Tests.Runtime.Improvement;

public sealed class IdentificationTrialsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("legato-trials-").FullName;
    private readonly List<string> _rigs = [];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void RigsDifferFromTheSimulatorInWhatIsFittedAlone()
    {
        SimParameters rig = NewTrials().Draw(3, 0.5);
        Assert.Equal(rig, NewTrials().Draw(3, 0.5));
        Assert.NotEqual(SimParameters.Nominal["rh_FFJ3.gain"], rig["rh_FFJ3.gain"]);
        Assert.NotEqual(SimParameters.Nominal["piano.z"], rig["piano.z"]);
        Assert.Equal(2, rig["hands.coupling"]);
        Assert.DoesNotContain(rig.Differences, d => d.Key.EndsWith("armature", StringComparison.Ordinal) || d.Key.EndsWith("offset", StringComparison.Ordinal) || d.Key.EndsWith("slew", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIsDoneIsNotDoneAgain()
    {
        var first = await NewTrials().RunAsync([], [5, 6], 0.5, TestContext.Current.CancellationToken);
        Assert.Equal(["generated", "generated"], first.Select(t => t.Estimates.Single().Unit));
        Assert.Equal(2, _rigs.Count);
        Assert.Equal(first[1].Truth, Reality.Load(_rigs[1]).Parameters);
        var again = await NewTrials().RunAsync([], [5, 6, 7], 0.5, TestContext.Current.CancellationToken);
        Assert.Equal(3, again.Count);
        Assert.Equal(3, _rigs.Count);
    }

    private IdentificationTrials NewTrials() => new(
        (reality, _) =>
        {
            _rigs.Add(reality);
            return new Shop();
        },
        _root, new CalibrationOptions(), new Silence());

    private sealed class Shop : IWorkshop
    {
        public Task<Excited> ExciteAsync(int seed, CancellationToken stop) => Task.FromResult(new Excited("run", null, 1));

        public Task<Calibrated> CalibrateAsync(IReadOnlyList<string> runs, IReadOnlyList<string> holdOut, string? start, bool keyEvents, string folder, CancellationToken stop)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "fit.json"), """{"hash": "x", "fitted": [], "correlation": [], "estimates": [{"name": "piano.z", "unit": "generated", "prior_mean": 0, "prior_sd": 1, "estimate": 0, "half_width95": 1, "at_bound": false, "frozen": null, "low95": 0, "high95": 0}]}""");
            return Task.FromResult(new Calibrated("params.yaml", folder, null, new Dictionary<string, double>()));
        }

        public Task<Trained> TrainAsync(string song, string? parameters, bool robust, string? previous, CancellationToken stop) => throw new NotSupportedException();

        public Trained PlanAlone(string policy, string folder) => throw new NotSupportedException();

        public Task<PlayReport> PlayAsync(string song, string policy, int seed, AlteredRig? rig, CancellationToken stop) => throw new NotSupportedException();

        public IReadOnlyList<AlteredRig> Ablate(string? parameters) => throw new NotSupportedException();

        public Task<Trained> PractiseAsync(string song, string policy, int performances, int seed, string folder, CancellationToken stop) => throw new NotSupportedException();
    }
}
