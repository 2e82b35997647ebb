using System.Globalization;

using Legato.Music;
using Legato.Runtime.Benchmarks;
using Legato.Runtime.Experiments;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Tests.Runtime.Improvement;

namespace Legato.Tests.Runtime.Benchmarks;

/// <summary>The ablation of learning around trainings that are only pretended.</summary>
public sealed class LearningAblationTests : IDisposable
{
    private static readonly TaskDefinition Task = TaskDefinition.Load(Path.Combine(Repository.Root, "hardware", "config", "tasks", "ablation.yaml"));

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-learning-").FullName;
    private readonly List<(string Row, string Song, int Seed)> _trained = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void EveryRowLeavesOutSomethingElse()
    {
        IReadOnlyList<LearningAblation> rows = LearningAblationTable.Rows(Task);
        Assert.Equal(LearningAblationTable.Full, rows[0].Name);
        Assert.Equal(rows.Count, rows.Select(r => (r.Task.ToYaml(), r.Learns, r.Randomizes, r.Embodiment, r.Fingering?.Name)).Distinct().Count());
        Assert.Equal(rows.Count, rows.Select(r => r.Name).Distinct().Count());
        LearningAblation Row(string name) => rows.Single(r => r.Name == name);
        Assert.Equal(["action_rate", "action_size", "key_press", "mimic"], Row("no fingering term").Task.Rewards.Select(r => r.Name));
        Assert.Equal(0.2, Row("fingers by optimal transport in place of the fingering term").Task.Rewards.Single(r => r.Name == "transport").Weight);
        Assert.Equal(Embodiment.FourFingers, Row("four fingers").Embodiment);
        // What can be trained can be written down.
        Assert.All(rows, r => Assert.Equal(r.Task.ToYaml(), TaskDefinition.Parse(r.Task.ToYaml(), "row").ToYaml()));
    }

    [Fact]
    public void ATaskWithNothingToLeaveOutIsRefused()
    {
        Assert.Contains("no term 'mimic'", Assert.Throws<InputException>(() => LearningAblationTable.Rows(Task with { Rewards = [.. Task.Rewards.Where(r => r.Name != "mimic")] })).Message, StringComparison.Ordinal);
        Assert.Contains("correct no plan", Assert.Throws<InputException>(() => LearningAblationTable.Rows(Task with { Action = new ActionSettings() })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsTrainedIsNotTrainedAgainAndACrashCostsOneTraining()
    {
        int trainings = 0;
        Assert.Throws<InvalidOperationException>(() => Run(_ => ++trainings == 4 ? throw new InvalidOperationException("the power went") : 0.5));
        Assert.Equal(3, _trained.Count);
        IReadOnlyList<LearningTrial> all = Run(seed => 0.5 + (0.01 * seed));
        // Two rows learn on two songs with three seeds; the plan alone plays each song once, and stands for every seed.
        Assert.Equal((2 * 2 * 3) + 2, _trained.Count);
        Assert.Equal(_trained.Count, _trained.Distinct().Count());
        Assert.Equal(3 * 2 * 3, all.Count);
        Assert.Equal([1, 2, 3], all.Where(t => t.Row == "no residual: the plan alone" && t.Song == "b").Select(t => t.Seed));

        int before = _trained.Count;
        Assert.Equal(all.Select(t => t.F1), Run(_ => 0).Select(t => t.F1));
        Assert.Equal(before, _trained.Count);
        Assert.Contains("a training of other conditions (these), these are others", Assert.Throws<InputException>(() => Run(_ => 0, "others")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RowsAreComparedPairByPair()
    {
        var report = LearningReport.Of(Trials(), seed: 1);
        Assert.Equal(["full", "worse", "alike"], report.Rows.Select(r => r.Name));
        Assert.Null(report.Rows[0].Difference);
        Assert.Equal(-0.1, report.Rows[1].Difference!.Value.Mean, 1e-12);
        Assert.Equal(-0.1, report.Rows[1].Difference!.Value.High, 1e-12);
        Assert.Equal(0, report.Rows[2].Difference!.Value.Mean, 1e-12);
        // All of six pairs lose: 2 of 64 signs, twice for two comparisons.
        Assert.Equal(4.0 / 64, report.Rows[1].PHolm!.Value, 1e-12);
        Assert.Equal(1, report.Rows[2].PHolm!.Value);
        Assert.Equal(6, report.Rows[0].F1.Count);
        Assert.Equal(600, report.Rows[0].EnvSteps);
        Assert.Equal((LearningCurvePoint[])[new(0, 0.5), new(100, 0.75)], report.CurveOf("full"));
        Assert.Throws<ArgumentException>(() => LearningReport.Of([.. Trials().SkipLast(1)], 1));
    }

    [Fact]
    public void FilesReadAlikeInEveryCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            LearningReportPage.Save(LearningReport.Of(Trials(), seed: 1), "conditions", _folder);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        string[] csv = File.ReadAllLines(Path.Combine(_folder, LearningReportPage.CurveFile)), markdown = File.ReadAllLines(Path.Combine(_folder, LearningReportPage.MarkdownFile));
        Assert.Equal(["row,song,seed,env_steps,f1", "full,\"a, b\",1,0,0.5", "full,\"a, b\",1,100,0.75"], csv[..3]);
        Assert.Equal(1 + (3 * 6 * 2), csv.Length);
        string worse = Assert.Single(markdown, line => line.StartsWith("| worse | 0.700 (0.6", StringComparison.Ordinal));
        Assert.Contains("| 0.600 (0.600 … 0.600) | -0.100 (-0.100 … -0.100) | 6 | 0.06", worse, StringComparison.Ordinal);
        Assert.EndsWith("| 600 |", worse, StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllText(Path.Combine(_folder, LearningReportPage.HtmlFile)).Split("<polyline").Length - 1);
    }

    private IReadOnlyList<LearningTrial> Run(Func<int, double> f1, string conditions = "these")
    {
        LearningAblation[] rows = [.. LearningAblationTable.Rows(Task).Take(3)];
        PlayableSong[] songs = [.. ((string[])["a", "b"]).Select(name => PlayableSong.Load(SongLibrary.Open(_folder), SmallSongs.Write(Path.Combine(_folder, $"{name}.mid"), 60)))];
        return new LearningStudy(Train, conditions, Path.Combine(_folder, "study"), new Silence()).Run(rows, songs, [1, 2, 3], TestContext.Current.CancellationToken);

        LearningTrial Train(LearningAblation row, PlayableSong song, int seed, string own, CancellationToken stop)
        {
            double reached = f1(seed);
            _trained.Add((row.Name, song.Name, seed));
            return new LearningTrial(row.Name, song.Name, seed, reached, reached, 100, []);
        }
    }

    private static LearningTrial[] Trials() =>
    [
        .. from row in ((string Name, double Loss)[])[("full", 0), ("worse", 0.1), ("alike", 0)]
           from song in (string[])["a, b", "c"]
           from seed in (int[])[1, 2, 3]
           select new LearningTrial(row.Name, song, seed, (song == "c" ? 0.85 : 0.65) + (0.05 * seed) - 0.05 - row.Loss, 0.6, 100, [[0, 0.5], [100, 0.75]]),
    ];
}
