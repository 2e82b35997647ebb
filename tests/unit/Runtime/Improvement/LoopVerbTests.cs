using System.Globalization;
using System.Text.Json.Nodes;

using Legato.Runtime.Cli;
using Legato.Runtime.Improvement;

namespace Legato.Tests.Runtime.Improvement;

/// <summary>The verb <c>loop</c> through the command line, in this process.</summary>
public sealed class LoopVerbTests : IDisposable
{
    private static readonly string Robot = Path.Combine(Repository.Root, "hardware", "config", "robots", "sim.yaml");

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-loop-verb-").FullName;
    private readonly string _song;

    public LoopVerbTests() => _song = SmallSongs.Write(Path.Combine(_folder, "two.mid"), 60, 64);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "")]
    [InlineData("SONG --rounds 21", "--rounds 21: must be 0..20")]
    [InlineData("SONG --repeats 0", "--repeats 0: must be 1..100")]
    [InlineData("SONG --seconds 0", "--seconds 0: must be above 0")]
    [InlineData("SONG SONG", "two: stands twice among the songs")]
    [InlineData("missing.mid", "missing.mid")]
    [InlineData("SONG --robot missing.yaml", "missing.yaml")]
    [InlineData("SONG --reality missing.yaml", "missing.yaml")]
    [InlineData("SONG --learner network", "network")]
    [InlineData("SONG --steps 1000", "--steps is for learners with a network")]
    [InlineData("SONG --learner ppo --severity 2", "--severity 2: must be 0..1")]
    [InlineData("SONG --excitation nowhere", "nowhere: no planned excitation")]
    public async Task ACallThatMakesNoSenseIsRefusedInOneLine(string arguments, string reason)
    {
        string[] words = [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word == "SONG" ? _song : word)];
        Call call = await Loop([.. words, .. words.Contains("--robot") ? (string[])[] : ["--robot", Robot]]);

        Assert.Equal(2, call.Code);
        Assert.Contains(reason, Assert.Single(call.Messages), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "loops")));
    }

    [Fact]
    public async Task ALoopWithNothingToGainEndsWithItsReportAndIsFoundAgain()
    {
        Call call = await Loop(_song, "--robot", Robot, "--rounds", "1", "--repeats", "2", "--seconds", "20", "--json");
        Assert.True(call.Code == 0, string.Join('\n', call.Messages));
        JsonObject json = JsonNode.Parse(call.Output)!.AsObject();
        string folder = Path.Combine(_folder, "loops", "sim-two");
        Assert.Equal(folder, (string?)json["loop"]);
        Assert.Equal("nothing left to gain", (string?)json["stopped_because"]);
        Assert.Equal(1, (double)Assert.Single(json["rounds"]!.AsArray())!["real_f1"]!);
        Assert.True(File.Exists(Path.Combine(folder, LoopReportPage.MarkdownFile)));
        Assert.True(File.Exists((string)json["report"]!));
        int runs = Directory.GetDirectories(Path.Combine(_folder, "runs")).Length;
        Assert.Equal(2, runs);

        Call again = await Loop(_song, "--robot", Robot, "--rounds", "1", "--repeats", "2", "--seconds", "20", "--json");
        Assert.Equal(call.Output, again.Output);
        Assert.Equal(runs, Directory.GetDirectories(Path.Combine(_folder, "runs")).Length);
        Call other = await Loop(_song, "--robot", Robot, "--rounds", "1", "--repeats", "3", "--seconds", "20");
        Assert.Equal(2, other.Code);
        Assert.Contains("holds a loop with 2 repeats", other.Messages[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStoppedLoopSaysHowToGoOn()
    {
        Call call = await Loop(new CancellationToken(canceled: true), _song, "--robot", Robot);
        Assert.Equal(1, call.Code);
        Assert.Contains(call.Messages, m => m.Contains("the same call goes on", StringComparison.Ordinal));
        Assert.Equal("legato: stopped", call.Messages[^1]);
    }

    private Task<Call> Loop(params string[] arguments) => Loop(TestContext.Current.CancellationToken, arguments);

    private async Task<Call> Loop(CancellationToken stop, params string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        var paths = new LegatoPaths(Repository.Root) { Runs = Path.Combine(_folder, "runs"), Loops = Path.Combine(_folder, "loops") };
        int code = await CommandLine.RunAsync(["loop", .. arguments], new CliHost(output, error, errorIsTerminal: false, paths, TimeProvider.System), CommandLine.Verbs, stop);
        return new Call(code, output.ToString(), [.. error.ToString().Split('\n').Where(line => line.StartsWith("legato: ", StringComparison.Ordinal))]);
    }

    private sealed record Call(int Code, string Output, IReadOnlyList<string> Messages);
}
