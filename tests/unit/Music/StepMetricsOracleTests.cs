using System.Text.Json;
using Legato.Music;

namespace Legato.Tests.Music;

/// <summary>Step metrics against those that RoboPianist and scikit-learn computed.</summary>
public class StepMetricsOracleTests
{
    private const double Tolerance = 1e-12;

    [Fact]
    public void Every_reference_case_is_met()
    {
        Assert.All(Reference.Cases("f1_cases.json", "cases"), c =>
        {
            StepMetrics m = StepMetrics.Compare(Roll(c, "truth"), Roll(c, "pred"));
            JsonElement expected = c.GetProperty("metrics");
            Assert.Equal(expected.GetProperty("precision").GetDouble(), m.Keys.Precision, Tolerance);
            Assert.Equal(expected.GetProperty("recall").GetDouble(), m.Keys.Recall, Tolerance);
            Assert.Equal(expected.GetProperty("f1").GetDouble(), m.Keys.F1, Tolerance);
            Assert.Equal(expected.GetProperty("sustain_precision").GetDouble(), m.Sustain.Precision, Tolerance);
            Assert.Equal(expected.GetProperty("sustain_recall").GetDouble(), m.Sustain.Recall, Tolerance);
            Assert.Equal(expected.GetProperty("sustain_f1").GetDouble(), m.Sustain.F1, Tolerance);
            Assert.Equal(c.GetProperty("pooled_for_reference").GetProperty("f1").GetDouble(), m.Micro.F1, Tolerance);
        });
    }

    private static KeyRoll Roll(JsonElement c, string which) => KeyRoll.Create(
        c.GetProperty("dt").GetDouble(),
        c.GetProperty(which + "_keys").EnumerateArray().Select(s => s.EnumerateArray().Select(k => k.GetInt32()).ToArray()),
        c.GetProperty(which + "_sustain").EnumerateArray().Select(s => s.GetByte()));
}
