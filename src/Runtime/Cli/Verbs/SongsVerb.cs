using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

using Legato.Music;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato songs</c>: lists the songs; <c>songs show</c> prints what a song asks for, step by step.</summary>
internal sealed class SongsVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var songs = new Command("songs", "List the songs") { Show(cli) };
        return cli.Handle(songs, _ =>
        {
            IReadOnlyList<SongInfo> list = SongLibrary.Open(cli.Paths.Songs).List();
            return new VerbResult(new { Songs = list }, writer => Print(list, writer));
        });
    }

    private static Command Show(CliHost cli)
    {
        var song = new Argument<string>("song") { Description = "Name in songs/, or path of a .mid file" };
        var stretch = new Option<double>("--stretch") { Description = "Stretch in time: 2 is half as fast", DefaultValueFactory = _ => 1 };
        var transpose = new Option<int>("--transpose") { Description = "Semitones" };
        var noTrim = new Option<bool>("--no-trim") { Description = "Keep the silence before the first and after the last note" };
        var show = new Command("show", "Print a song's note trajectory at 20 Hz") { song, stretch, transpose, noTrim };
        return cli.Handle(show, parse =>
        {
            double factor = parse.GetValue(stretch);
            if (!(factor is >= 0.05 and <= 20))
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"--stretch {factor}: must be 0.05..20"));
            Score score = SongLibrary.Open(cli.Paths.Songs).Load(parse.GetRequiredValue(song), new ScoreOptions(factor, parse.GetValue(transpose), !parse.GetValue(noTrim)));
            foreach (string warning in score.Warnings)
                cli.Error.WriteLine($"legato: {warning}");
            NoteTrajectory trajectory = NoteTrajectory.FromScore(score);
            // The roll's own JSON is the format that 'score --truth' reads.
            JsonNode roll = JsonNode.Parse(trajectory.ToKeyRoll().ToJson())!;
            return new VerbResult(roll, writer => writer.WriteLine(roll.ToJsonString()));
        });
    }

    private static void Print(IReadOnlyList<SongInfo> songs, TextWriter writer)
    {
        writer.WriteLine($"{"song",-30} {"notes",5} {"seconds",7} {"range",-9} {"notes/s",7} {"voices",6} {"hands",5}  title");
        foreach (SongInfo s in songs)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{s.Name,-30} {s.Notes,5} {s.Seconds,7:0.0} {Keyboard.KeyName(s.LowestKey) + "-" + Keyboard.KeyName(s.HighestKey),-9} {s.NotesPerSecond,7:0.0} {s.MaxPolyphony,6} {s.Hands,5}  {s.Title}"));
    }
}
