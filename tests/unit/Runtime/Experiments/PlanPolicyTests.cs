using System.Text.Json.Nodes;

using Legato.Policy.Bundles;
using Legato.Runtime.Experiments;
using Legato.Runtime.Explain;
using Legato.Runtime.Recording;
using Legato.Tests.Runtime.Explain;

namespace Legato.Tests.Runtime.Experiments;

/// <summary>A plan on a rig that acts late, played and recorded as everything is.</summary>
public sealed class PlanPolicyTests(Stage stage) : IClassFixture<Stage>
{
    private const string Late = "parameters:\n  right_hand: {delay: 0.05}\n  left_hand: {delay: 0.05}\n  rails: {delay: 0.05}\n";

    [Fact]
    public async Task ABundleThatSaysSoIsPlayedByEar()
    {
        PolicyBundle byEar = stage.Bundle with { Manifest = stage.Bundle.Manifest with { Feedback = true } };
        RunFolder deaf = await stage.PlayAsync(stage.Other(Late)), heard = await stage.PlayAsync(stage.Other(Late), byEar);
        Assert.True(1 - F1(heard) < 0.8 * (1 - F1(deaf)), $"{F1(deaf)} deaf, {F1(heard)} by ear");
        // What was found is told; the right hand plays nothing.
        JsonArray feedback = heard.Summary["feedback"]!.AsArray();
        Assert.Equal(["right", "left"], feedback.Select(t => (string)t!["hand"]!));
        Assert.Equal([0, 50], feedback.Select(t => (double)t!["onset_ms"]!));
        Assert.Null(deaf.Summary["feedback"]);
        // The simulator is not late: there, what was commanded early need not play, and is not asked to.
        Explanation explanation = await ExplainSession.ExplainAsync(heard, null);
        Assert.Empty(explanation.Warnings);
        Assert.DoesNotContain(NoteCause.Policy, explanation.Shares.Keys);
    }

    [Fact]
    public async Task InTimeItIsPlayedAsItIs()
    {
        PolicyBundle byEar = stage.Bundle with { Manifest = stage.Bundle.Manifest with { Feedback = true } };
        double[][] deaf = Targets(await stage.PlayAsync(stage.Other("seed: 3"))), heard = Targets(await stage.PlayAsync(stage.Other("seed: 3"), byEar));
        Assert.Equal(deaf, heard);
    }

    private double F1(RunFolder run) => stage.Song.Judge(RecordedRun.Read(run).SongEvents(stage.Bundle.Manifest.LeadIn)).F1;

    private static double[][] Targets(RunFolder run) => [.. RecordedRun.Read(run).Cycles.Where(c => c.Step >= 0).Select(c => c.Target)];
}
