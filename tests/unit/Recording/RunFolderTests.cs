using System.Globalization;
using System.Text.Json.Nodes;
using Legato.Runtime.Recording;
using Legato.Runtime.Recording.Mcap;

namespace Legato.Tests.Recording;

public sealed class RunFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("legato-runs-").FullName;
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void ANewRunIsNamedByItsUtcTimeAndSongAndSaysThatItRuns()
    {
        RunFolder run = Create();
        Assert.Equal(Path.Combine(_root, "20260102T010405Z-ode-to-joy"), run.FolderPath);
        JsonNode document = JsonNode.Parse(File.ReadAllText(Path.Combine(run.FolderPath, "run.json")))!;
        Assert.Equal("running", (string?)document["state"]);
        Assert.Equal("abc", (string?)document["policy_hash"]);
        Assert.Equal("state", document.AsObject().First().Key);
        Assert.True(Directory.Exists(run.ConfigPath));
    }

    [Fact]
    public void RunsThatBeginTogetherGetFoldersOfTheirOwn()
    {
        string[] folders = new string[16];
        Parallel.For(0, folders.Length, i => folders[i] = Create().FolderPath);
        Assert.Equal(folders.Length, folders.Distinct().Count());
        Assert.All(folders, folder => Assert.Equal(RunFolderState.Running, RunFolder.Open(folder).State));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a b/c\nd")]
    public void ASongsNameCannotLeaveTheRoot(string song)
    {
        RunFolder run = RunFolder.Create(_root, song, _time, []);
        Assert.Equal(_root, Path.GetDirectoryName(run.FolderPath));
        Assert.DoesNotContain(run.FolderPath, char.IsControl);
    }

    [Fact]
    public void TheSummaryReplacesTheFileWhole()
    {
        RunFolder run = Create();
        run.WriteSummary(RunFolderState.Complete, new JsonObject { ["f1"] = 0.5, ["state"] = "ignored", ["loop"] = new JsonObject { ["overruns"] = 0 } });
        RunFolder opened = RunFolder.Open(run.FolderPath);
        Assert.Equal(RunFolderState.Complete, opened.State);
        Assert.Equal(0.5, (double?)opened.Summary["f1"]);
        Assert.Equal(0, (int?)opened.Summary["loop"]!["overruns"]);
        Assert.Null(opened.Summary["policy_hash"]);
        Assert.Equal(["config", "run.json"], Directory.EnumerateFileSystemEntries(run.FolderPath).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void NumbersAreWrittenTheSameInEveryCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            RunFolder run = Create();
            run.WriteSummary(RunFolderState.Failed, new JsonObject { ["f1"] = 0.25 });
            Assert.Contains("\"f1\": 0.25", File.ReadAllText(Path.Combine(run.FolderPath, "run.json")), StringComparison.Ordinal);
        }
        finally { CultureInfo.CurrentCulture = before; }
    }

    [Fact]
    public void ASummaryThatCannotBeWrittenLeavesTheOldOne()
    {
        RunFolder run = Create();
        Assert.ThrowsAny<ArgumentException>(() => run.WriteSummary(RunFolderState.Complete, new JsonObject { ["f1"] = double.NaN }));
        Assert.Equal(RunFolderState.Running, run.State);
        Assert.Equal(RunFolderState.Running, RunFolder.Open(run.FolderPath).State);
    }

    [Fact]
    public void SongAndConfigurationAreCopied()
    {
        RunFolder run = Create();
        string song = Path.Combine(_root, "x.mid"), config = Path.Combine(_root, "standin.yaml");
        File.WriteAllText(song, "MThd");
        File.WriteAllText(config, "name: standin");
        run.CopySong(song);
        run.CopyConfig(config);
        Assert.Equal("MThd", File.ReadAllText(run.SongPath));
        Assert.Equal("name: standin", File.ReadAllText(Path.Combine(run.ConfigPath, Path.GetFileName(_root), "standin.yaml")));
        Assert.Throws<InputException>(() => run.CopyConfig(config));
        Assert.Throws<InputException>(() => run.CopySong(Path.Combine(_root, "missing.mid")));
    }

    [Fact]
    public void ACopyThatBreaksOffLeavesNothingBehind()
    {
        RunFolder run = Create();
        string song = Path.Combine(_root, "x.mid");
        File.WriteAllText(song, "MThd");
        run.CopySong(song);
        // Opens like any file; reading its first page fails.
        Assert.Throws<InputException>(() => run.CopySong("/proc/self/mem"));
        Assert.Equal("MThd", File.ReadAllText(run.SongPath));
        Assert.Equal(["config", "run.json", "song.mid"], Directory.EnumerateFileSystemEntries(run.FolderPath).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData(null, "it has no run.json")]
    [InlineData("", "line 1")]
    [InlineData("{\n\"state\": \"runn", "line 2")]
    [InlineData("[]", "a JSON object was expected")]
    [InlineData("null", "a JSON object was expected")]
    [InlineData("{}", "\"state\" must be one of running, complete, failed")]
    [InlineData("{\"state\": \"7\"}", "\"state\" must be one of running, complete, failed")]
    [InlineData("{\"state\": 1}", "\"state\" must be one of running, complete, failed")]
    public void AFolderThatIsNoRunIsRefusedInOneLine(string? document, string reason)
    {
        if (document is not null) File.WriteAllText(Path.Combine(_root, "run.json"), document);
        InputException error = Assert.Throws<InputException>(() => RunFolder.Open(_root));
        Assert.StartsWith(_root, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void AMissingFolderAndAMissingRecordingAreRefused()
    {
        Assert.Throws<InputException>(() => RunFolder.Open(Path.Combine(_root, "nothing")));
        RunFolder run = Create();
        Assert.Throws<InputException>(run.OpenRecording);
        Assert.Throws<InputException>(run.Repair);
        Assert.Throws<InputException>(() => RunFolder.Create("/dev/null/runs", "x", _time, []));
    }

    [Fact]
    public void AKilledRunOpensAndCanBeRepairedKeepingTheOriginal()
    {
        Sample sample = new();
        RunFolder run = Create();
        byte[] killed = sample.Bytes[..(sample.Bytes.Length / 2)];
        File.WriteAllBytes(run.RecordingPath, killed);

        RunFolder opened = RunFolder.Open(run.FolderPath);
        string[] readable;
        using (McapReader cut = opened.OpenRecording())
        {
            Assert.NotNull(cut.Loss);
            readable = [.. cut.Read().Select(message => Sample.Key(message).ToString())];
        }
        McapLoss loss = Assert.IsType<McapLoss>(opened.Repair());
        Assert.Equal(killed.Length, loss.Offset + loss.Bytes);
        Assert.Equal(killed, File.ReadAllBytes(Path.Combine(run.FolderPath, "run.cut.mcap")));
        Assert.Null(opened.Repair());
        using McapReader whole = opened.OpenRecording();
        whole.Verify();
        Assert.Null(whole.Loss);
        Assert.NotEmpty(readable);
        Assert.Equal(readable, whole.Read().Select(message => Sample.Key(message).ToString()));
    }

    [Fact]
    public void ARecordingInProgressIsReadButNotRepairedNorOverwritten()
    {
        RunFolder run = Create();
        using Recorder recorder = Recorder.Create(run.RecordingPath, default, _time);
        recorder.AddStream("/x", "x/msg/X", "byte x");
        recorder.Start();
        using (McapReader reader = run.OpenRecording()) Assert.Single(reader.Channels);
        Assert.Throws<InputException>(run.Repair);
        Assert.Throws<InputException>(() => Recorder.Create(run.RecordingPath, default, _time));
        recorder.Complete();
        using McapReader complete = run.OpenRecording();
        Assert.Null(complete.Loss);
    }

    private RunFolder Create() => RunFolder.Create(_root, "ode to joy", _time, new JsonObject { ["policy_hash"] = "abc" });
}
