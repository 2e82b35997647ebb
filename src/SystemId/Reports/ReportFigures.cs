using System.Globalization;

namespace Legato.SystemId.Reports;

/// <summary>The figures of a calibration's report. Grey is before, blue after, black measured. Stateless.</summary>
internal static class ReportFigures
{
    public const string Before = "#999", After = "#1f6fb4", Measured = "#000";

    private const double Width = 640, Margin = 46;

    /// <summary>Correlations as colours: red goes together, blue against each other.</summary>
    public static string HeatMap(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<double>> correlations)
    {
        const double label = 190, cell = 18;
        double size = label + (cell * names.Count);
        var svg = new Svg(size + 10, size + 10, "Correlations of the estimates");
        for (int i = 0; i < names.Count; i++)
        {
            svg.Text(label - 6, label + (cell * i) + 13, names[i], "end");
            svg.Text(label + (cell * i) + 9, label - 6, $"{i + 1}", "middle");
            for (int j = 0; j < names.Count; j++)
            {
                double r = Math.Clamp(correlations[i][j], -1, 1);
                // Fades to white at no correlation.
                int fade = (int)Math.Round(255 * (1 - Math.Abs(r)));
                string colour = r >= 0 ? $"rgb(255,{fade},{fade})" : $"rgb({fade},{fade},255)";
                svg.Rectangle(label + (cell * j), label + (cell * i), cell - 1, cell - 1, $"fill:{colour};stroke:#ddd", $"{names[i]}, {names[j]}: {Number(r, "0.00")}");
            }
        }
        return svg.ToString();
    }

    /// <summary>A joint's motion, measured and simulated.</summary>
    public static string Overlay(JointOverlay overlay)
    {
        const double height = 190;
        var svg = new Svg(Width, height, $"{overlay.Joint}, measured and simulated");
        double[] values = [.. overlay.Measured.Concat(overlay.Before).Concat(overlay.After).Where(double.IsFinite)];
        if (values.Length == 0 || overlay.Times.Count < 2)
            return "<p>No samples.</p>\n";
        (double low, double high) = (values.Min(), values.Max());
        (double start, double end) = (overlay.Times[0], overlay.Times[^1]);
        double X(double t) => Margin + ((Width - Margin - 10) * (t - start) / (end - start));
        double Y(double v) => height - 30 - ((height - 45) * (v - low) / Math.Max(high - low, 1e-12));
        Frame(svg, height, $"{Number(low, "G3")}", $"{Number(high, "G3")}", $"{Number(start, "0.0")} s", $"{Number(end, "0.0")} s");
        svg.Text(4, height / 2, overlay.Unit);
        foreach ((IReadOnlyList<double> curve, string style) in ((IReadOnlyList<double>, string)[])[(overlay.Measured, $"stroke:{Measured};stroke-width:2.5"), (overlay.Before, $"stroke:{Before};stroke-width:1.5;stroke-dasharray:5 3"), (overlay.After, $"stroke:{After};stroke-width:1.5")])
            svg.Curve(overlay.Times.Zip(curve, (t, v) => (X(t), Y(v))), style);
        return svg.ToString();
    }

    /// <summary>Two histograms on one axis.</summary>
    /// <param name="title">What screen readers call it.</param>
    /// <param name="before">Values before.</param>
    /// <param name="after">Values after.</param>
    /// <param name="range">Values beyond ± this count in the outermost bins.</param>
    /// <param name="unit">Unit of the axis.</param>
    public static string Histogram(string title, IReadOnlyList<double> before, IReadOnlyList<double> after, double range, string unit)
    {
        const int bins = 40;
        const double height = 190;
        var svg = new Svg(Width, height, title);
        double[] old = Shares(before, range, bins), now = Shares(after, range, bins);
        double top = Math.Max(old.Concat(now).Max(), 1e-12), step = (Width - Margin - 10) / bins;
        Frame(svg, height, "0 %", $"{Number(100 * top, "0")} %", $"{Number(-range, "G3")} {unit}", $"{Number(range, "G3")} {unit}");
        for (int b = 0; b < bins; b++)
        {
            double x = Margin + (step * b);
            double Height(double share) => (height - 45) * share / top;
            svg.Rectangle(x, height - 30 - Height(old[b]), step, Height(old[b]), $"fill:{Before};fill-opacity:0.45");
            svg.Rectangle(x + (0.25 * step), height - 30 - Height(now[b]), 0.5 * step, Height(now[b]), $"fill:{After}");
        }
        return svg.ToString();
    }

    /// <summary>Errors per joint as bars, worst after the fit first.</summary>
    public static string Bars(IReadOnlyList<JointError> errors)
    {
        const double row = 16;
        double label = 110, top = Math.Max(errors.SelectMany(e => (double[])[e.Before, e.After]).Where(double.IsFinite).DefaultIfEmpty(1).Max(), 1);
        double scale = (Width - label - 60) / top;
        var svg = new Svg(Width, (row * errors.Count) + 24, "Errors per joint");
        double y = 4;
        foreach (JointError e in errors.OrderByDescending(e => e.After))
        {
            svg.Text(label - 6, y + 11, e.Joint, "end");
            svg.Rectangle(label, y, scale * e.Before, row - 3, $"fill:{Before};fill-opacity:0.45");
            svg.Rectangle(label, y + 3, scale * e.After, row - 9, $"fill:{After}", $"{e.Joint}: {Number(e.Before, "0.0")} before, {Number(e.After, "0.0")} after");
            svg.Text(label + (scale * Math.Max(e.Before, e.After)) + 4, y + 11, Number(e.After, "0.0"));
            y += row;
        }
        svg.Line(label + scale, 0, label + scale, y, "stroke:#c33;stroke-dasharray:3 3");
        svg.Text(label + scale + 3, y + 14, "1: noise alone");
        return svg.ToString();
    }

    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static double[] Shares(IReadOnlyList<double> values, double range, int bins)
    {
        var shares = new double[bins];
        foreach (double value in values.Where(v => !double.IsNaN(v)))
            shares[(int)Math.Clamp((value + range) / (2 * range) * bins, 0, bins - 1)] += 1.0 / values.Count;
        return shares;
    }

    private static void Frame(Svg svg, double height, string bottom, string top, string left, string right)
    {
        svg.Rectangle(Margin, 15, Width - Margin - 10, height - 45, "fill:none;stroke:#ccc");
        svg.Text(Margin - 5, height - 30, bottom, "end");
        svg.Text(Margin - 5, 22, top, "end");
        svg.Text(Margin, height - 14, left);
        svg.Text(Width - 10, height - 14, right, "end");
    }
}
