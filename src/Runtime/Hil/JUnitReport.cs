using System.Globalization;
using System.Text;
using System.Xml;

namespace Legato.Runtime.Hil;

/// <summary>Writes a report as JUnit's XML, which continuous integration reads. Stateless.</summary>
internal static class JUnitReport
{
    private const string Suite = "legato.hil";

    /// <summary>The text of the file, in every culture the same.</summary>
    public static string Write(HilReport report)
    {
        var text = new Utf8Writer();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true }))
        {
            xml.WriteStartElement("testsuites");
            Counts(xml, report);
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", $"{Suite}.{report.Robot}");
            xml.WriteAttributeString("timestamp", report.Started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
            Counts(xml, report);
            foreach (ScenarioResult result in report.Results)
                Case(xml, result);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        return text + "\n";
    }

    private static void Counts(XmlWriter xml, HilReport report)
    {
        xml.WriteAttributeString("tests", Number(report.Results.Count));
        xml.WriteAttributeString("failures", Number(report.Count(ScenarioVerdict.Failed)));
        xml.WriteAttributeString("errors", Number(0));
        xml.WriteAttributeString("skipped", Number(report.Count(ScenarioVerdict.Skipped)));
        xml.WriteAttributeString("time", Seconds(report.Seconds));
    }

    private static void Case(XmlWriter xml, ScenarioResult result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", result.Repeat == 0 ? result.Name : $"{result.Name} ({Number(result.Repeat + 1)})");
        xml.WriteAttributeString("classname", Suite);
        xml.WriteAttributeString("time", Seconds(result.Seconds));
        if (result.Verdict != ScenarioVerdict.Passed)
        {
            xml.WriteStartElement(result.Verdict == ScenarioVerdict.Failed ? "failure" : "skipped");
            xml.WriteAttributeString("message", Clean(result.Reasons[0]));
            if (result.Verdict == ScenarioVerdict.Failed)
                xml.WriteString(Clean(string.Join('\n', result.Reasons)));
            xml.WriteEndElement();
        }
        if (result.Facts is { } facts)
            xml.WriteElementString("system-out", Clean(facts.Told));
        xml.WriteEndElement();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    // What a device says may hold characters that XML cannot.
    private static string Clean(string text) => string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) ? c : '\uFFFD'));

    private sealed class Utf8Writer() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
