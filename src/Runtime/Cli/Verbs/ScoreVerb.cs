using System.CommandLine;
using System.Globalization;

using Legato.Music;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato score</c>: the metrics of any performance.</summary>
internal sealed class ScoreVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var song = new Argument<string?>("song") { Description = "Name in songs/, or path of a .mid file", Arity = ArgumentArity.ZeroOrOne };
        var performance = new Argument<string?>("performance") { Description = "A MIDI file of the performance", Arity = ArgumentArity.ZeroOrOne };
        var truth = new Option<string?>("--truth") { Description = "Roll that was to be played, JSON as 'songs show' prints it", HelpName = "file" };
        var played = new Option<string?>("--played") { Description = "Roll that was played, JSON", HelpName = "file" };
        var command = new Command("score", "Score a performance against a song, or one roll against another") { song, performance, truth, played };
        return cli.Handle(command, parse =>
        {
            PerformanceScore score = (parse.GetValue(song), parse.GetValue(performance), parse.GetValue(truth), parse.GetValue(played)) switch
            {
                ({ } s, { } p, null, null) => PerformanceScore.OfScore(SongLibrary.Open(cli.Paths.Songs).Load(s), Score.Load(p, ScoreOptions.AsWritten)),
                (null, null, { } t, { } p) => PerformanceScore.OfRolls(KeyRoll.Load(t), KeyRoll.Load(p)),
                _ => throw new InputException("score needs either <song> <performance.mid>, or --truth a.json --played b.json"),
            };
            return new VerbResult(score, writer => Print(score, writer));
        });
    }

    private static void Print(PerformanceScore score, TextWriter writer)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"F1 {score.F1:0.0000}  precision {score.Precision:0.0000}  recall {score.Recall:0.0000}  (mean over {score.Steps} steps; pressing nothing {score.F1Silent:0.0000})"));
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"micro F1 {score.F1Micro:0.0000}  pedal F1 {score.SustainF1:0.0000}"));
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"onset F1 {score.OnsetF1:0.0000} (±50 ms, {score.Notes} notes); error {score.OnsetErrorMs.Median:0.0} ms median, {score.OnsetErrorMs.P95:0.0} ms p95"));
    }
}
