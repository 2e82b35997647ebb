using System.Text.Json.Nodes;

using Legato.Music;
using Legato.Policy;
using Legato.Policy.Bundles;
using Legato.Runtime.Experiments;
using Legato.Runtime.Recording;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Runtime.Explain;

/// <summary>Finds out where each missed note of a run was lost, by playing the run again with one link after another as it really was.</summary>
/// <remarks>
/// The chain: the policy's targets on time; after the guard; when they were really sent; the joints as measured; the keys as heard. Each
/// counterfactual is the simulator with everything up to a link as recorded and ideal behind it. The first at which a note is gone names its cause.
/// It is as good as the simulator: a rig that was not calibrated is found to follow badly where the simulator is wrong. Corrections by ear are taken out of
/// commands; joints are at fault if they play the note neither as measured nor with rails where the plan has them. Stateless and thread-safe.
/// </remarks>
public static class ExplainSession
{
    // An onset this far from its time is the note, late or early, s.
    private const double SameNote = 0.3;

    // How much stiffer keys are tried where joints stop short, and what they must make of the distance between simulated and measured joints.
    private static readonly double[] StifferKeys = [1.5, 2.2, 3.3];
    private const double Convincing = 0.5;

    private const string Corrected = "the run was corrected by ear while it was played, and its plan is not there any more; what makes up for the rig's errors need not play in the simulator, where the policy is blamed for it";

    /// <summary>Explains.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="parametersFile">Parameters to use instead of the run's own; null for its own.</param>
    /// <exception cref="InputException">The run is damaged, has no song, or a file is wrong.</exception>
    public static async Task<Explanation> ExplainAsync(RunFolder folder, string? parametersFile)
    {
        var run = RecordedRun.Read(folder);
        int leadIn = (int?)folder.Summary["lead_in"] ?? throw new InputException($"{folder.FolderPath}: run.json names no lead_in; only runs of 'legato play' can be explained");
        if (run.Cycles.FirstOrDefault(c => c.Target.Length != c.Sent.Length) is not null)
            throw new InputException($"{folder.RecordingPath}: does not hold what the policy wanted; it was recorded by another version");
        SimParameters parameters = RunScene.ParametersOf(folder, parametersFile);
        using PianoScene bare = PianoScene.Build(RunScene.OptionsOf(folder)), scene = bare.With(parameters);
        if (!run.Actuators.Equals(scene.Actuators) || !run.Joints.Equals(scene.Joints))
            throw new InputException($"{folder.FolderPath}: its joints are not those of the scene that run.json describes");
        Score score = Score.Load(folder.SongPath, new ScoreOptions(Stretch: 1 / ((double?)folder.Summary["tempo"] ?? 1)));
        Onset[] wanted = [.. NoteTrajectory.FromScore(score).ToKeyRoll().Onsets()];

        IReadOnlyList<TimedKeyEvent> events = run.SongEvents(leadIn);
        OnsetMetrics heard = OnsetMetrics.Match(wanted, events.Where(e => e.Down).Select(e => new Onset(e.Time, e.Key)));
        var missed = new HashSet<Onset>(heard.Missed);
        long start = run.SongStart(leadIn);
        CommandTable? plan = PlanOf(folder, run);
        RecordedRun planned = plan is not null && IsCorrected(run, plan) ? Uncorrected.Commands(run, plan) : run;
        Counterfactuals chain = new(run, scene, parameters, start), uncorrected = new(planned, scene, parameters, start);
        var believed = new MotionTrace();
        (NoteCause Cause, HashSet<Onset> Gone, string Evidence)[] links = missed.Count == 0 ? [] :
        [
            (NoteCause.Policy, Gone(wanted, await uncorrected.OnTimeAsync(c => c.Target, plan)), "the policy's targets do not play it in the simulator"),
            (NoteCause.Guard, Gone(wanted, await uncorrected.OnTimeAsync(c => c.Sent, plan)), "the policy's targets play it in the simulator, what the guard let through does not"),
            (NoteCause.Latency, Gone(wanted, await uncorrected.AsSentAsync(scene)), "what was sent plays it when it is sent on time, and does not when it was really sent"),
            (NoteCause.Tracking, AtJoints(), ""),
        ];
        var stiff = new List<MotionTrace>();
        if (links.Any(l => l.Cause == NoteCause.Tracking && l.Gone.Overlaps(missed)))
        {
            await chain.AsSentAsync(scene, believed);
            foreach (double factor in StifferKeys)
                stiff.Add(await StiffAsync(bare, parameters, factor, chain));
        }
        double end = (run.Cycles.LastOrDefault(c => c.Step >= 0)?.Deadline - start) * 1e-9 ?? 0;
        MissedNote[] notes = [.. wanted.Index().Where(w => missed.Contains(w.Item)).Select(w => Explained(w.Index + 1, w.Item))];
        return new Explanation(
            folder.FolderPath, (string?)folder.Summary["song"] ?? "song", wanted.Length, notes,
            notes.GroupBy(n => n.Cause).OrderByDescending(g => g.Count()).ToDictionary(g => g.Key, g => (double)g.Count() / notes.Length),
            [.. run.Loss is { } loss ? [loss] : Array.Empty<string>(), .. plan is null && EndedCorrected(folder) ? [Corrected] : Array.Empty<string>()]);

        // What was corrected is as it should be on the rig, and would not be on the simulator's: either may press the key.
        HashSet<Onset> AtJoints()
        {
            HashSet<Onset> gone = Gone(wanted, chain.AsMeasured());
            if (planned != run)
                gone.IntersectWith(Gone(wanted, new Counterfactuals(Uncorrected.Places(run, plan!, scene), scene, parameters, start).AsMeasured()));
            return gone;
        }

        MissedNote Explained(int number, Onset onset)
        {
            (NoteCause cause, string evidence) = onset.Time > end + SceneOptions.ControlPeriod
                ? (NoteCause.RunEnded, FormattableString.Invariant($"the policy's last step was at {end:0.00} s"))
                : links.FirstOrDefault(l => l.Gone.Contains(onset)) is { Evidence: not null } link
                    ? link.Cause == NoteCause.Tracking ? AtTheJoints(onset) : (link.Cause, link.Evidence)
                    : AtTheKey(onset, heard, events);
            return new MissedNote(number, onset.Time, onset.Key, Keyboard.KeyName(onset.Key), cause, evidence);
        }

        (NoteCause Cause, string Evidence) AtTheJoints(Onset onset)
        {
            double off = chain.DistanceOf(believed, onset.Time), offStiff = stiff.Min(motion => chain.DistanceOf(motion, onset.Time));
            return offStiff < Convincing * off
                ? (NoteCause.KeyModel, FormattableString.Invariant($"the joints stop where stiffer keys would hold them: {1000 * offStiff:0} mrad from there, {1000 * off:0} mrad from the simulator's"))
                : (NoteCause.Tracking, FormattableString.Invariant($"what was sent plays it in the simulator, the joints as measured do not: they are {1000 * off:0} mrad away; stiffer keys would leave {1000 * offStiff:0}"));
        }
    }

    // What was heard and felt may have changed commands for a while only.
    private static bool IsCorrected(RecordedRun run, CommandTable plan) => run.Cycles.Any(c => c.Step >= 0 && !plan[c.Step].SequenceEqual(c.Target));

    // What is known of that without the plan: the corrections that were left in the end.
    private static bool EndedCorrected(RunFolder folder) =>
        folder.Summary["feedback"] is JsonArray hands
        && hands.Any(hand => hand!.AsObject().Any(figure => figure.Value is JsonValue value && value.TryGetValue(out double corrected) && corrected != 0));

    // The bundle may be gone by now, or be another one.
    private static CommandTable? PlanOf(RunFolder folder, RecordedRun run)
    {
        if ((string?)folder.Summary["policy"] is not { } policy || !PolicyBundle.Exists(policy) || PolicyBundle.Load(policy) is not { Network: null } bundle)
            return null;
        bool isSame = bundle.Commands.Actuators.Equals(run.Actuators) && run.Cycles.All(c => c.Step < bundle.Commands.Steps)
            && ((string?)folder.Summary["provenance"]?["hashes"]?["commands"] is { } played
                ? played == bundle.CommandsHash
                : run.Cycles.Where(c => c.Step >= 0).All(c => bundle.Commands[c.Step].SequenceEqual(c.Target)));
        return isSame ? bundle.Commands : null;
    }

    // What was sent, played on a piano that takes more force.
    private static async Task<MotionTrace> StiffAsync(PianoScene bare, SimParameters parameters, double factor, Counterfactuals chain)
    {
        using PianoScene scene = bare.With(parameters.With("keys.stiffness", Math.Min(ParameterSchema.Find("keys.stiffness").Max, factor * parameters["keys.stiffness"])));
        var motion = new MotionTrace();
        await chain.AsSentAsync(scene, motion);
        return motion;
    }

    private static HashSet<Onset> Gone(Onset[] wanted, IReadOnlyList<Onset> played) => [.. OnsetMetrics.Match(wanted, played).Missed];

    // The fingers did what presses the simulator's key.
    private static (NoteCause Cause, string Evidence) AtTheKey(Onset onset, OnsetMetrics heard, IReadOnlyList<TimedKeyEvent> events)
    {
        if (heard.Extra.Where(e => e.Key == onset.Key && Math.Abs(e.Time - onset.Time) < SameNote).OrderBy(e => Math.Abs(e.Time - onset.Time)).Cast<Onset?>().FirstOrDefault() is { } late)
            return (NoteCause.Keyboard, FormattableString.Invariant($"the fingers press it in time, the keyboard told of it {1000 * (late.Time - onset.Time):+0;-0} ms from its time"));
        if (events.LastOrDefault(e => e.Key == onset.Key && e.Time < onset.Time - OnsetMetrics.DefaultTolerance) is { Down: true } held)
        {
            return heard.Extra.Any(e => e.Key == held.Key && e.Time == held.Time)
                ? (NoteCause.KeyModel, FormattableString.Invariant($"the key was held down, unasked, since {held.Time:0.00} s"))
                : (NoteCause.Keyboard, FormattableString.Invariant($"the key counts as down since {held.Time:0.00} s: the keyboard never told that it came up"));
        }
        return (NoteCause.KeyModel, "the joints as measured press it in the simulator, the real key did not sound");
    }
}
