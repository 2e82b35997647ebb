namespace Legato.Policy.Fingering;

/// <summary>A key that has to be down over some control steps.</summary>
/// <param name="Key">0..87.</param>
/// <param name="Start">First control step at whose end the key is down.</param>
/// <param name="End">First control step at whose end it is up again.</param>
/// <param name="Digit">Finger wanted by the score (0–4 right thumb to little finger, 5–9 left), or −1.</param>
public sealed record KeyPress(int Key, int Start, int End, int Digit = -1)
{
    /// <summary>Finds the presses of a note trajectory: runs of steps in which a key is wanted.</summary>
    /// <param name="steps">For each control step the keys wanted.</param>
    public static IReadOnlyList<KeyPress> FromSteps(IReadOnlyList<IReadOnlyList<int>> steps)
    {
        var open = new Dictionary<int, int>();
        var presses = new List<KeyPress>();
        for (int t = 0; t <= steps.Count; t++)
        {
            IReadOnlyList<int> now = t < steps.Count ? steps[t] : [];
            foreach (int key in open.Keys.Except(now).ToArray())
            {
                presses.Add(new KeyPress(key, open[key], t));
                open.Remove(key);
            }
            foreach (int key in now)
                open.TryAdd(key, t);
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
