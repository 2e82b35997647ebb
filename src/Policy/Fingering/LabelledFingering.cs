using System.Security.Cryptography;
using System.Text;

using Legato.Music;
using Legato.Sim.Scene;

namespace Legato.Policy.Fingering;

/// <summary>
/// Fingers that a pianist wrote down, wherever the robot's hands can follow; a beam search decides the rest.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class LabelledFingering : IFingeringStrategy
{
    // Onsets of a recording and of a score may differ by this much, s.
    private const double Tolerance = 0.1;

    // A label gives way only to a note that could not be played at all otherwise.
    private static readonly FingeringCosts Costs = new() { Name = "labels", AgainstScore = 60, Unreachable = 200 };

    private readonly Dictionary<(int Key, int Start), int> _labels;

    private LabelledFingering(Dictionary<(int Key, int Start), int> labels, int notes)
    {
        _labels = labels;
        Notes = notes;
        string text = string.Join(',', labels.OrderBy(l => l.Key).Select(l => $"{l.Key.Key}:{l.Key.Start}:{l.Value}"));
        Name = "labels-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
    }

    /// <summary>Names the labels too: other labels are another strategy.</summary>
    public string Name { get; }

    /// <summary>How many presses have a label.</summary>
    public int Matched => _labels.Count;

    /// <summary>How many presses the song has.</summary>
    public int Notes { get; }

    /// <summary>Finds the presses that labels belong to, by key and onset. Both begin with their first note.</summary>
    /// <param name="labels">The labels, at the written tempo.</param>
    /// <param name="presses">The song, at the tempo at which it will be played.</param>
    /// <param name="tempo">That tempo as a fraction of the written one.</param>
    /// <param name="source">Where the labels come from, for messages.</param>
    /// <exception cref="InputException">Fewer than half of the presses have a label.</exception>
    public static LabelledFingering Match(IReadOnlyList<PigNote> labels, IReadOnlyList<KeyPress> presses, double tempo, string source)
    {
        var found = new Dictionary<(int Key, int Start), int>();
        if (labels.Count > 0 && presses.Count > 0)
        {
            double labelsBegin = labels.Min(n => n.Onset), songBegins = presses.Min(p => p.Start);
            ILookup<int, PigNote> byKey = labels.ToLookup(n => n.Key);
            foreach (IGrouping<int, KeyPress> key in presses.GroupBy(p => p.Key))
            {
                List<PigNote> left = [.. byKey[key.Key].OrderBy(n => n.Onset)];
                foreach (KeyPress press in key.OrderBy(p => p.Start))
                {
                    double onset = (press.Start - songBegins) * SceneOptions.ControlPeriod;
                    int nearest = left.Select((n, i) => (Apart: Math.Abs(((n.Onset - labelsBegin) / tempo) - onset), i))
                        .Where(n => n.Apart <= Tolerance).OrderBy(n => n.Apart).Select(n => n.i).FirstOrDefault(-1);
                    if (nearest < 0)
                        continue;
                    found.Add((press.Key, press.Start), left[nearest].Part);
                    left.RemoveAt(nearest);
                }
            }
        }
        return 2 * found.Count >= presses.Count
            ? new LabelledFingering(found, presses.Count)
            : throw new InputException(FormattableString.Invariant(
                $"{source}: fingers for {found.Count} of {presses.Count} notes; expected at least half, by pitch and onset within {Tolerance:0.0} s of the first note's; is it the fingering of this song?"));
    }

    /// <summary>How many labelled presses of a plan are played by the finger of their label.</summary>
    public int Followed(FingeringPlan plan, PianoScene scene) =>
        plan.Presses.Count(p => _labels.TryGetValue((p.Press.Key, p.Press.Start), out int part) && part == scene.Fingers[p.Finger].Part);

    /// <inheritdoc/>
    public FingeringPlan Assign(IReadOnlyList<KeyPress> presses, HandSpan span)
    {
        HashSet<int> parts = [.. span.Fingers.Select(f => f.Part)];
        KeyPress[] labelled = [.. presses.Select(p => p with { Digit = _labels.TryGetValue((p.Key, p.Start), out int part) && parts.Contains(part) ? part : -1 })];
        return new BeamFingering(Costs).Assign(labelled, span);
    }
}
