using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Runtime.Cli;

namespace Legato.Tests.Runtime.Cli;

/// <summary>The verb <c>plan</c> through the command line, in this process, on songs of a second.</summary>
public sealed class PlanVerbTests : IDisposable
{
    private static readonly string Robot = Path.Combine(Repository.Root, "hardware", "config", "robots", "sim.yaml");

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-plan-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Bundle => Path.Combine(_folder, "bundle");

    [Theory]
    [InlineData("", "plan needs a song, or --all <folder>")]
    [InlineData("a.mid --all songs", "plan takes a song or --all <folder>, not both")]
    [InlineData("a.mid --resume --fresh", "--resume goes on and --fresh begins anew")]
    [InlineData("--all songs --out bundle", "--out, --resume and --fresh are for a single song")]
    [InlineData("--all songs --fresh", "--out, --resume and --fresh are for a single song")]
    [InlineData("--all songs --seeds 0", "--seeds 0: must be 1..100")]
    [InlineData("a.mid --seeds 2", "--seeds 2: must be 1..100, and goes with --all")]
    [InlineData("--all missing", "missing: no such folder")]
    [InlineData("--all empty", "empty: has no .mid file")]
    [InlineData("a.mid --resume --out bundle", "bundle: no policy bundle")]
    public async Task A_call_that_makes_no_sense_is_refused_in_one_line(string arguments, string reason)
    {
        WriteSong("a.mid", 60);
        Directory.CreateDirectory(Path.Combine(_folder, "songs"));
        WriteSong("songs/a.mid", 60);
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        Call call = await Plan([.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(InFolder), "--json"]);

        Assert.Equal(2, call.Code);
        Assert.Contains(reason, Assert.Single(call.Messages), StringComparison.Ordinal);
        Assert.Equal(2, (int)call.Json["exit_code"]!);
        Assert.False(Directory.Exists(Bundle));
    }

    [Fact]
    public async Task A_second_plan_goes_on_from_the_first_and_is_no_worse()
    {
        string song = WriteSong("a.mid", 60, 75);
        JsonObject first = (await Plan(song, "--out", Bundle, "--json")).Json;
        JsonObject second = (await Plan(song, "--out", Bundle, "--json")).Json;
        Assert.Null(first["resumed_f1"]);
        Assert.Equal((double)first["f1"]!, (double)second["resumed_f1"]!);
        Assert.True((double)second["f1"]! >= (double)first["f1"]!);
        Assert.True((long)second["env_steps"]! > (long)first["env_steps"]!);
        Assert.Equal((double)second["f1"]!, PolicyBundle.Load(Bundle).Manifest.Evaluation.F1);

        // Other options: automatically it begins anew, and goes on only when told to.
        JsonObject told = (await Plan(song, "--out", Bundle, "--seed", "7", "--resume", "--json")).Json;
        Assert.Equal((double)second["f1"]!, (double)told["resumed_f1"]!);
        Call other = await Plan(song, "--out", Bundle, "--json");
        Assert.Null(other.Json["resumed_f1"]);
        Assert.Contains("was replaced: made with other options of the planner", Assert.Single(other.Messages), StringComparison.Ordinal);
        Assert.Null((await Plan(song, "--out", Bundle, "--fresh", "--json")).Json["resumed_f1"]);
    }

    [Fact]
    public async Task A_bundle_of_something_else_is_not_resumed()
    {
        string song = WriteSong("a.mid", 60);
        Assert.Equal(0, (await Plan(song, "--out", Bundle)).Code);
        async Task Refuse(string reason, params string[] arguments)
        {
            Call call = await Plan([.. arguments, "--out", Bundle, "--resume", "--json"]);
            Assert.Equal(2, call.Code);
            Assert.Contains($"the policy for 'a' cannot be resumed: {reason}", Assert.Single(call.Messages), StringComparison.Ordinal);
        }
        await Refuse("made for other notes", WriteSong("b.mid", 62));
        await Refuse("made for other notes", song, "--tempo", "0.5");
        await Refuse("made with other parameters", song, "--params", Write("params.yaml", "flexion: {gain: 0.9}\n"));
        await Refuse("made for the scene 'robopianist full fivefingers', this is 'robopianist reduced fivefingers'",
            song, "--robot", Write("reduced.yaml", "name: sim\nkind: sim\nlimits: simulation\naction_space: reduced\n"));
        Assert.Equal("a", PolicyBundle.Load(Bundle).Manifest.Song);

        // Unless resuming is asked for, a damaged bundle is replaced, and the reason told.
        File.WriteAllText(Path.Combine(Bundle, "policy.json"), "{}");
        Call again = await Plan(song, "--out", Bundle);
        Assert.Equal(0, again.Code);
        Assert.Contains("not a policy manifest", Assert.Single(again.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_writes_the_best_so_far_and_the_next_call_goes_on()
    {
        // Twelve neighbouring keys at once are never perfect: planning would go on.
        string song = WriteChord("cluster.mid", [.. Enumerable.Range(60, 12)]);
        using var stop = new CancellationTokenSource();
        Call call = await Run(line =>
        {
            if (line.Contains("rehearsal", StringComparison.Ordinal))
                stop.Cancel();
        }, ["plan", song, "--robot", Robot, "--out", Bundle, "--json"], stop.Token);

        Assert.Equal(1, call.Code);
        Assert.True((bool)call.Json["stopped"]!);
        PolicyManifest kept = PolicyBundle.Load(Bundle).Manifest;
        Assert.False(kept.IsComplete);
        Assert.Equal((double)call.Json["f1"]!, kept.Evaluation.F1);
        // However small the budget, it plays once more at least.
        JsonObject next = (await Plan(song, "--out", Bundle, "--seconds", "0.1", "--json")).Json;
        Assert.Equal(kept.Evaluation.F1, (double)next["resumed_f1"]!);
        Assert.True((double)next["f1"]! >= kept.Evaluation.F1);
    }

    [Fact]
    public async Task A_stop_before_anything_was_played_writes_nothing()
    {
        using var stop = new CancellationTokenSource();
        Call call = await Run(_ => stop.Cancel(), ["plan", WriteSong("a.mid", 60), "--robot", Robot, "--out", Bundle, "--json"], stop.Token);
        Assert.Equal(1, call.Code);
        Assert.Equal("stopped", (string?)call.Json["error"]);
        Assert.False(Directory.Exists(Bundle));
    }

    [Fact]
    public async Task A_table_has_a_row_per_file_and_bad_ones_tell_why()
    {
        string songs = Directory.CreateDirectory(Path.Combine(_folder, "songs")).FullName;
        WriteSong("songs/a.mid", 60);
        Write("songs/broken.mid", "not a MIDI file | really\n");
        WriteSong("songs/c.mid", 64);

        Call table = await Plan("--all", songs, "--table");
        Assert.Equal(2, table.Code);
        string[] lines = table.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(["| song | F1", "|---|---|", "| a | ", "| broken | ", "| c | "], lines.Zip((int[])[11, 9, 6, 11, 6], (l, n) => l[..n]));
        Assert.All(lines, line => Assert.Equal(11, line.Replace(@"\|", "", StringComparison.Ordinal).Split('|').Length));
        Assert.Contains("no 'MThd' header", lines[3], StringComparison.Ordinal);
        Assert.Matches(@"^\| a \| [01]\.[0-9]{3} \| [01]\.[0-9]{3} \| [01]\.[0-9]{3} \| [01]\.[0-9]{3} \| 0 \| [0-9.]+ \| [0-9]+ \| beam", lines[2]);

        // The same bundles again, without planning; only what changed is planned.
        WriteSong("songs/c.mid", 65);
        JsonArray rows = (await Plan("--all", songs, "--json")).Json["songs"]!.AsArray();
        JsonObject RunOf(int row) => rows[row]!["runs"]![0]!.AsObject();
        string bundle = (string)RunOf(0)["bundle"]!;
        Assert.Equal(PolicyBundle.Load(bundle).Manifest.Seconds, (double)RunOf(0)["seconds"]!);
        Assert.Equal(3, Directory.GetDirectories(Path.Combine(_folder, "policies")).Length);
        Assert.Contains("MThd", (string)rows[1]!["error"]!, StringComparison.Ordinal);
        Assert.Equal((double)RunOf(0)["f1"]!, (double)rows[0]!["f1"]!["median"]!);
        Assert.NotEqual(bundle, (string)RunOf(2)["bundle"]!);
    }

    [Fact]
    public async Task Seeds_are_planned_one_by_one_and_a_stop_ends_the_table_between_songs()
    {
        string songs = Directory.CreateDirectory(Path.Combine(_folder, "songs")).FullName;
        WriteSong("songs/a.mid", 60);
        JsonObject row = (await Plan("--all", songs, "--seeds", "2", "--seed", "5", "--json")).Json["songs"]![0]!.AsObject();
        Assert.Equal([5, 6], row["runs"]!.AsArray().Select(run => (int)run!["seed"]!));

        WriteChord("songs/cluster.mid", [.. Enumerable.Range(60, 12)]);
        using var stop = new CancellationTokenSource();
        Call call = await Run(line =>
        {
            if (line.StartsWith("cluster (2/2)", StringComparison.Ordinal) && line.Contains("rehearsal", StringComparison.Ordinal))
                stop.Cancel();
        }, ["plan", "--all", songs, "--seed", "5", "--robot", Robot, "--json"], stop.Token);
        Assert.Equal(1, call.Code);
        Assert.True((bool)call.Json["stopped"]!);
        Assert.Equal("a", (string?)Assert.Single(call.Json["songs"]!.AsArray())!["song"]);
        Assert.Contains("legato: stopped after 1 of 2 songs", call.Messages);
    }

    private string InFolder(string argument) => argument is "" || argument.StartsWith('-') || char.IsDigit(argument[0]) ? argument : Path.Combine(_folder, argument);

    private Task<Call> Plan(params string[] arguments) =>
        Run(_ => { }, ["plan", .. arguments.Contains("--robot") ? [] : (string[])["--robot", Robot], .. arguments], CancellationToken.None);

    private async Task<Call> Run(Action<string> onError, string[] arguments, CancellationToken stop)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new LineWriter(onError);
        var paths = new LegatoPaths(Repository.Root) { Policies = Path.Combine(_folder, "policies") };
        int code = await CommandLine.RunAsync(arguments, new CliHost(output, error, false, paths, new HastyTime()), CommandLine.Verbs, stop);
        return new Call(code, output.ToString(), error.Lines);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string WriteSong(string name, params byte[] notes) => WriteMidi(name, notes.SelectMany(n => new MidiEvent[]
    {
        new NoteOnEvent(0, n, 80),
        new NoteOffEvent(0, n, 64) { DeltaTime = 300 },
    }));

    private string WriteChord(string name, params int[] notes) => WriteMidi(name,
        [.. notes.Select(n => new NoteOnEvent(0, (byte)n, 80)), .. notes.Select((n, i) => new NoteOffEvent(0, (byte)n, 64) { DeltaTime = i == 0 ? 500 : 0 })]);

    // At 120 quarters per minute, MIDI's default, a tick is a millisecond.
    private string WriteMidi(string name, IEnumerable<MidiEvent> events)
    {
        string path = Path.Combine(_folder, name);
        new MidiFile(new TrackChunk(events)) { TimeDivision = new TicksPerQuarterNoteTimeDivision(500) }.Write(path, overwriteFile: true);
        return path;
    }

    private sealed record Call(int Code, string Output, IReadOnlyList<string> Errors)
    {
        public JsonObject Json => JsonNode.Parse(Assert.Single(Output.TrimEnd('\n').Split('\n')))!.AsObject();

        public IEnumerable<string> Messages => Errors.Where(line => line.StartsWith("legato: ", StringComparison.Ordinal));
    }

    /// <summary>A clock on which every look is a second later: each report is printed by the planner's own thread, which goes on only after it.</summary>
    private sealed class HastyTime : TimeProvider
    {
        private long _now;

        public override long GetTimestamp() => Interlocked.Add(ref _now, TimestampFrequency);
    }

    private sealed class LineWriter(Action<string> onLine) : TextWriter(CultureInfo.InvariantCulture)
    {
        private readonly Lock _sync = new();
        private readonly List<string> _lines = [];

        public override Encoding Encoding => Encoding.UTF8;

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_sync)
                    return [.. _lines];
            }
        }

        public override void WriteLine(string? value)
        {
            lock (_sync)
                _lines.Add(value ?? "");
            onLine(value ?? "");
        }
    }
}
