using Legato.Policy.Fingering;
using Legato.Sim.Scene;

namespace Legato.Policy.Feedback;

/// <summary>A press of a key, in rows of the plan.</summary>
/// <param name="Key">0..87.</param>
/// <param name="Start">Row at whose end the key is down first.</param>
/// <param name="End">Row at whose end it is up again.</param>
/// <param name="Finger">Who presses, an index into the scene's fingers.</param>
/// <param name="Side">Of whose hand the finger is.</param>
/// <param name="Place">Which of the finger's presses.</param>
internal readonly record struct PlannedNote(int Key, int Start, int End, int Finger, HandSide Side, int Place)
{
    /// <summary>The notes of a plan, finger by finger, each finger's in order.</summary>
    /// <param name="presses">Steps count from the first row after the lead-in.</param>
    /// <param name="leadIn">Rows before the song's first step.</param>
    /// <param name="fingers">The scene's fingers.</param>
    public static PlannedNote[][] PerFinger(IEnumerable<FingeredPress> presses, int leadIn, IReadOnlyList<FingerSite> fingers)
    {
        ILookup<int, KeyPress> own = presses.ToLookup(p => p.Finger, p => p.Press);
        return [.. fingers.Select((finger, f) => own[f].OrderBy(p => p.Start).Select((p, i) => new PlannedNote(p.Key, leadIn + p.Start, leadIn + p.End, f, finger.Side, i)).ToArray())];
    }
}
