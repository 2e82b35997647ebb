using System.Globalization;
using Legato.Runtime.Cli;
using Legato.Tests.Runtime.Loop;

namespace Legato.Tests.Runtime.Cli;

public sealed class CliPartsTests : IDisposable
{
    private readonly StringWriter _writer = new(CultureInfo.InvariantCulture);

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void Progress_in_a_pipe_is_plain_lines_now_and_then()
    {
        var clock = new FakeClock();
        using (var progress = new Progress(_writer, false, clock, "plan", 1000))
        {
            for (int done = 1; done <= 1000; done++)
            {
                clock.Advance(20);
                progress.Report(done, "f1 0.91");
            }
        }
        string[] lines = _writer.ToString().TrimEnd('\n').Split('\n');
        // 20 seconds: the first, one every five seconds, the last.
        Assert.Equal(5, lines.Length);
        Assert.Equal("plan  100 %  50/s  0:00:00 left  f1 0.91", lines[^1]);
        Assert.DoesNotContain('\r', _writer.ToString());
        Assert.Contains("0:00:15 left", lines[1]);
    }

    [Fact]
    public void Progress_on_a_terminal_rewrites_one_line()
    {
        var clock = new FakeClock();
        using (var progress = new Progress(_writer, true, clock, "plan", 10))
        {
            for (int done = 1; done <= 10; done++)
            {
                clock.Advance(1000);
                progress.Report(done, done == 1 ? "a long note" : "");
            }
        }
        string text = _writer.ToString();
        Assert.Equal(10, text.Count(c => c == '\r'));
        Assert.Equal(1, text.Count(c => c == '\n'));
        // A shorter line covers the longer one before it.
        string[] lines = text.Split('\r');
        Assert.Equal(lines[1].Length, lines[2].Length);
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
