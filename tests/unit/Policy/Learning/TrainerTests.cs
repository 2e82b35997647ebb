using Legato.Music;
using Legato.Policy.Learning;
using Legato.Policy.Learning.Training;
using Legato.Sim.Tasks.Batches;

namespace Legato.Tests.Policy.Learning;

[Collection("libtorch")]
public sealed class TrainerTests(Lessons lessons) : IClassFixture<Lessons>, IDisposable
{
    private static readonly TrainingOptions Options = new() { Steps = 96, TrialEvery = 24 };
    private readonly string _folder = Directory.CreateTempSubdirectory("legato-train-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ATrainingThatWasCutOffEndsWithTheSameCurveAndPolicy()
    {
        (IReadOnlyList<TrainingPoint> whole, float[] policy) = Train("whole", Options);
        // The process dies in the middle: what was learnt after the last trial is lost.
        Train("cut", Options, stopAfter: 2);
        (IReadOnlyList<TrainingPoint> resumed, float[] again) = Train("cut", Options);

        Assert.Equal([0, 24, 48, 72, 96], whole.Select(p => p.EnvSteps));
        Assert.Equal(whole.Select(p => (p.EnvSteps, p.F1, p.Return)), resumed.Select(p => (p.EnvSteps, p.F1, p.Return)));
        Assert.Equal(policy, again);
        Assert.Equal(Csv("whole"), Csv("cut"));
    }

    [Fact]
    public void ACheckpointOfAnotherTrainingIsRefusedByName()
    {
        Train("folder", Options with { Steps = 24 });
        var e = Assert.Throws<InputException>(() => Train("folder", Options, identity: "another"));
        Assert.Contains("a checkpoint of another training (one), this one is another", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.9)]
    public void ADamagedCheckpointIsRefusedInOneLine(double share)
    {
        Train("folder", Options with { Steps = 24 });
        string path = Path.Combine(_folder, "folder", "checkpoint.bin");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..(int)(new FileInfo(path).Length * share)]);
        var e = Assert.Throws<InputException>(() => Train("folder", Options));
        Assert.Contains("checkpoint.bin", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void APolicyThatStaysFarBelowItsBestEndsTraining()
    {
        // F1 of this task is the same in every trial; a margin below zero makes every trial a bad one.
        (IReadOnlyList<TrainingPoint> curve, _, string? ended) = Run("folder", Options with { CollapseMargin = -1, CollapseTrials = 2 }, "one", int.MaxValue);
        Assert.Equal(2, curve.Count);
        Assert.Contains("below its best", ended, StringComparison.Ordinal);
    }

    private string Csv(string name) => File.ReadAllText(Path.Combine(_folder, name, "curve.csv"));

    private (IReadOnlyList<TrainingPoint> Curve, float[] Policy) Train(string name, TrainingOptions options, int stopAfter = int.MaxValue, string identity = "one")
    {
        (IReadOnlyList<TrainingPoint> curve, float[] policy, _) = Run(name, options, identity, stopAfter);
        return (curve, policy);
    }

    private (IReadOnlyList<TrainingPoint> Curve, float[] Policy, string? Ended) Run(string name, TrainingOptions options, string identity, int stopAfter)
    {
        using BatchedTask batch = lessons.Batch();
        using ILearner learner = Lessons.Ppo(batch);
        using var trial = new PolicyTrial(lessons.Task, lessons.Rigs, threads: 2);
        using var stop = new CancellationTokenSource();
        var trainer = new Trainer(learner, trial, options, Path.Combine(_folder, name), identity, TimeProvider.System);
        int updates = 0;
        trainer.Run(new Each(_ =>
        {
            if (++updates == stopAfter)
                stop.Cancel();
        }), stop.Token);
        return ([.. trainer.Curve], Lessons.Actions(learner, batch), trainer.EndedBecause);
    }

    private sealed class Each(Action<TrainingProgress> act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => act(value);
    }
}
