namespace Legato.Policy.Fingering;

/// <summary>How much a listener would miss each press: the price of leaving it out when not everything can be played.</summary>
/// <remarks>
/// weight = voice · doubling · metre · loudness, times the root of the length in steps.
/// <list type="bullet">
/// <item>voice: 2 for the highest key down at its onset (melody), 1.5 for the lowest (bass), 1 for what lies between; a single voice is melody.</item>
/// <item>doubling: 0.7 for an inner press that another key down at its onset doubles at the octave.</item>
/// <item>metre: 1.2 if it begins a chord or breaks a silence, which is where beats mostly are.</item>
/// <item>loudness: 0.75 … 1.25 for velocities 0 … 127.</item>
/// </list>
/// Outer voices are what listeners follow best (Palmer and Holleran, "Harmonic, melodic, and frequency height influences in the perception
/// of multivoiced music", 1994); the numbers are ours. Stateless and thread-safe.
/// </remarks>
public static class NoteImportance
{
    private const double Melody = 2;
    private const double Bass = 1.5;
    private const double Doubled = 0.7;
    private const double OnTheBeat = 1.2;
    private const double Octave = 12;

    /// <summary>A weight for each press, in the same order; an inner note of one step at middling loudness has about 1.</summary>
    /// <param name="presses">In order of start.</param>
    public static IReadOnlyList<double> Of(IReadOnlyList<KeyPress> presses)
    {
        var weights = new double[presses.Count];
        var down = new List<KeyPress>();
        int next = 0;
        while (next < presses.Count)
        {
            int now = presses[next].Start, first = next;
            bool silent = down.RemoveAll(p => p.End <= now) >= 0 && down.Count == 0;
            while (next < presses.Count && presses[next].Start == now)
                down.Add(presses[next++]);
            bool beat = silent || next - first > 1;
            for (int i = first; i < next; i++)
                weights[i] = Weight(presses[i], down, beat);
        }
        return weights;
    }

    private static double Weight(KeyPress press, List<KeyPress> down, bool beat)
    {
        bool highest = down.All(p => p.Key <= press.Key), lowest = down.All(p => p.Key >= press.Key);
        double weight = highest ? Melody : lowest ? Bass : 1;
        if (!highest && !lowest && down.Any(p => p.Key != press.Key && (p.Key - press.Key) % Octave == 0))
            weight *= Doubled;
        if (beat)
            weight *= OnTheBeat;
        return weight * (0.75 + (0.5 * press.Velocity / 127)) * Math.Sqrt(press.End - press.Start);
    }
}
