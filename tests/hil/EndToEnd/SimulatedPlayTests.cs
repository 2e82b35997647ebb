using System.Text.Json;
using System.Text.Json.Nodes;

using Legato.Runtime.Experiments;
using Legato.Runtime.Recording;
using Legato.Tests.MuJoCo;

namespace Legato.Tests.EndToEnd;

/// <summary>The same song played twice in the simulator, planned by the first call.</summary>
public sealed class TwoPlays : IDisposable
{
    public TwoPlays()
    {
        Song = Melody.Write(Workspace.PathOf("melody.mid"), Melody.FiveNotes);
        string[] play = ["play", Song, "--robot", Workspace.WriteSimulation(), "--policy", "nominal", "--json"];
        First = Workspace.Run(play).Expect(0).Json;
        BundleWritten = NewestWrite();
        Second = Workspace.Run(play).Expect(0).Json;
    }

    public Workspace Workspace { get; } = new();

    public string Song { get; }

    public JsonObject First { get; }

    public JsonObject Second { get; }

    /// <summary>When the last file among the policies was written, after the first call.</summary>
    public DateTime BundleWritten { get; }

    public DateTime NewestWrite() => Directory.EnumerateFiles(Workspace.Policies, "*", SearchOption.AllDirectories).Max(File.GetLastWriteTimeUtc);

    public static string FolderOf(JsonObject report) => (string)report["run"]!;

    public void Dispose() => Workspace.Dispose();
}

/// <summary>Playing in the simulator, and everything that looks at such a run afterwards.</summary>
public sealed class SimulatedPlayTests(TwoPlays plays) : IClassFixture<TwoPlays>
{
    [Fact]
    public void TheReportHasWhatItPromises()
    {
        Shape.Check(plays.First, JsonValueKind.String, "run", "song", "robot", "policy", "quality");
        Shape.Check(plays.First, JsonValueKind.Number, "precision", "recall", "f1", "f1_silent", "f1_micro", "onset_f1", "onset_error_ms.median", "onset_error_ms.p95", "steps");
        Shape.Check(plays.First, JsonValueKind.Number, "loop.overruns", "loop.lateness_us.p50", "loop.lateness_us.p99", "loop.lateness_us.max", "loop.allocated_bytes", "loop.gc_count");
        Shape.Check(plays.First, JsonValueKind.Number, "guard.clamped", "guard.refused");
        Assert.All(plays.First["lost"]!.AsObject(), stream => Assert.Equal(JsonValueKind.Number, stream.Value!.GetValueKind()));
        Assert.Equal(("melody", "sim"), ((string?)plays.First["song"], (string?)plays.First["robot"]));
        Assert.Contains((string)plays.First["quality"]!, "ABCDEF");
    }

    [Fact]
    public void AnEasyMelodyIsPlayedWell()
    {
        Assert.InRange((double)plays.First["f1"]!, 0.9, 1);
        Assert.InRange((double)plays.First["onset_f1"]!, 0.9, 1);
        Assert.True((double)plays.First["f1_silent"]! < 0.1);
    }

    [Fact]
    public void ThePlanIsKeptAndUsedAgain()
    {
        Assert.Equal((string?)plays.First["policy"], (string?)plays.Second["policy"]);
        Assert.Equal((string?)plays.First["policy"], Assert.Single(Directory.EnumerateDirectories(plays.Workspace.Policies)));
        Assert.Equal(plays.BundleWritten, plays.NewestWrite());
    }

    [Fact]
    public void TheSecondRunIsTheFirstBitForBit()
    {
        Assert.NotEqual(TwoPlays.FolderOf(plays.First), TwoPlays.FolderOf(plays.Second));
        RecordedRun first = Read(plays.First), second = Read(plays.Second);
        Assert.Equal((double)plays.First["f1"]!, (double)plays.Second["f1"]!);
        Assert.Equal(first.Cycles.Count, second.Cycles.Count);
        Assert.All(first.Cycles.Zip(second.Cycles), pair =>
        {
            Assert.Equal(pair.First.Sent, pair.Second.Sent);
            Assert.Equal(pair.First.Measured, pair.Second.Measured);
        });
        Assert.Equal(first.Keys, second.Keys);
        Assert.NotEmpty(first.Keys);
    }

    [Fact]
    public void TheRunFolderTellsWhereTheRunCameFrom()
    {
        var folder = RunFolder.Open(TwoPlays.FolderOf(plays.First));
        Assert.Equal(RunFolderState.Complete, folder.State);
        Assert.Equal(File.ReadAllBytes(plays.Song), File.ReadAllBytes(folder.SongPath));
        Assert.Equal((double)plays.First["f1"]!, (double)folder.Summary["f1"]!);
        Shape.Check(folder.Summary, JsonValueKind.String, "provenance.legato", "provenance.dotnet", "provenance.host", "provenance.hashes.song", "provenance.hashes.trajectory", "provenance.hashes.parameters");
        Assert.Equal(64, ((string)folder.Summary["provenance"]!["hashes"]!["configuration"]!["sim.yaml"]!).Length);
        Assert.Single(Directory.EnumerateFiles(folder.ConfigPath, "sim.yaml", SearchOption.AllDirectories));
    }

    [Fact]
    public void ReplayingGivesEveryBitBack()
    {
        JsonObject replay = plays.Workspace.Run("replay", TwoPlays.FolderOf(plays.First), "--json").Expect(0).Json;
        Assert.True((bool)replay["bitwise"]!);
        Assert.Equal(0, (double)replay["max_joint_error_rad"]!);
        Assert.Null(replay["first_divergence"]);
        Assert.Equal(Read(plays.First).Cycles.Count, (int)replay["cycles"]!);
    }

    [Fact]
    public void ReplayingWithOtherParametersSaysWhereItParts()
    {
        string parameters = plays.Workspace.Write("weak.yaml", "flexion: {gain: 0.5}\n");
        JsonObject replay = plays.Workspace.Run("replay", TwoPlays.FolderOf(plays.First), "--params", parameters, "--tolerance", "0.01", "--json").Expect(0).Json;
        Assert.False((bool)replay["bitwise"]!);
        Assert.True((double)replay["max_joint_error_rad"]! > 0.01);
        Assert.Contains((string)replay["first_divergence"]!["joint"]!, Read(plays.First).Joints.Names);
        Assert.InRange((int)replay["first_divergence"]!["cycle"]!, 1, (int)replay["cycles"]! - 1);
    }

    [Fact]
    public void AStillIsAPictureOfTheRig()
    {
        JsonObject still = plays.Workspace.Run("render", TwoPlays.FolderOf(plays.First), "--still", "1.25", "--json").Expect(0).Json;
        PngReader picture = PngReader.Decode(File.ReadAllBytes((string)still["file"]!));
        var colours = Enumerable.Range(0, picture.Width).Select(x => picture.Pixel(x, picture.Height / 2)).ToHashSet();
        Assert.True(colours.Count > 8, $"{colours.Count} colours in the middle row");
    }

    [Fact]
    public void APictureThatCannotBeWrittenIsOneLine()
    {
        Outcome outcome = plays.Workspace.Run("render", TwoPlays.FolderOf(plays.First), "--still", "1", "--out", "/proc/nothing.png").Expect(2);
        Assert.Contains("/proc/nothing.png: cannot write the picture", Assert.Single(outcome.Errors), StringComparison.Ordinal);
    }

    private static RecordedRun Read(JsonObject report) => RecordedRun.Read(RunFolder.Open(TwoPlays.FolderOf(report)));
}
