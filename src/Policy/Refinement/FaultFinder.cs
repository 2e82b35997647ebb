using Legato.Music;
using Legato.Policy.Kinematics;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Policy.Refinement;

/// <summary>A key that is not as wanted at the end of a step.</summary>
/// <param name="Step">Control step.</param>
/// <param name="Finger">The finger that should be there, or that is.</param>
/// <param name="Missing">True if the key should be down.</param>
internal readonly record struct KeyFault(int Step, int Finger, bool Missing);

/// <summary>Part of a song to search in.</summary>
/// <param name="Start">First step that may change.</param>
/// <param name="End">First step that may not.</param>
/// <param name="Tape">What went wrong, and where everything was.</param>
/// <param name="Faults">In order of steps; at least one.</param>
internal sealed record FaultyWindow(int Start, int End, SongTape Tape, IReadOnlyList<KeyFault> Faults)
{
    /// <summary>Steps that may change.</summary>
    public int Length => End - Start;
}

/// <summary>Finds what went wrong, and whose fault it is.</summary>
internal sealed class FaultFinder(PianoScene scene, TipReference tips, SongCost cost, SamplingOptions options)
{
    // So many steps away from its press an assigned finger still answers for the key.
    private const int Responsibility = 6;

    // Faults with at most this many good steps between them belong together.
    private const int Gap = 2;

    /// <summary>Windows around faults, in any of the scenes, in steps that were not tried yet.</summary>
    /// <param name="tapes">The whole song in every scene.</param>
    /// <param name="tried">Steps in which no window begins to be at fault.</param>
    /// <returns>In order, and so far apart that none sees what changes in another.</returns>
    public IReadOnlyList<FaultyWindow> Find(IReadOnlyList<SongTape> tapes, IReadOnlyList<bool> tried)
    {
        var windows = new List<FaultyWindow>();
        for (int t = 0; t < cost.Steps; t++)
        {
            if (tried[t] || tapes.FirstOrDefault(tape => IsFaulty(tape, t)) is not { } faulty)
                continue;
            FaultyWindow window = Around(faulty, t);
            windows.Add(window);
            t = window.End + options.Tail + options.Outlook + options.Lead - 1;
        }
        return windows;
    }

    private FaultyWindow Around(SongTape tape, int fault)
    {
        int start = Math.Max(0, fault - options.Lead), longest = Math.Min(cost.Steps, start + options.Longest);
        int last = fault;
        for (int t = fault + 1; t < longest - options.Trail && t - last <= Gap + 1; t++)
        {
            if (IsFaulty(tape, t))
                last = t;
        }
        int end = Math.Min(longest, last + 1 + options.Trail);
        return new FaultyWindow(start, end, tape, [.. Enumerable.Range(fault, end - fault).SelectMany(t => FaultsAt(tape, t))]);
    }

    private bool IsFaulty(SongTape tape, int step) => cost.Wanted(step) != tape.Down(step);

    private IEnumerable<KeyFault> FaultsAt(SongTape tape, int step)
    {
        UInt128 wanted = cost.Wanted(step);
        foreach (int key in KeyRoll.Keys(wanted ^ tape.Down(step)))
        {
            bool missing = (wanted >> key & 1) != 0;
            int finger = missing && Assigned(step, key) is { } assigned ? assigned : Nearest(tape, step, PianoGeometry.Keys[key]);
            yield return new KeyFault(step, finger, missing);
        }
    }

    private int? Assigned(int step, int key)
    {
        for (int away = 0; away <= Responsibility; away++)
        {
            for (int f = 0; f < scene.Fingers.Count; f++)
            {
                if (tips[Math.Max(0, step - away), f].Key == key || tips[Math.Min(tips.Steps - 1, step + away), f].Key == key)
                    return f;
            }
        }
        return null;
    }

    private int Nearest(SongTape tape, int step, PianoKey key)
    {
        return Enumerable.Range(0, scene.Fingers.Count).MinBy(Distance);

        double Distance(int finger)
        {
            ReadOnlySpan<double> tip = tape.Tip(step, finger);
            return Math.Abs(tip[1] - key.Y) + Math.Max(0, tip[2] - key.Shape.Top);
        }
    }
}
