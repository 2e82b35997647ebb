using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Keys;
using Legato.SystemId.Rollouts;
using Legato.Tests.SystemId.Rollouts;

namespace Legato.Tests.SystemId.Keys;

[Collection(HeavyFits.Name)]
public sealed class KeyFitTests : IDisposable
{
    private const double Noise = 0.2 * Math.PI / 180;

    private static readonly SimParameters Believed = SimParameters.Nominal.With("right_hand.delay", 0.012).With("left_hand.delay", 0.012).With("flexion.gain", 0.9);

    private static readonly SimParameters Rig = Believed.With("piano.y", 0.003).With("piano.z", -0.0015).With("keys.stiffness", 1.3).With("keyboard.latency", 0.005);

    private readonly PianoScene _scene = PianoScene.Build(new SceneOptions { Contacts = ContactSet.HandKey });

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void TheRightPianoAnswersInTimeAndAnotherDoesNot()
    {
        KeyRecord record = Record(2.5);
        var replay = new KeyReplay(_scene, record, new ReplayOptions { SegmentLength = 1, Threads = 2 });
        Assert.True(replay.Segments.Count >= 2 && replay.EventCount >= 10, $"{replay.Segments.Count} segments, {replay.EventCount} events");
        // Segments start between the notes.
        Assert.All(replay.Segments, s => Assert.DoesNotContain(record.Events, e => Math.Abs(e.Time - s.Start) < 0.1));
        KeyPrediction[] all = replay.Predict([Rig, Rig.With("piano.z", -0.012), Rig.With("keyboard.latency", 0.025), Rig.With("piano.y", -0.0085)]);
        Assert.Equal(0, all[0].Unanswered);
        Assert.All(all[0].Lateness, late => Assert.InRange(late, -0.008, 0.003));
        Assert.All(all[0].Stray, stray => Assert.Equal(0, stray));
        // Out of reach nothing sounds, and that counts as far from the truth, but not without end.
        Assert.Equal(replay.EventCount, all[1].Unanswered);
        Assert.All(all[1].Lateness, late => Assert.InRange(Math.Abs(late), 0.04, 0.241));
        // Latency is added to all that sounds.
        Assert.All(all[2].Lateness.Zip(all[0].Lateness, (later, late) => later - late), shift => Assert.Equal(0.02, shift, 1e-9));
        // On other keys, those heard stay silent and others sound.
        Assert.True(all[3].Unanswered > 0 && all[3].Stray.Max() > 0.1, $"{all[3].Unanswered} unanswered, stray {string.Join(' ', all[3].Stray)}");
        Assert.Equal(all[0].Lateness, replay.Predict([Rig])[0].Lateness);
    }

    [Fact]
    public void PianoAndSpringsAreFoundFromTaps()
    {
        KeyRecord record = Record(3.5);
        var fit = new KeyFit(_scene, new KeyFitOptions { Names = ["piano.y", "piano.z", "keys.stiffness", "keyboard.latency", "keys.activation_black"], Threads = 2 });
        KeyFitResult result = fit.Fit([record], Believed, cancellation: TestContext.Current.CancellationToken);
        string report = string.Join('\n', result.Fit!.Variables.Select((v, i) => $"{v.Name}: {Rig[v.Name]:G4} fitted {result.Fit!.Estimate[i]:G4} ± {result.Fit!.Confidence.HalfWidth95(i):G2}")
            .Prepend($"{result.Fit!.End} after {result.Fit!.Iterations}, unanswered {result.UnansweredBefore} -> {result.Unanswered} of {result.Events}, noise {result.EventNoise}"));
        Assert.True(Math.Abs(result.Parameters["piano.y"] - Rig["piano.y"]) < 5e-4, report);
        Assert.True(Math.Abs(result.Parameters["piano.z"] - Rig["piano.z"]) < 5e-4, report);
        Assert.True(Math.Abs(result.Parameters["keys.stiffness"] - Rig["keys.stiffness"]) < 0.1 * Rig["keys.stiffness"], report);
        // The rig finds its events at the ends of physics steps: half a step late on average.
        Assert.True(Math.Abs(result.Parameters["keyboard.latency"] - Rig["keyboard.latency"] - 0.0025) < 0.0015, report);
        Assert.Equal(0, result.Unanswered);
        // No black key was played: nothing is claimed of them.
        Assert.Equal(["keys.activation_black"], result.Frozen);
        Assert.Equal(Believed["keys.activation_black"], result.Parameters["keys.activation_black"]);
    }

    [Fact]
    public void AFingerWhoseZeroIsOffIsFoundByItsOwnKeys()
    {
        // The sensor reads 2.9° too little: the drive bends the finger further than it knows, and its keys sound early and let go late.
        SimParameters rig = Believed.With("rh_FFJ3.offset", -0.05);
        KeyRecord record = RecordedRig.PlayKeys(_scene, rig, 3.5, new Taps(_scene).Target, Noise, seed: 4);
        var fit = new KeyFit(_scene, new KeyFitOptions { Names = ["keyboard.latency"], Zeros = true, Threads = 2 });
        KeyFitResult result = fit.Fit([record], Believed, cancellation: TestContext.Current.CancellationToken);
        string[] zeros = [.. result.Fit!.Variables.Select(v => v.Name).Where(name => name.EndsWith(".offset", StringComparison.Ordinal))];
        string report = string.Join(", ", result.Fit!.Variables.Select((v, i) => $"{v.Name} {result.Parameters[v.Name]:G3} ± {result.Fit!.Confidence.HalfWidth95(i):G2}"))
            + $"; {result.Fit!.End} after {result.Fit!.Iterations}; noise {result.EventNoise}; before {string.Join(' ', result.LatenessBefore.Select(l => l.ToString("F4", null)))}; after {string.Join(' ', result.Lateness.Select(l => l.ToString("F4", null)))}";
        string own = Assert.Single(zeros, name => name.StartsWith("rh_FF", StringComparison.Ordinal));
        Assert.True(result.Parameters[own] is > -0.08 and < -0.02, report);
        Assert.All(zeros.Where(name => name != own), name => Assert.True(Math.Abs(result.Parameters[name]) < 0.015, report));
        Assert.True(result.Lateness.Max(Math.Abs) < 0.5 * result.LatenessBefore.Max(Math.Abs), report);
    }

    [Fact]
    public void DrivesThatAreNotKnownWidenWhatDependsOnThem()
    {
        KeyRecord record = Record(3);
        var fit = new KeyFit(_scene, new KeyFitOptions { Names = ["piano.z", "keyboard.latency"], Threads = 2 });
        double[] gains = [0.82, 0.98];
        double known = Width(null), doubted = Width([.. gains.Select(gain => Believed.With("flexion.gain", gain))]);
        Assert.True(doubted > 1.2 * known, $"{known} and {doubted}");

        double Width(IReadOnlyList<SimParameters>? doubts)
        {
            KeyFitResult result = fit.Fit([record], Believed, doubts: doubts, cancellation: TestContext.Current.CancellationToken);
            Assert.True(Math.Abs(result.Parameters["piano.z"] - Rig["piano.z"]) < 5e-4, $"{result.Parameters["piano.z"]}");
            return result.Fit!.Confidence.HalfWidth95(Enumerable.Range(0, result.Fit.Variables.Count).First(j => result.Fit.Variables[j].Name == "keyboard.latency"));
        }
    }

    private KeyRecord Record(double seconds) => RecordedRig.PlayKeys(_scene, Rig, seconds, new Taps(_scene).Target, Noise, seed: 4);
}
