using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Calibration;
using Legato.SystemId.Keys;
using Legato.Tests.SystemId.Keys;
using Legato.Tests.SystemId.Rollouts;

namespace Legato.Tests.SystemId.Calibration;

[Collection(HeavyFits.Name)]
public sealed class CalibrationFitTests : IDisposable
{
    private const double Noise = 0.2 * Math.PI / 180, Step = 0.005;

    private readonly PianoScene _scene = PianoScene.Build(new SceneOptions { Contacts = ContactSet.HandKey });

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void GroupsAndTheDrivesThatDifferFromThemAreFoundAndTheRestIsNamed()
    {
        SimParameters rig = SimParameters.Nominal.With("right_hand.delay", 0.015).With("flexion.damping", 1.4).With("rh_FFJ3.damping", 2.2).With("wrist.damping", 0.7);
        KeyRecord record = RecordedRig.PlayKeys(_scene, rig, 4, Raised, Noise, seed: 3);
        var told = new List<string>();
        CalibrationResult result = Fit(new CalibrationOptions { Groups = ["thumb", "wrist", "flexion"], DriveKeys = ["damping", "offset"], SegmentLength = 2 }, record, SimParameters.Nominal, told);

        Assert.Equal(2.2, result.Parameters["rh_FFJ3.damping"], 0.11);
        Assert.Equal(1.4, result.Parameters["rh_MFJ3.damping"], 0.07);
        Assert.Equal(0.7, result.Parameters["rh_WRJ2.damping"], 0.035);
        Assert.Equal(0.015, result.Parameters["right_hand.delay"], 0.001);
        ParameterEstimate found = Of(result, "rh_FFJ3.damping");
        Assert.True(found.Low95 < 2.2 && found.High95 > 2.2 && found.HalfWidth95 < 0.2, $"{found}");
        // At rest, no zero of a sensor that moves freely, and no lag beside a delay: named, and left as they were.
        Assert.All((string[])["thumb.damping", "flexion.offset", "rh_FFJ3.offset", "right_hand.report_lag", "piano.z"], name => Assert.NotNull(Of(result, name).Frozen));
        Assert.All(result.Estimates.Where(e => e.Frozen is not null && e.Name.EndsWith("offset", StringComparison.Ordinal)), e => Assert.Equal(ParameterSchema.Find(e.Name).Inherits is { } group ? result.Parameters[group] : 0, e.Estimate));
        Assert.Contains(result.Warnings, w => w.Contains("no key events", StringComparison.Ordinal));
        Assert.Null(result.Keys);
        // Of what moved only noise is left.
        DriveRms joint = result.Drives.Single(j => j.Drive == "rh_FFJ3");
        Assert.True(joint.Before > 3 * joint.Noise && joint.After < 1.3 * joint.Noise, $"{joint}");
        Assert.DoesNotContain(result.Drives, j => j.Drive.StartsWith("lh_", StringComparison.Ordinal));
        Assert.Equal(result.Fitted.Count, result.Correlation.Count);
        Assert.Contains(told, line => line.Contains("2 groups", StringComparison.Ordinal));
        Assert.True(result.RollOuts > 10 && result.Duration > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(0, false)]
    public void ItIsFoundWhetherTipsWaitForTheirMiddleJoints(double truth, bool isBelieved)
    {
        // Whatever was believed, and with drives and zeros that are not known either.
        SimParameters rig = SimParameters.Nominal.With("hands.coupling", truth).With("coupled.damping", 1.3).With("coupled.offset", 0.02).With("right_hand.delay", 0.01);
        KeyRecord record = RecordedRig.PlayKeys(_scene, rig, 4, (drive, time) => drive is "rh_MFJ0" or "rh_RFJ0" ? 0.7 - (0.6 * Math.Cos(4 * time)) : Raised(drive, time), Noise, seed: 5);
        SimParameters start = SimParameters.Nominal.With("hands.coupling", isBelieved ? 2 - truth : 1);
        CalibrationResult result = Fit(new CalibrationOptions { Groups = ["coupled"], DriveKeys = ["damping"], SingleDrives = false, SegmentLength = 2 }, record, start);
        Assert.Equal(truth, result.Parameters["hands.coupling"]);
        Assert.Contains("J1", Of(result, "hands.coupling").Frozen, StringComparison.Ordinal);
    }

    [Fact]
    public void KeyEventsTellThePianosHeight()
    {
        SimParameters believed = SimParameters.Nominal.With("right_hand.delay", 0.012).With("left_hand.delay", 0.012).With("keyboard.latency", 0.0025);
        KeyRecord record = RecordedRig.PlayKeys(_scene, believed.With("piano.z", -0.0025), 3, new Taps(_scene).Target, Noise, seed: 4);
        CalibrationResult result = Fit(new CalibrationOptions { Groups = [], KeyParameters = ["piano.z", "keys.activation_black"], Zeros = false, SegmentLength = 1 }, record, believed);
        Assert.True(Math.Abs(result.Parameters["piano.z"] + 0.0025) < 5e-4, $"{Of(result, "piano.z")}");
        Assert.NotNull(Of(result, "keys.activation_black").Frozen);
        Assert.Equal(0, result.Keys!.UnansweredAfter);
        Assert.True(Rms(result.Keys.After) < 0.5 * Rms(result.Keys.Before), $"{Rms(result.Keys.Before)} before, {Rms(result.Keys.After)} after");
        Assert.Equal(believed["flexion.gain"], result.Parameters["flexion.gain"]);
    }

    [Fact]
    public void WhatCannotBeFittedIsRefusedAndAFitCanBeCancelled()
    {
        KeyRecord record = RecordedRig.PlayKeys(_scene, SimParameters.Nominal, 2.2, Raised);
        var fit = new CalibrationFit(_scene, new CalibrationOptions { Groups = ["flexion"] });
        Assert.Contains("recording", Assert.Throws<InputException>(() => fit.Fit([], SimParameters.Nominal, null, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => fit.Fit([record], SimParameters.Nominal, null, new CancellationToken(canceled: true)));
        Assert.Contains("'piano'", Assert.Throws<InputException>(() => Fit(new CalibrationOptions { Groups = ["piano"] }, record, SimParameters.Nominal)).Message, StringComparison.Ordinal);
    }

    private CalibrationResult Fit(CalibrationOptions options, KeyRecord record, SimParameters start, List<string>? told = null) =>
        new CalibrationFit(_scene, options with { Timestep = Step, Threads = 2 }).Fit([record], start, new Lines(told ?? []));

    private static ParameterEstimate Of(CalibrationResult result, string name) => result.Estimates.Single(e => e.Name == name);

    private static double Rms(IReadOnlyList<double> values) => Math.Sqrt(values.Average(v => v * v));

    // The right hand, bent up at the wrist, waves its fingers above the keys.
    private static double Raised(string drive, double time)
    {
        int number = Array.IndexOf([.. ParameterSchema.Drives], drive);
        double wave = 0.5 - (0.5 * Math.Cos(2 * Math.PI * (0.6 + (0.05 * (number % 20))) * time));
        double up = drive.EndsWith("WRJ1", StringComparison.Ordinal) ? -0.5 : 0;
        bool waves = drive.StartsWith("rh_", StringComparison.Ordinal) && ParameterSchema.GroupOf(drive) is ("flexion" or "wrist");
        return up + (waves ? 0.25 * wave : 0);
    }

    private sealed class Lines(List<string> lines) : IProgress<string>
    {
        public void Report(string value) => lines.Add(value);
    }
}
