using Legato.Music;

namespace Legato.Policy.Fingering;

/// <summary>A key that has to be down over some control steps.</summary>
/// <param name="Key">0..87.</param>
/// <param name="Start">First control step at whose end the key is down.</param>
/// <param name="End">First control step at whose end it is up again.</param>
/// <param name="Digit">Finger wanted by the score (0–4 right thumb to little finger, 5–9 left), or −1.</param>
/// <param name="Velocity">How loud, 1..127.</param>
public sealed record KeyPress(int Key, int Start, int End, int Digit = -1, int Velocity = 80)
{
    /// <summary>Finds the presses of a note trajectory: runs of steps in which a key is wanted.</summary>
    public static IReadOnlyList<KeyPress> Of(NoteTrajectory trajectory)
    {
        // RoboPianist's rule: a song has fingering only if more than one finger is named.
        bool fingered = trajectory.Steps.SelectMany(s => s).Select(n => n.Fingering).Distinct().Take(2).Count() > 1;
        var open = new Dictionary<int, KeyPress>();
        var presses = new List<KeyPress>();
        for (int t = 0; t <= trajectory.Count; t++)
        {
            IReadOnlyList<TrajectoryNote> now = t < trajectory.Count ? trajectory.Steps[t] : [];
            foreach (KeyPress press in open.Values.Where(p => now.All(n => n.Key != p.Key)).ToArray())
            {
                presses.Add(press with { End = t });
                open.Remove(press.Key);
            }
            foreach (TrajectoryNote note in now)
                open.TryAdd(note.Key, new KeyPress(note.Key, t, t, fingered ? note.Fingering : -1, note.Velocity));
        }
        return [.. presses.OrderBy(p => p.Start).ThenBy(p => p.Key)];
    }
}

/// <summary>A press and the finger that plays it.</summary>
/// <param name="Press">What to play.</param>
/// <param name="Finger">Index into the scene's fingers.</param>
public sealed record FingeredPress(KeyPress Press, int Finger);

/// <summary>Who plays what, and what nobody can play.</summary>
/// <param name="Presses">Assigned presses in order of start.</param>
/// <param name="Unreachable">Presses left out because no finger reaches them in time.</param>
public sealed record FingeringPlan(IReadOnlyList<FingeredPress> Presses, IReadOnlyList<KeyPress> Unreachable);

/// <summary>Chooses a finger for every key press. Implementations are deterministic.</summary>
public interface IFingeringStrategy
{
    /// <summary>Name for reports.</summary>
    string Name { get; }

    /// <summary>Assigns fingers.</summary>
    FingeringPlan Assign(IReadOnlyList<KeyPress> presses, HandSpan span);
}
