using Legato.Sim.World;

namespace Legato.Policy.Refinement;

/// <summary>A part of a song that is searched from fault to fault while other parts are: with commands and tapes of its own.</summary>
/// <remarks>
/// It changes only its own steps, and leaves some before the next part alone. What the part before it changes meanwhile it does not
/// see: the whole song is played in the end. One thread at a time.
/// </remarks>
internal sealed class SongSection
{
    // Two steps of commands decide on the next: they must not change on both sides of a seam.
    private const int Seam = 4;

    private readonly bool[] _tried;

    private SongSection(int from, int to, int end, bool isLast, CommandTable commands, SongTape[] tapes, int searchFrom)
    {
        (From, To, End, Commands, Tapes) = (from, isLast ? to : to - Seam, end, commands, tapes);
        _tried = new bool[To];
        _tried.AsSpan(0, Math.Min(To, searchFrom)).Fill(true);
    }

    /// <summary>First step that may change.</summary>
    public int From { get; }

    /// <summary>First step after it that may not.</summary>
    public int To { get; }

    /// <summary>Steps that can be played.</summary>
    public int End { get; }

    /// <summary>The song's commands, with what this section has changed.</summary>
    public CommandTable Commands { get; }

    /// <summary>What they do, in each scene.</summary>
    public SongTape[] Tapes { get; }

    /// <summary>First step that was changed; the largest number if none was.</summary>
    public int Changed { get; private set; } = int.MaxValue;

    /// <summary>Whether a fault at a step was searched already, or is not to be.</summary>
    public bool IsTried(int step) => _tried[step];

    /// <summary>Notes that faults from a step on have been searched.</summary>
    public void Tried(int step, int count) => _tried.AsSpan(step, Math.Min(count, To - step)).Fill(true);

    /// <summary>Notes that commands from a step on are different now.</summary>
    public void ChangedAt(int step)
    {
        Changed = Math.Min(Changed, step);
        foreach (SongTape tape in Tapes)
            tape.CutAt(step);
    }

    /// <summary>Copies the steps of this section to the song's commands.</summary>
    public void WriteTo(CommandTable commands)
    {
        for (int t = From; t < To; t++)
            Commands[t].CopyTo(commands[t]);
    }

    /// <summary>Plays until all steps before one are on the tapes.</summary>
    public void PlayTo(int end, PianoWorld[] worlds)
    {
        for (int s = 0; s < Tapes.Length; s++)
            Tapes[s].PlayTo(end, Commands, worlds[s]);
    }

    /// <summary>Cuts a song into parts with about as many faults each.</summary>
    /// <param name="commands">Of the song.</param>
    /// <param name="tapes">The whole song in each scene. Sections write to them: what was changed must be cut afterwards.</param>
    /// <param name="faults">Steps at which something is wrong, in order.</param>
    /// <param name="searchFrom">First step whose faults are searched.</param>
    /// <param name="options">How many parts; what belongs to a fault.</param>
    public static IReadOnlyList<SongSection> Cut(CommandTable commands, IReadOnlyList<SongTape> tapes, IReadOnlyList<int> faults, int searchFrom, SamplingOptions options)
    {
        List<int> starts = [0];
        for (int k = 1; k < options.Windows && faults.Count > 0; k++)
        {
            int start = faults[k * faults.Count / options.Windows] - options.Lead;
            if (start - starts[^1] >= options.Longest && commands.Steps - start >= options.Longest)
                starts.Add(start);
        }
        return [.. starts.Select((from, k) =>
        {
            bool isLast = k + 1 == starts.Count;
            int to = isLast ? commands.Steps : starts[k + 1], end = Math.Min(commands.Steps, to + options.Tail + options.Outlook);
            return new SongSection(from, to, end, isLast, commands.Clone(), [.. tapes.Select(tape => tape.Section(from, to, end))], searchFrom);
        })];
    }
}
