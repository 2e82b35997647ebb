namespace Legato.Runtime.Benchmarks;

/// <summary>How a song went at one tempo.</summary>
/// <param name="Tempo">Fraction of the written one.</param>
/// <param name="F1">Mean over the performances.</param>
public sealed record TempoTrial(double Tempo, double F1);

/// <summary>How fast a song can be played that was planned with one set of parameters.</summary>
/// <param name="Song">The song.</param>
/// <param name="Parameters">YAML of the parameters; null for nominal ones.</param>
/// <param name="Trials">From slow to fast, up to the first tempo that failed.</param>
/// <param name="Highest">The fastest tempo up to which all were played well; null if not even the slowest was.</param>
public sealed record TempoRow(string Song, string? Parameters, IReadOnlyList<TempoTrial> Trials, double? Highest);

/// <summary>Looks for the highest tempo at which a robot still plays songs well: they go faster until one fails.</summary>
/// <param name="tempos">Fractions of the written tempo, ascending.</param>
/// <param name="least">F1 that counts as well.</param>
/// <param name="play">Plans a song at a tempo with parameters, performs it, and tells the mean F1.</param>
public sealed class TempoSweep(IReadOnlyList<double> tempos, double least, Func<string, double, string?, CancellationToken, Task<double>> play)
{
    /// <summary>Tries every song with every set of parameters.</summary>
    /// <param name="songs">Names or paths.</param>
    /// <param name="parameters">YAML files; null for nominal parameters.</param>
    /// <param name="said">Told after each tempo.</param>
    /// <param name="stop">Stops.</param>
    public async Task<IReadOnlyList<TempoRow>> RunAsync(IReadOnlyList<string> songs, IReadOnlyList<string?> parameters, Action<string> said, CancellationToken stop)
    {
        var rows = new List<TempoRow>();
        foreach (string song in songs)
        {
            foreach (string? file in parameters)
            {
                var trials = new List<TempoTrial>();
                foreach (double tempo in tempos)
                {
                    stop.ThrowIfCancellationRequested();
                    trials.Add(new TempoTrial(tempo, await play(song, tempo, file, stop)));
                    said(FormattableString.Invariant($"{song}, {NameOf(file)}, tempo {tempo:0.##}: F1 {trials[^1].F1:0.000}"));
                    if (trials[^1].F1 < least)
                        break;
                }
                rows.Add(new TempoRow(song, file, trials, trials.LastOrDefault(t => t.F1 >= least)?.Tempo));
            }
        }
        return rows;
    }

    /// <summary>What a set of parameters is called.</summary>
    public static string NameOf(string? parameters) => parameters ?? "nominal";

    /// <summary>Prints a Markdown table.</summary>
    public static void Write(IReadOnlyList<TempoRow> rows, TextWriter writer)
    {
        writer.WriteLine("| song | parameters | highest tempo | F1 by tempo |");
        writer.WriteLine("|---|---|---:|---|");
        foreach (TempoRow row in rows)
        {
            string highest = row.Highest is { } tempo ? FormattableString.Invariant($"{tempo:0.##}") : "none";
            writer.WriteLine($"| {row.Song} | {NameOf(row.Parameters)} | {highest} | {string.Join(", ", row.Trials.Select(t => FormattableString.Invariant($"{t.Tempo:0.##}: {t.F1:0.000}")))} |");
        }
    }
}
