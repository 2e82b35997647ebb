using System.Text.Json;

using Legato.Runtime.Calibration;
using Legato.Sim.Parameters;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Tests.Runtime.Calibration;

/// <summary>Rigs drawn from a fit that is written down here.</summary>
public sealed class FittedRigsTests : IDisposable
{
    private const double Sd = 0.02, Correlation = -0.8;

    private static readonly SimParameters Fitted = SimParameters.Nominal.With("flexion.gain", 0.8).With("wrist.gain", 1.2).With("piano.y", 0.004);

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-fitted-").FullName;

    private string Parameters => Path.Combine(_folder, ParameterStore.ParametersFile);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatWasFittedIsAsSureAsTheFitAndErrsTogether()
    {
        Write();
        SimParameters[] drawn = Draw(severity: 0.5, count: 400);
        double[] flexion = [.. drawn.Select(p => p["flexion.gain"])], wrist = [.. drawn.Select(p => p["wrist.gain"])];
        Assert.Equal(0.8, flexion.Average(), 0.004);
        Assert.Equal(Sd, Deviation(flexion), 0.003);
        Assert.Equal(Correlation, flexion.Zip(wrist, (a, b) => (a - flexion.Average()) * (b - wrist.Average())).Average() / (Deviation(flexion) * Deviation(wrist)), 0.08);
        // Known exactly, and unknown.
        Assert.All(drawn, p => Assert.Equal(0.004, p["piano.y"]));
        Assert.True(Deviation([.. drawn.Select(p => p["keys.stiffness"])]) > 0.1);
        // A drive that nobody fitted is like its group.
        Assert.All(drawn, p => Assert.Equal(p["flexion.gain"], p["rh_FFJ3.gain"]));
    }

    [Fact]
    public void WithoutSeverityTheRestIsAsItWas()
    {
        Write();
        foreach (SimParameters p in Draw(severity: 0, count: 5))
            Assert.Equal(Fitted.With("flexion.gain", p["flexion.gain"]).With("wrist.gain", p["wrist.gain"]), p);
        Assert.Equal(Draw(0.3, 3), Draw(0.3, 3));
    }

    [Fact]
    public void ValuesStayWithinTheirRange()
    {
        Write(halfWidth: 3);
        Assert.All(Draw(0.5, 100), p => Assert.InRange(p["flexion.gain"], 0.3, 2));
    }

    [Fact]
    public void AFitOfOtherParametersIsNotTaken()
    {
        File.WriteAllText(Parameters, Fitted.ToYaml());
        Assert.Null(FittedRigs.Beside(Parameters, 0.5));
        Write();
        Assert.NotNull(FittedRigs.Beside(Parameters, 0.5));
        File.WriteAllText(Parameters, Fitted.With("keys.grip", 1.1).ToYaml());
        Assert.Null(FittedRigs.Beside(Parameters, 0.5));
        File.WriteAllText(Path.Combine(_folder, FitSession.FitFile), "{");
        Assert.Contains("is damaged", Assert.Throws<InputException>(() => FittedRigs.Beside(Parameters, 0.5)).Message, StringComparison.Ordinal);
    }

    private SimParameters[] Draw(double severity, int count)
    {
        FittedRigs rigs = FittedRigs.Beside(Parameters, severity)!;
        return [.. Enumerable.Range(0, count).Select(seed => ((IRigSource)rigs).Draw(seed).Parameters)];
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }

    private void Write(double halfWidth = 1.959964 * Sd)
    {
        File.WriteAllText(Parameters, Fitted.ToYaml());
        object Estimate(string name, double half) => new { Name = name, Unit = "1", PriorMean = 1.0, PriorSd = 0.1, Estimate = Fitted[name], HalfWidth95 = half, AtBound = false, Frozen = (string?)null };
        File.WriteAllText(Path.Combine(_folder, FitSession.FitFile), JsonSerializer.Serialize(new
        {
            Fitted.Hash,
            Estimates = (object[])[Estimate("flexion.gain", halfWidth), Estimate("wrist.gain", halfWidth), Estimate("piano.y", 0)],
            Fitted = (string[])["flexion.gain", "wrist.gain", "piano.y"],
            Correlation = (double[][])[[1, Correlation, 0], [Correlation, 1, 0], [0, 0, 1]],
            Seconds = 12.5,
        }, CalibrationFiles.Json));
    }
}
