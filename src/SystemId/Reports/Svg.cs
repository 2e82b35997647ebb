using System.Globalization;
using System.Net;
using System.Text;

namespace Legato.SystemId.Reports;

/// <summary>Draws one figure as inline SVG. Text is escaped; numbers are written alike in every culture.</summary>
public sealed class Svg
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins a figure.</summary>
    /// <param name="width">Width, px.</param>
    /// <param name="height">Height, px.</param>
    /// <param name="title">What screen readers call it.</param>
    public Svg(double width, double height, string title) =>
        Add($"<svg viewBox=\"0 0 {width:0} {height:0}\" width=\"{width:0}\" height=\"{height:0}\" role=\"img\"><title>{Escape(title)}</title>\n");

    /// <summary>Text as it may stand in HTML.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A rectangle; negative sizes are drawn as none.</summary>
    /// <param name="x">Left.</param>
    /// <param name="y">Top.</param>
    /// <param name="width">Width.</param>
    /// <param name="height">Height.</param>
    /// <param name="style">CSS.</param>
    /// <param name="hint">Shown under the pointer; escaped here.</param>
    public void Rectangle(double x, double y, double width, double height, string style, string? hint = null) =>
        Add($"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{Math.Max(0, width):0.##}\" height=\"{Math.Max(0, height):0.##}\" style=\"{style}\">{(hint is null ? "" : $"<title>{Escape(hint)}</title>")}</rect>\n");

    /// <summary>A line from one point to another.</summary>
    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Add($"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" style=\"{style}\"/>\n");

    /// <summary>Straight lines from point to point.</summary>
    /// <param name="points">Points of the curve; those that are no numbers are left out.</param>
    /// <param name="style">CSS.</param>
    public void Curve(IEnumerable<(double X, double Y)> points, string style)
    {
        string path = string.Join(' ', points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.##},{p.Y:0.##}")));
        Add($"<polyline points=\"{path}\" style=\"fill:none;{style}\"/>\n");
    }

    /// <summary>A text.</summary>
    /// <param name="x">Where its anchor stands.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">Escaped here.</param>
    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>.</param>
    public void Text(double x, double y, string text, string anchor = "start") =>
        Add($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\">{Escape(text)}</text>\n");

    /// <inheritdoc/>
    public override string ToString() => $"{_text}</svg>\n";

    private void Add(FormattableString text) => _text.Append(text.ToString(CultureInfo.InvariantCulture));
}
