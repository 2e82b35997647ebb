using System.Globalization;
using System.Text.Json.Nodes;
using Legato.Runtime.Cli;
using Legato.Runtime.Recording;
using Legato.Runtime.Recording.Mcap;
using Legato.Tests.Recording;

namespace Legato.Tests.Runtime.Cli;

/// <summary>The verb <c>repair</c> through the command line, in this process.</summary>
public sealed class RepairVerbTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("legato-repair-").FullName;
    private readonly RunFolder _run;
    private readonly byte[] _whole = new Sample().Bytes;

    public RepairVerbTests() => _run = RunFolder.Create(_root, "song", TimeProvider.System, []);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task ACutRecordingIsMadeWholeOnceAndTheLossIsNamed()
    {
        byte[] cut = _whole[..(_whole.Length / 2)];
        File.WriteAllBytes(_run.RecordingPath, cut);
        (int code, string output, string error) = await Repair();
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("the recording was cut at byte", output, StringComparison.Ordinal);
        Assert.Contains(_run.CutRecordingPath, output, StringComparison.Ordinal);
        Assert.Equal(cut, File.ReadAllBytes(_run.CutRecordingPath));
        using (McapReader repaired = _run.OpenRecording())
            Assert.Null(repaired.Loss);

        byte[] once = File.ReadAllBytes(_run.RecordingPath);
        (code, output, _) = await Repair();
        Assert.Equal(0, code);
        Assert.Contains("complete; nothing to do", output, StringComparison.Ordinal);
        Assert.Equal(once, File.ReadAllBytes(_run.RecordingPath));
    }

    [Fact]
    public async Task ForMachinesTheLossIsAnObject()
    {
        File.WriteAllBytes(_run.RecordingPath, _whole[..(_whole.Length / 2)]);
        JsonNode answer = JsonNode.Parse((await Repair("--json")).Output)!;
        Assert.True((bool)answer["repaired"]!);
        Assert.Equal(_whole.Length / 2, (long)answer["loss"]!["offset"]! + (long)answer["loss"]!["bytes"]!);
        Assert.False((bool)JsonNode.Parse((await Repair("--json")).Output)!["repaired"]!);
    }

    [Fact]
    public async Task AFolderWithoutARecordingIsRefusedInOneLine()
    {
        (int code, string output, string error) = await Repair();
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(_run.RecordingPath, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> Repair(params string[] options)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        var cli = new CliHost(output, error, false, new LegatoPaths(_root), TimeProvider.System);
        int code = await CommandLine.RunAsync(["repair", _run.FolderPath, .. options], cli, CommandLine.Verbs, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
