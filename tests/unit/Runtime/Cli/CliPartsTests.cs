using System.Globalization;
using Legato.Policy.Planning;
using Legato.Runtime.Cli;
using Legato.Tests.Recording;

namespace Legato.Tests.Runtime.Cli;

public sealed class CliPartsTests : IDisposable
{
    private readonly StringWriter _writer = new(CultureInfo.InvariantCulture);

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void Planning_in_a_pipe_is_a_plain_line_at_once_then_one_a_second_and_only_when_there_is_news()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        using (var line = new PlanningLine(_writer, false, time, "twinkle", 300))
        {
            time.Advance(TimeSpan.FromSeconds(2));
            for (int i = 0; i < 40; i++)
            {
                line.Report(new PlanProgress(0, $"rehearsal {i}", i < 20 ? null : 0.5));
                time.Advance(TimeSpan.FromMilliseconds(100));
            }
            time.Advance(TimeSpan.FromSeconds(10));
        }
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(
            [
                "twinkle  no F1 yet  2 of 300 s  rehearsal 0",
                "twinkle  no F1 yet  3 of 300 s  rehearsal 9",
                "twinkle  no F1 yet  4 of 300 s  rehearsal 19",
                "twinkle  F1 0.500  5 of 300 s  rehearsal 29",
                "twinkle  F1 0.500  6 of 300 s  rehearsal 39",
            ],
            _writer.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Planning_on_a_terminal_rewrites_one_line_and_the_seconds_go_on()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        using (var line = new PlanningLine(_writer, true, time, "twinkle", 300))
        {
            line.Report(new PlanProgress(0, "a long activity", 0.9));
            time.Advance(TimeSpan.FromSeconds(1));
            line.Report(new PlanProgress(1, "short", 0.9));
            time.Advance(TimeSpan.FromSeconds(1));
        }
        string text = _writer.ToString();
        Assert.Equal(10, text.Count(c => c == '\r'));
        Assert.Equal(1, text.Count(c => c == '\n'));
        string[] lines = text.TrimEnd('\n').Split('\r');
        Assert.Equal("twinkle  F1 0.900  1 of 300 s  a long activity", lines[5]);
        // A shorter line covers the longer one before it.
        Assert.Equal("twinkle  F1 0.900  1 of 300 s  short".PadRight(lines[5].Length), lines[6]);
        Assert.StartsWith("twinkle  F1 0.900  2 of 300 s", lines[^1]);
    }

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("doctor", "doctor", 0)]
    [InlineData("docter", "doctor", 1)]
    public void The_distance_of_words_counts_edits(string a, string b, int distance)
    {
        Assert.Equal(distance, Suggestion.Distance(a, b));
        Assert.Equal(distance, Suggestion.Distance(b, a));
    }

    [Theory]
    [InlineData("docter", "doctor")]
    [InlineData("cal", "calibrate")]
    [InlineData("sogns", "songs")]
    [InlineData("xyzzy", null)]
    public void The_nearest_word_is_suggested(string word, string? expected) =>
        Assert.Equal(expected, Suggestion.For(word, ["doctor", "calibrate", "songs", "play"]));

    [Fact]
    public void A_crash_is_kept_even_where_its_folder_cannot_be_written()
    {
        string file = Path.GetTempFileName();
        try
        {
            // A file where the folder should be: not even root can create it.
            string log = CrashLog.Write(Path.Combine(file, "state"), new InvalidOperationException("boom"), "legato play", TimeProvider.System);
            Assert.Contains("boom", File.ReadAllText(log));
            File.Delete(log);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_repository_is_found_from_the_build_folder() => Assert.Equal(Repository.Root, LegatoPaths.Find().Root);
}
