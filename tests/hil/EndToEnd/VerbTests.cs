using System.Text.Json;
using System.Text.Json.Nodes;

using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Tests.Processes;

namespace Legato.Tests.EndToEnd;

/// <summary>The verbs that need no run.</summary>
public sealed class VerbTests(PlannedMelody planned) : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void EverySongIsListed()
    {
        JsonArray songs = _workspace.Run("songs", "--json").Expect(0).Json["songs"]!.AsArray();
        Assert.Equal(
            Directory.EnumerateFiles(Repository.PathOf("songs"), "*.mid").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            songs.Select(song => (string?)song!["name"]));
        Assert.All(songs, song => Shape.Check(song!.AsObject(), JsonValueKind.Number, "notes", "seconds", "lowest_key", "highest_key"));
    }

    [Fact]
    public void ASongIsShownStepByStep()
    {
        JsonObject roll = _workspace.Run("songs", "show", planned.Song, "--json").Expect(0).Json;
        // Half a second is ten steps; a step of silence ends the song.
        int[][] steps = [.. Melody.FiveNotes.SelectMany(note => Enumerable.Repeat<int[]>([note - 21], 10)), []];
        Assert.Equal(0.05, (double)roll["dt"]!);
        Assert.Equal(steps.Length, (int)roll["n_steps"]!);
        Assert.Equal(steps, KeysOf(roll["steps"]!));
        Assert.Equal(new int[steps.Length], roll["sustain"]!.AsArray().Select(value => (int)value!));
    }

    [Fact]
    public void TheStepsAreThoseOfRoboPianist()
    {
        Assert.All(ReferenceSongs(), song =>
        {
            string[] trim = (bool)song["trim_silence"]! ? [] : ["--no-trim"];
            string path = Repository.PathOf("..", "shared", "reference", "midi", (string)song["name"]!);
            JsonObject roll = _workspace.Run(["songs", "show", path, "--stretch", song["stretch"]!.ToJsonString(), .. trim, "--json"]).Expect(0).Json;
            Assert.Equal((int)song["n_steps"]!, (int)roll["n_steps"]!);
            Assert.Equal(song["steps"]!.AsArray().Select(step => step!.AsArray().Select(note => (int)note![0]!)), KeysOf(roll["steps"]!));
            Assert.Equal(song["sustain"]!.ToJsonString(), roll["sustain"]!.ToJsonString());
        });
    }

    [Fact]
    public void ASongPlayedAsWrittenScoresOne()
    {
        JsonObject score = _workspace.Run("score", planned.Song, planned.Song, "--json").Expect(0).Json;
        Assert.Equal((1, 1, 1, 1), ((double)score["precision"]!, (double)score["recall"]!, (double)score["f1"]!, (double)score["onset_f1"]!));
    }

    [Fact]
    public void ARollThatPlaysNothingScoresAsSilenceDoes()
    {
        JsonObject truth = _workspace.Run("songs", "show", planned.Song, "--json").Expect(0).Json;
        JsonObject silence = truth.DeepClone().AsObject();
        silence["steps"] = new JsonArray([.. truth["steps"]!.AsArray().Select(_ => new JsonArray())]);
        string[] rolls = ["--truth", _workspace.Write("a.json", truth.ToJsonString()), "--played", _workspace.Write("b.json", silence.ToJsonString())];

        JsonObject score = _workspace.Run(["score", .. rolls, "--json"]).Expect(0).Json;

        // Silent in the one silent step of 51, which counts as perfect there.
        Assert.Equal(1.0 / 51, (double)score["f1"]!, 12);
        Assert.Equal((double)score["f1_silent"]!, (double)score["f1"]!);
        Assert.Equal(0, (double)score["f1_micro"]!);
        Assert.Equal(0, (double)score["onset_f1"]!);
    }

    [Fact]
    public void APlanIsABundleThatLoads()
    {
        Shape.Check(planned.Report, JsonValueKind.String, "bundle");
        Shape.Check(planned.Report, JsonValueKind.Number, "f1", "onset_f1", "precision", "recall", "seconds", "env_steps");
        Assert.Empty(planned.Report["unreachable_notes"]!.AsArray());
        Assert.InRange((double)planned.Report["f1"]!, 0.9, 1);
        var bundle = PolicyBundle.Load((string)planned.Report["bundle"]!);
        Assert.Equal((double)planned.Report["f1"]!, bundle.Manifest.Evaluation.F1);
        Assert.Equal(PolicyBundle.HashOf(NoteTrajectory.FromScore(Score.Load(planned.Song))), bundle.Manifest.SongHash);
    }

    [Fact]
    public void APlansFingersAreWrittenAndThoseOfAFileArePlayed()
    {
        IReadOnlyList<PigNote> chosen = PigFile.Read(planned.Fingering);
        Assert.Equal(Melody.FiveNotes, chosen.Select(n => n.Key + Keyboard.LowestNoteNumber));

        // Left little finger to thumb instead.
        string wanted = _workspace.PathOf("left.pig.txt"), played = _workspace.PathOf("played.pig.txt");
        PigNote[] left = [.. chosen.Select((n, i) => PigNote.ForPart(n.Onset, n.Offset, n.Key, 9 - i))];
        PigFile.Write(wanted, left);
        JsonObject report = _workspace.Run("plan", planned.Song, "--robot", _workspace.WriteSimulation(), "--seconds", "0.1", "--fingering", wanted, "--write-fingering", played, "--json").Expect(0).Json;

        Assert.Equal((5, 5), ((int)report["fingers_labelled"]!, (int)report["fingers_followed"]!));
        Assert.Equal(left, PigFile.Read(played));
    }

    [Fact]
    public void TheDoctorNamesEveryCheck()
    {
        Outcome outcome = _workspace.Run("doctor", "--json");
        Assert.Equal((bool)outcome.Json["ok"]! ? 0 : 2, outcome.Code);
        Assert.All(outcome.Json["checks"]!.AsArray(), check =>
        {
            Shape.Check(check!.AsObject(), JsonValueKind.String, "name", "status", "value");
            Assert.Contains((string?)check!["status"], (string?[])["ok", "warning", "failed"]);
            Assert.Equal((string?)check["status"] == "ok", check["fix"] is null);
        });
    }

    [Fact]
    public void NotesOutsideTheKeyboardAreLeftOutAndNamed()
    {
        string song = Melody.Write(_workspace.PathOf("low.mid"), [5, .. Melody.FiveNotes]);
        string note = Assert.Single(_workspace.Run("songs", "show", song, "--json").Expect(0).Messages);
        Assert.Contains("dropped 1 notes outside the keyboard (21..108): 5", note, StringComparison.Ordinal);

        // Without that note and the silence in its place the song is the planned melody.
        JsonObject report = _workspace.Run("play", song, "--robot", _workspace.WriteSimulation(), "--policy", planned.Bundle, "--json").Expect(0).Json;
        Assert.Contains("dropped 1 notes", (string)Assert.Single(report["warnings"]!.AsArray())!, StringComparison.Ordinal);
        Assert.InRange((double)report["f1"]!, 0.9, 1);
    }

    [Theory]
    [InlineData("songs show twinkle --stretch 1.25 --json")]
    [InlineData("songs --json")]
    [InlineData("score twinkle melody.mid --json")]
    [InlineData("songs show twinkle --stretch 0.001 --json")]
    public void ACommaForADecimalPointChangesNothing(string commandLine)
    {
        Melody.Write(_workspace.PathOf("melody.mid"), Melody.FiveNotes);
        Outcome english = _workspace.Run(commandLine.Split(' ')), german = _workspace.RunIn("de_DE.UTF-8", commandLine.Split(' '));
        Assert.Equal(english.Code, german.Code);
        Assert.Equal(english.Output, german.Output);
        Assert.Equal(english.Errors, german.Errors);
    }

    [Fact]
    public void ARunWithACommaForADecimalPointIsTheSame()
    {
        string[] play = ["play", planned.Song, "--robot", _workspace.WriteSimulation(), "--policy", planned.Bundle, "--json"];
        JsonObject english = _workspace.Run(play).Expect(0).Json, german = _workspace.RunIn("de_DE.UTF-8", play).Expect(0).Json;
        string[] figures = ["precision", "recall", "f1", "f1_silent", "f1_micro", "onset_f1", "onset_error_ms", "steps", "guard", "predicted_f1"];
        Assert.All(figures, figure => Assert.Equal(english[figure]!.ToJsonString(), german[figure]!.ToJsonString()));
        Assert.True((bool)_workspace.RunIn("de_DE.UTF-8", "replay", (string)english["run"]!, "--json").Expect(0).Json["bitwise"]!);
    }

    private static IEnumerable<int[]> KeysOf(JsonNode steps) => steps.AsArray().Select(step => step!.AsArray().Select(key => (int)key!).ToArray());

    /// <summary>What RoboPianist made of MIDI files; empty where that is not at hand.</summary>
    private static IEnumerable<JsonNode> ReferenceSongs()
    {
        string path = Repository.PathOf("..", "shared", "reference", "note_trajectories.json");
        return File.Exists(path)
            ? JsonNode.Parse(File.ReadAllText(path))!["trajectories"]!.AsArray().Where(song => (string?)song!["kind"] == "mid_file").Select(song => song!)
            : [];
    }
}
