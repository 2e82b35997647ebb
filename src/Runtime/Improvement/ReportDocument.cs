using System.Globalization;
using System.Text;

using Legato.SystemId.Reports;

namespace Legato.Runtime.Improvement;

/// <summary>A report that is written once and reads as Markdown and as one HTML file that needs nothing else.</summary>
/// <remarks>Not thread-safe. The same calls give the same texts in every culture.</remarks>
/// <param name="title">Its title.</param>
internal sealed class ReportDocument(string title)
{
    private const string Style = """
        <style>
        body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}
        svg{font:11px sans-serif;max-width:100%;display:block;margin:.4em 0 1.2em}
        table{border-collapse:collapse;font-size:13px}td,th{padding:2px 9px;border-bottom:1px solid #ddd;text-align:right}
        td:first-child,th:first-child{text-align:left}
        .warning{background:#fff3d6;padding:.2em .8em;margin:.3em 0}
        </style>
        """;

    private readonly StringBuilder _markdown = new(FormattableString.Invariant($"# {title}\n")), _html = new();

    /// <summary>Begins a section.</summary>
    public void Section(string heading)
    {
        _markdown.Append(CultureInfo.InvariantCulture, $"\n## {heading}\n");
        _html.Append(CultureInfo.InvariantCulture, $"<h2>{Svg.Escape(heading)}</h2>\n");
    }

    /// <summary>Adds a paragraph.</summary>
    public void Text(string text)
    {
        _markdown.Append(CultureInfo.InvariantCulture, $"\n{text}\n");
        _html.Append(CultureInfo.InvariantCulture, $"<p>{Svg.Escape(text)}</p>\n");
    }

    /// <summary>Adds a paragraph that must not be overlooked.</summary>
    public void Warning(string text)
    {
        _markdown.Append(CultureInfo.InvariantCulture, $"\n**{text}**\n");
        _html.Append(CultureInfo.InvariantCulture, $"<p class=\"warning\">{Svg.Escape(text)}</p>\n");
    }

    /// <summary>Adds a table; its first column is text, the others are right-aligned.</summary>
    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
        _markdown.Append('\n').Append(Row(header)).Append(Row(header.Select((_, i) => i == 0 ? "---" : "---:")));
        _html.Append("<table><tr>").AppendJoin("", header.Select(h => $"<th>{Svg.Escape(h)}</th>")).Append("</tr>\n");
        foreach (IReadOnlyList<string> row in rows)
        {
            _markdown.Append(Row(row));
            _html.Append("<tr>").AppendJoin("", row.Select(c => $"<td>{Svg.Escape(c)}</td>")).Append("</tr>\n");
        }
        _html.Append("</table>\n");
    }

    /// <summary>Adds a figure, to the HTML only: whatever it shows stands in a table, too.</summary>
    public void Figure(Svg figure) => _html.Append(figure);

    /// <summary>The report as Markdown.</summary>
    public string ToMarkdown() => _markdown.ToString();

    /// <summary>The report as HTML.</summary>
    public string ToHtml() => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>{Svg.Escape(title)}</title>
        {Style}
        </head><body>
        <h1>{Svg.Escape(title)}</h1>
        {_html}</body></html>

        """;
}
