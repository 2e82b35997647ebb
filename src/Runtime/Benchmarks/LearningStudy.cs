using Legato.Runtime.Calibration;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Benchmarks;

/// <summary>One training of an ablation, judged.</summary>
/// <param name="Row">Name of the row.</param>
/// <param name="Song">Name of the song.</param>
/// <param name="Seed">Seed of the training.</param>
/// <param name="F1">Mean F1 on the rigs that all trainings are judged on.</param>
/// <param name="OnsetF1">Mean onset F1 on them.</param>
/// <param name="EnvSteps">Control steps trained; 0 where nothing learns.</param>
/// <param name="Curve">Trials on the way: control steps, F1 on rigs to choose by; empty where nothing learns.</param>
public sealed record LearningTrial(string Row, string Song, int Seed, double F1, double OnsetF1, long EnvSteps, IReadOnlyList<double[]> Curve);

/// <summary>Trains every row on every song with every seed. What is done is on disk and not done again.</summary>
/// <param name="train">Trains and judges in a folder; a training that was cut off there goes on.</param>
/// <param name="conditions">What all trainings have in common, in words: a folder with others is refused.</param>
/// <param name="folder">Folder of all trainings.</param>
/// <param name="tell">Told what is going on.</param>
public sealed class LearningStudy(Func<LearningAblation, PlayableSong, int, string, CancellationToken, LearningTrial> train, string conditions, string folder, IProgress<string> tell)
{
    private const string TrialFile = "trial.json";

    /// <summary>Runs, or goes on.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="songs">Songs.</param>
    /// <param name="seeds">Seeds; a row in which nothing learns is played with the first of them, and stands for all.</param>
    /// <param name="stop">Stops; the next call goes on.</param>
    /// <exception cref="InputException">The folder has trials of other conditions, or cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public IReadOnlyList<LearningTrial> Run(IReadOnlyList<LearningAblation> rows, IReadOnlyList<PlayableSong> songs, IReadOnlyList<int> seeds, CancellationToken stop)
    {
        var trials = new List<LearningTrial>();
        int number = 0, all = rows.Sum(row => songs.Count * (row.Learns ? seeds.Count : 1));
        foreach (PlayableSong song in songs)
        {
            foreach ((int index, LearningAblation row) in rows.Index())
            {
                foreach (int seed in row.Learns ? seeds : [.. seeds.Take(1)])
                {
                    stop.ThrowIfCancellationRequested();
                    number++;
                    string own = Path.Combine(folder, FormattableString.Invariant($"row-{index}"), FormattableString.Invariant($"{song.Name}-{seed}"));
                    if (Find(own) is not { } trial)
                    {
                        tell.Report(FormattableString.Invariant($"training {number} of {all}: {row.Name}, {song.Name}, seed {seed}"));
                        trial = train(row, song, seed, own, stop);
                        CalibrationFiles.Write(Path.Combine(own, TrialFile), System.Text.Json.JsonSerializer.Serialize(new SavedTrial(conditions, trial), CalibrationFiles.Json) + "\n");
                    }
                    trials.AddRange(row.Learns ? [trial] : seeds.Select(s => trial with { Seed = s }));
                }
            }
        }
        return trials;
    }

    private LearningTrial? Find(string own)
    {
        string path = Path.Combine(own, TrialFile);
        if (!File.Exists(path))
            return null;
        SavedTrial saved = CalibrationFiles.Read<SavedTrial>(path, "delete it to train again");
        return saved.Conditions == conditions
            ? saved.Trial
            : throw new InputException($"{path}: a training of other conditions ({saved.Conditions}), these are {conditions}; take another --out, or ask for the same");
    }

    private sealed record SavedTrial(string Conditions, LearningTrial Trial);
}
