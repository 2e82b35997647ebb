using Legato.Policy;
using Legato.Policy.Bundles;
using Legato.RobotDriver;
using Legato.Runtime.Explain;
using Legato.Runtime.Recording;
using Legato.Sim;
using Legato.Sim.Limits;

namespace Legato.Tests.Runtime.Explain;

/// <summary>One cause at a time is put into a performance; it is the one that is named.</summary>
public sealed class ExplainTests(Stage stage) : IClassFixture<Stage>
{
    [Fact]
    public async Task WhatWasHeardNeedsNoExplanation()
    {
        Explanation explanation = await ExplainAsync(await stage.PlayAsync(new SimRobot("sim", stage.Scene)));
        Assert.Equal((6, 0, 0), (explanation.Notes, explanation.Missed.Count, explanation.Shares.Count));
    }

    [Fact]
    public async Task ThePolicyIsNamedWhereItsTargetsLeaveANoteOut()
    {
        PolicyBundle bundle = stage.Bundle;
        CommandTable commands = bundle.Commands.Clone();
        FingeredNote second = bundle.Manifest.Fingering.OrderBy(n => n.Start).ElementAt(1);
        // The hand waits where it was before the song.
        for (int t = bundle.Manifest.LeadIn + second.Start - 3; t < bundle.Manifest.LeadIn + second.End; t++)
            commands[0].CopyTo(commands[t]);
        Explanation explanation = await ExplainAsync(await stage.PlayAsync(new SimRobot("sim", stage.Scene), bundle with { Commands = commands }));
        Assert.Contains(explanation.Missed, m => m is { Note: 2, Name: "D4", Cause: NoteCause.Policy });
        Assert.All(explanation.Missed, m => Assert.Equal(NoteCause.Policy, m.Cause));
    }

    [Fact]
    public async Task TheGuardIsNamedWhereItHoldsFingersBack()
    {
        JointLayout drives = stage.Scene.Actuators;
        MotionLimits slow = MotionLimits.Create(drives, [.. Enumerable.Range(0, drives.Count).Select(a => new ActuatorLimit(
            stage.Scene.ControlLow[a], stage.Scene.ControlHigh[a], Velocity: 0.4, Acceleration: 20, Following: double.PositiveInfinity))]);
        await OnlyAsync(NoteCause.Guard, await stage.PlayAsync(new SimRobot("sim", stage.Scene), limits: slow));
    }

    [Fact]
    public async Task LatencyIsNamedWhereCommandsGoOutLate() =>
        await OnlyAsync(NoteCause.Latency, await stage.PlayAsync(new FaultyRobot(new SimRobot("sim", stage.Scene)) { Oversleeps = 130_000_000 }));

    [Theory]
    [InlineData("flexion: {damping: 4}\n  coupled: {damping: 4}")]
    [InlineData("flexion: {slew: 0.4}\n  coupled: {slew: 0.4}")]
    public async Task TheJointsAreNamedWhereTheyDoNotFollow(string drives) =>
        await OnlyAsync(NoteCause.Tracking, await stage.PlayAsync(stage.Other($"parameters:\n  {drives}\n")));

    [Theory]
    [InlineData("piano: {z: -0.012}")]
    [InlineData("piano: {y: 0.02}")]
    public async Task TheKeysAreNamedWhereTheFingersDoWhatShouldPressThem(string piano) =>
        await OnlyAsync(NoteCause.KeyModel, await stage.PlayAsync(stage.Other($"parameters:\n  {piano}\n")));

    [Theory]
    [InlineData("flexion: {damping: 4}\n  coupled: {damping: 4}", NoteCause.Tracking)]
    [InlineData("piano: {y: 0.02}", NoteCause.KeyModel)]
    public async Task WhatWasCorrectedByEarIsNotBlamed(string rig, NoteCause cause)
    {
        PolicyBundle byEar = stage.Bundle with { Manifest = stage.Bundle.Manifest with { Feedback = true } };
        RunFolder run = await stage.PlayAsync(stage.Other($"parameters:\n  {rig}\n"), byEar);
        Assert.Contains(run.Summary["feedback"]!.AsArray(), hand => hand!.AsObject().Any(figure => figure.Value is System.Text.Json.Nodes.JsonValue value && value.TryGetValue(out double by) && by != 0));
        Explanation explanation = await OnlyAsync(cause, run);
        Assert.Empty(explanation.Warnings);

        // Without its plan nobody can say what it was.
        Directory.Delete((string)run.Summary["policy"]!, recursive: true);
        Assert.Contains("its plan is not there any more", Assert.Single((await ExplainAsync(run)).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheKeysAreNamedWhereTheyHoldWeakFingersBack()
    {
        const string Weak = "flexion: {gain: 0.3}\n";
        string believed = Path.Combine(stage.Folder, "weak.yaml");
        await File.WriteAllTextAsync(believed, "flexion: {gain: 0.3}\n", TestContext.Current.CancellationToken);
        RunFolder run = await stage.PlayAsync(stage.Other($"parameters:\n  {Weak}  keys: {{stiffness: 4}}\n"));
        Explanation explanation = await ExplainSession.ExplainAsync(run, believed);
        // Joints that are held and joints that do not follow look alike; nothing else is blamed.
        Assert.Contains(NoteCause.KeyModel, explanation.Shares.Keys);
        Assert.Empty(explanation.Shares.Keys.Except([NoteCause.KeyModel, NoteCause.Tracking]));
    }

    [Fact]
    public async Task TheKeyboardIsNamedWhereItTellsLateOrNeverTellsOfAReleasedKey()
    {
        RunFolder late = await stage.PlayAsync(new FaultyRobot(new SimRobot("sim", stage.Scene)) { Keyboard = key => key with { Stamp = key.Stamp + 150_000_000 } });
        Explanation explanation = await OnlyAsync(NoteCause.Keyboard, late);
        Assert.Contains("the keyboard told of it +1", explanation.Missed[0].Evidence, StringComparison.Ordinal);

        // The first D never comes up: the second is not heard.
        bool silent = false;
        RunFolder stuck = await stage.PlayAsync(new FaultyRobot(new SimRobot("sim", stage.Scene))
        {
            Keyboard = key =>
            {
                if (key.Key != 41 || (key.Down && !silent))
                    return key;
                silent = true;
                return null;
            },
        });
        MissedNote missed = Assert.Single((await ExplainAsync(stuck)).Missed);
        Assert.Equal((4, NoteCause.Keyboard), (missed.Note, missed.Cause));
        Assert.Contains("the key counts as down since", missed.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunOfAnotherKindIsRefused()
    {
        RunFolder run = await stage.PlayAsync(new SimRobot("sim", stage.Scene));
        File.Delete(run.RecordingPath);
        await Assert.ThrowsAsync<InputException>(() => ExplainAsync(RunFolder.Open(run.FolderPath)));
    }

    // 9 of 10 missed notes have the cause that was put in, and there are some.
    private static async Task<Explanation> OnlyAsync(NoteCause cause, RunFolder run)
    {
        Explanation explanation = await ExplainAsync(run);
        string all = string.Join("\n", explanation.Missed);
        Assert.True(explanation.Missed.Count > 0, "nothing was missed");
        Assert.True(explanation.Shares.GetValueOrDefault(cause) >= 0.9, all);
        return explanation;
    }

    private static Task<Explanation> ExplainAsync(RunFolder run) => ExplainSession.ExplainAsync(run, null);
}
