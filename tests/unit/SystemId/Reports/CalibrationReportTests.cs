using System.Text.RegularExpressions;
using System.Xml.Linq;

using Legato.SystemId.Reports;
using Legato.Tests.Music;

namespace Legato.Tests.SystemId.Reports;

public sealed class CalibrationReportTests
{
    private static readonly CalibrationReport Small = new()
    {
        Name = "first",
        Robot = "rig <1>",
        Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
        Summary = "Gains & dampings are known.",
        Warnings = ["1234.5 > 1 <script>alert(1)</script>"],
        Parameters =
        [
            new("flexion.gain", "1", 1, 0.8125, 0.0625, AtBound: false, null),
            new("flexion.friction", "N·m", 0, 0.1, 0.01, AtBound: true, null),
            new("right_hand.delay", "s", 0, 0, 0, AtBound: false, "cannot be told apart from right_hand.report_lag"),
        ],
        Correlations = [[1, -0.5], [-0.5, 1]],
        Overlays = [new("rh_FFJ3", "rad", [0, 0.5, 1], [0, 0.25, 0.5], [0, 0.5, 1], [0, double.NaN, 0.5])],
        Errors = [new("rh_FFJ3", 8.5, 1.25)],
        ResidualsBefore = [-20, 0, 4.5],
        ResidualsAfter = [-0.5, 0, 0.5],
        KeyTimingBefore = [0.0155],
        KeyTimingAfter = [0.001, -0.002],
    };

    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    public void TheTextIsThatOfTheGoldenFileInEveryCulture(string culture)
    {
        using (new Culture(culture))
            Assert.Equal(File.ReadAllText(Path.Combine(Runtime.Repository.Root, "tests", "unit", "SystemId", "Reports", "report.golden.html")), CalibrationReportHtml.Write(Small));
    }

    [Fact]
    public void NamesAndWarningsAreTextAndNothingComesFromElsewhere()
    {
        string html = CalibrationReportHtml.Write(Small);
        Assert.Contains("rig &lt;1&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void EveryFigureSaysWhatToLookFor()
    {
        string html = CalibrationReportHtml.Write(Small);
        Assert.Equal(Regex.Count(html, "<h2>"), Regex.Count(html, "<p class=\"look\">[^<]*Look "));
        Assert.Equal(5, Regex.Count(html, "<svg "));
        foreach (Match figure in Regex.Matches(html, "<svg .*?</svg>", RegexOptions.Singleline))
            Assert.NotEmpty(XElement.Parse(figure.Value).Elements());
    }

    [Fact]
    public void AReportWithoutDataHasOnlyItsTable()
    {
        string html = CalibrationReportHtml.Write(new CalibrationReport { Name = "a", Robot = "b", Time = DateTimeOffset.UnixEpoch, Summary = "c", Parameters = [] });
        Assert.DoesNotContain("<svg", html, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", html, StringComparison.Ordinal);
    }

    [Fact]
    public void CorrelationsOfOtherParametersAndRaggedOverlaysAreRefused()
    {
        Assert.Throws<ArgumentException>(() => CalibrationReportHtml.Write(Small with { Correlations = [[1]] }));
        Assert.Throws<ArgumentException>(() => CalibrationReportHtml.Write(Small with { Overlays = [new("j", "rad", [0, 1], [0, 1], [0], [0, 1])] }));
    }
}
