using System.Diagnostics;

using Legato.Policy.Bundles;
using Legato.Policy.Learning;
using Legato.Policy.Learning.Droq;
using Legato.Policy.Learning.Ppo;
using Legato.Policy.Networks;
using Legato.Sim.Tasks.Batches;

namespace Legato.Tests.Policy.Learning;

/// <summary>What every learner promises: it learns, repeats itself, goes on where it was, and can be deployed.</summary>
[Collection("libtorch")]
public sealed class LearnerTests(Lessons lessons) : IClassFixture<Lessons>
{
    [Theory]
    [InlineData("ppo", 8)]
    [InlineData("droq", 30)]
    public void ALearnerFindsOutWhenThePedalIsWanted(string name, int updates)
    {
        using BatchedTask batch = lessons.Batch(slots: 4);
        using ILearner learner = name == "ppo" ? Lessons.Patient(batch) : Lessons.Droq(batch);
        double first = learner.Advance().MeanReward, last = 0;
        for (int i = 1; i < updates; i++)
            last = learner.Advance().MeanReward;
        Assert.InRange(first, 0.3, 0.7);
        Assert.True(last > 0.85, $"from {first} to {last}, where 1 is best and 0.5 is chance");
        Assert.Equal(updates * learner.StepsPerUpdate, learner.EnvSteps);
    }

    [Theory]
    [InlineData("ppo")]
    [InlineData("droq")]
    public void AnUpdateSaysWhereItsTimeWent(string name)
    {
        using BatchedTask batch = lessons.Batch();
        using ILearner learner = Lessons.Create(name, batch);
        learner.Advance();
        long start = Stopwatch.GetTimestamp();
        UpdateTimes times = learner.Advance().Times;
        Assert.All([times.Physics, times.Inference, times.Learning], seconds => Assert.True(seconds > 0));
        Assert.InRange(times.Total, 0, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    [Theory]
    [InlineData("ppo")]
    [InlineData("droq")]
    public void TheSameSeedLearnsTheSameBits(string name)
    {
        float[] one = Learn(1), again = Learn(1), other = Learn(2);
        Assert.Equal(one, again);
        Assert.NotEqual(one, other);

        float[] Learn(ulong seed)
        {
            using BatchedTask batch = lessons.Batch();
            using ILearner learner = Lessons.Create(name, batch, seed);
            for (int i = 0; i < 4; i++)
                learner.Advance();
            return Lessons.Actions(learner, batch);
        }
    }

    [Theory]
    [InlineData("ppo")]
    [InlineData("droq")]
    public void ALearnerThatIsReadBackGoesOnWithTheSameBits(string name)
    {
        using var file = new MemoryStream();
        float[] uninterrupted = Learn(learner => learner.Save(new BinaryWriter(file)));
        file.Position = 0;
        float[] resumed = Learn(learner => learner.Load(new BinaryReader(file)), seed: 7, before: 0);
        Assert.Equal(uninterrupted, resumed);

        float[] Learn(Action<ILearner> halfway, ulong seed = 1, int before = 3)
        {
            using BatchedTask batch = lessons.Batch();
            using ILearner learner = Lessons.Create(name, batch, seed);
            for (int i = 0; i < before; i++)
                learner.Advance();
            halfway(learner);
            for (int i = 0; i < 2; i++)
                learner.Advance();
            Assert.Equal(5 * learner.StepsPerUpdate, learner.EnvSteps);
            return Lessons.Actions(learner, batch);
        }
    }

    [Theory]
    [InlineData("ppo")]
    [InlineData("droq")]
    public void WhatIsDeployedDoesWhatWasLearnt(string name)
    {
        using BatchedTask batch = lessons.Batch();
        using ILearner learner = Lessons.Create(name, batch);
        for (int i = 0; i < 3; i++)
            learner.Advance();
        TrainedNetwork exported = learner.Export();
        FeedForwardNetwork network = exported.Build("test");
        float[] expected = Lessons.Actions(learner, batch), actual = new float[batch.ActionSize];
        for (int e = 0; e < batch.Slots; e++)
        {
            network.Evaluate(batch.Observations.AsSpan(e * batch.ObservationSize, batch.ObservationSize), actual);
            for (int i = 0; i < actual.Length; i++)
                Assert.Equal(expected[(e * actual.Length) + i], actual[i], 1e-5);
        }
        Assert.Contains(expected, a => Math.Abs(a) > 1e-3);
    }

    [Theory]
    [InlineData("ppo")]
    [InlineData("droq")]
    public void ALearnerBeginsWithWhatAnotherHasLearnt(string name)
    {
        using BatchedTask batch = lessons.Batch(), other = lessons.Batch();
        using ILearner teacher = Lessons.Create(name, batch), pupil = Lessons.Create(name, other, seed: 8), untaught = Lessons.Create(name, other, seed: 8);
        for (int i = 0; i < 4; i++)
            teacher.Advance();
        // Scaling of so many observations is not moved by new ones.
        pupil.Begin(teacher.Export(), observed: 1_000_000_000);
        float[] taught = Lessons.Actions(teacher, batch), begun = Lessons.Actions(pupil, batch);
        Assert.Equal(0, Distance(taught, begun), 1e-5);
        Assert.True(Distance(taught, Lessons.Actions(untaught, batch)) > 0.01);

        // Who judges is new: it learns first, and the policy stays.
        pupil.Advance();
        Assert.Equal(0, Distance(taught, Lessons.Actions(pupil, batch)), 1e-5);
        for (int i = 0; i < 4; i++)
            pupil.Advance();
        Assert.True(Distance(taught, Lessons.Actions(pupil, batch)) > 1e-3);

        static double Distance(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
    }

    [Fact]
    public void ANetworkOfAnotherShapeIsRefused()
    {
        using BatchedTask batch = lessons.Batch();
        using PpoLearner ppo = Lessons.Ppo(batch);
        using DroqLearner droq = Lessons.Droq(batch);
        Assert.Contains("linear 16, gelu", Assert.Throws<ArgumentException>(() => droq.Begin(ppo.Export(), 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ppo")]
    [InlineData("droq")]
    public void AStateOfOtherEnvironmentsIsRefused(string name)
    {
        using var file = new MemoryStream();
        using (BatchedTask batch = lessons.Batch())
        using (ILearner learner = Lessons.Create(name, batch))
            learner.Save(new BinaryWriter(file));
        file.Position = 0;
        using BatchedTask more = lessons.Batch(slots: 3);
        using ILearner other = Lessons.Create(name, more);
        Assert.Throws<InvalidDataException>(() => other.Load(new BinaryReader(file)));
    }
}
