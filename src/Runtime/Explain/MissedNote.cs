namespace Legato.Runtime.Explain;

/// <summary>Where a note was lost on its way from the policy to the keyboard.</summary>
public enum NoteCause
{
    /// <summary>The run was over before the note.</summary>
    RunEnded,

    /// <summary>The policy's targets do not play it, even in the simulator that they were made for.</summary>
    Policy,

    /// <summary>The targets play it, but the guard changed them.</summary>
    Guard,

    /// <summary>What was sent plays it when it is sent on time; it was sent too late, or not at all.</summary>
    Latency,

    /// <summary>What was sent, when it was sent, plays it in the simulator; the joints did not go there.</summary>
    Tracking,

    /// <summary>The joints went where the simulator's key sounds; the real key did not: key springs, point of activation, or place of the piano.</summary>
    KeyModel,

    /// <summary>The key was pressed, but the keyboard told late, or never that it had come up before.</summary>
    Keyboard,
}

/// <summary>A note that was not heard in time, and why.</summary>
/// <param name="Note">Its number among the song's onsets, from 1.</param>
/// <param name="Time">When it should have begun, s of the song.</param>
/// <param name="Key">0..87.</param>
/// <param name="Name">Its name, e.g. <c>C4</c>.</param>
/// <param name="Cause">Where it was lost.</param>
/// <param name="Evidence">What shows that.</param>
public sealed record MissedNote(int Note, double Time, int Key, string Name, NoteCause Cause, string Evidence);

/// <summary>Why the notes of a run were missed.</summary>
/// <param name="Run">Folder of the run.</param>
/// <param name="Song">Name of the song.</param>
/// <param name="Notes">Onsets of the song.</param>
/// <param name="Missed">Those that were missed, in order.</param>
/// <param name="Shares">Share of each cause among them, the largest first.</param>
/// <param name="Warnings">What makes this less sure.</param>
public sealed record Explanation(string Run, string Song, int Notes, IReadOnlyList<MissedNote> Missed, IReadOnlyDictionary<NoteCause, double> Shares, IReadOnlyList<string> Warnings)
{
    /// <summary>Prints the explanation for people.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="note">Only this note; null for all.</param>
    public void Print(TextWriter writer, int? note)
    {
        foreach (string warning in Warnings)
            writer.WriteLine($"note: {warning}");
        writer.WriteLine($"{Song}: {Missed.Count} of {Notes} notes were missed");
        foreach ((NoteCause cause, double share) in Shares)
            writer.WriteLine(FormattableString.Invariant($"  {100 * share,3:0} %  {Words(cause)}"));
        foreach (MissedNote missed in Missed.Where(m => note is null || m.Note == note))
            writer.WriteLine(FormattableString.Invariant($"  note {missed.Note}, {missed.Name} at {missed.Time:0.00} s: {Words(missed.Cause)}: {missed.Evidence}"));
    }

    private static string Words(NoteCause cause) => cause switch
    {
        NoteCause.RunEnded => "the run ended before it",
        NoteCause.Policy => "policy",
        NoteCause.Guard => "guard",
        NoteCause.Latency => "latency of the control loop",
        NoteCause.Tracking => "joints did not follow",
        NoteCause.KeyModel => "keys are not as the simulator has them",
        _ => "keyboard",
    };
}
