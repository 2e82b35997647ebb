using Legato.Sim;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;

namespace Legato.Tests.Sim.Tasks;

public sealed class ActionMapTests(Scenes scenes) : IClassFixture<Scenes>
{
    private int Drive => scenes.Full.Actuators.Require("rh_A_FFJ3");

    [Theory]
    [InlineData(-1, -0.261799)]
    [InlineData(0, 0.6545)]
    [InlineData(1, 1.5708)]
    [InlineData(7, 1.5708)]
    [InlineData(float.NegativeInfinity, -0.261799)]
    [InlineData(float.NaN, 0.6545)]
    public void ACanonicalActionSpansTheRange(float action, double expected) => Assert.Equal(expected, Apply(new ActionSettings(), null, 0, action).Command[Drive], 1e-5);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1.05498)]
    [InlineData(-2, 0.94502)]
    public void AResidualCorrectsThePlanByAShareOfTheRange(float action, double expected) =>
        Assert.Equal(expected, Apply(Residual(0.03), Scenes.Hold(scenes.Full, 11, Scenes.Pressing), 0, action).Command[Drive], 1e-5);

    [Theory]
    [InlineData(1.5, 1, 1.5708)]
    [InlineData(-0.2, -1, -0.261799)]
    [InlineData(4, 0, 1.5708)]
    public void AResidualStaysWithinTheRange(double plan, float action, double expected) =>
        Assert.Equal(expected, Apply(Residual(0.1), Scenes.Hold(scenes.Full, 11, _ => plan), 0, action).Command[Drive], 1e-5);

    [Fact]
    public void ThePlanGoesOnStepByStepAndHoldsAtItsEnd()
    {
        int width = scenes.Full.Actuators.Count + 1;
        double[] values = [.. Enumerable.Range(0, 3).SelectMany(t => Enumerable.Repeat(0.1 * t, width))];
        var prior = new PriorTable(scenes.Full.Actuators, values);
        Assert.Equal([0, 0.1, 0.2, 0.2], Enumerable.Range(0, 4).Select(t => Math.Round(Apply(Residual(0.1), prior, t, 0).Command[Drive], 9)));
    }

    [Fact]
    public void ThePedalIsThePolicysOrTheSongs()
    {
        Assert.Equal(0.5, Apply(new ActionSettings(), null, 4, 0).Command[^1]);
        ActionSettings song = new() { Pedal = PedalSource.Song };
        Assert.Equal([0, 1], [Apply(song, null, 3, 1).Command[^1], Apply(song, null, 4, -1).Command[^1]]);
    }

    [Fact]
    public void WhatIsSentHasACanonicalAction()
    {
        var map = new ActionMap(new ActionSettings(), scenes.Full, Scenes.Song, null);
        var action = new float[map.Size];
        Scenes.Fill(action, 5);
        var command = new double[map.Size];
        map.Apply(action, 0, [], new double[map.Size], command);
        var back = new float[map.Size];
        map.ToCanonical(command, back);
        Assert.All(action.Zip(back), p => Assert.Equal(p.First, p.Second, 1e-6f));
    }

    [Fact]
    public void APlanMustBeThereAndForTheseHands()
    {
        Assert.Contains("there is none", Assert.Throws<InputException>(() => new ActionMap(Residual(0.1), scenes.Full, Scenes.Song, null)).Message, StringComparison.Ordinal);
        PriorTable other = Scenes.Hold(scenes.Reduced, 11, Scenes.Pressing);
        Assert.Throws<InputException>(() => new ActionMap(Residual(0.1), scenes.Full, Scenes.Song, other));
        Assert.Throws<ArgumentException>(() => new PriorTable(scenes.Full.Actuators, new double[44]));
        Assert.Throws<ArgumentException>(() => new PriorTable(scenes.Full.Actuators, Enumerable.Repeat(double.NaN, 45).ToArray()));
    }

    private static ActionSettings Residual(double factor) => new() { Kind = ActionKind.Residual, Factor = factor };

    private (double[] Clipped, double[] Command) Apply(ActionSettings settings, PriorTable? prior, int step, float value)
    {
        var map = new ActionMap(settings, scenes.Full, Scenes.Song, prior);
        (double[] clipped, double[] command) = (new double[map.Size], new double[map.Size]);
        map.Apply([.. Enumerable.Repeat(value, map.Size)], step, prior is null ? [] : prior[step], clipped, command);
        return (clipped, command);
    }
}
