using Legato.Music;
using Legato.Policy.Fingering;
using Legato.Sim.Piano;

namespace Legato.Policy.Refinement;

/// <summary>
/// What a keyboard tells about fingertips' goals: a neighbour that sounds in a key's place asks for one further to the other side, a key
/// that sounds too long for a higher one when it is let go.
/// </summary>
/// <remarks>
/// For rigs whose joint sensors and piano are not quite where the simulator has them: tips that are where they should be by the
/// sensors, and yet miss. Corrections along the keyboard from the keys that sounded are the idea of HandelBot's lateral refinement.
/// Immutable and thread-safe.
/// </remarks>
/// <param name="fingering">Who plays what.</param>
/// <param name="truth">What should sound.</param>
/// <param name="leadIn">Control steps before the first of <paramref name="truth"/>.</param>
public sealed class KeyFeedback(FingeringPlan fingering, KeyRoll truth, int leadIn)
{
    // Moves per rehearsal, m: a few of them cross the gap between two keys.
    private const double Higher = 0.003;
    private const double Aside = 0.004;

    // A neighbour is no further away than this, m: the next white key, or the one or two blacks beside it.
    private const double Nearby = 0.03;

    // Control steps before a press and after it in which the tip is already, or still, moved aside.
    private const int Approach = 3;

    /// <summary>What to move after a roll-out.</summary>
    /// <param name="trace">What sounded, lead-in included.</param>
    public IEnumerable<TipShift> Of(RolloutTrace trace)
    {
        foreach (FingeredPress played in fingering.Presses)
        {
            (int key, int start, int end) = (played.Press.Key, leadIn + played.Press.Start, leadIn + played.Press.End);
            if (Neighbour(trace, played, start, end) is { } away)
            {
                for (int t = Math.Max(0, start - Approach); t < Math.Min(trace.Steps, end + 1); t++)
                    yield return new TipShift(t, played.Finger, Aside * -Math.Sign(away), 0);
            }
            if (end < trace.Steps && trace.Keys(end)[key] && !truth[end - leadIn, key])
                yield return new TipShift(end, played.Finger, 0, Higher);
        }
    }

    // Where a key sounded that should not, m along the keyboard from the one that should; null if none did.
    private double? Neighbour(RolloutTrace trace, FingeredPress played, int start, int end)
    {
        double y = PianoGeometry.Keys[played.Press.Key].Y;
        for (int t = start; t < end; t++)
        {
            for (int k = Math.Max(0, played.Press.Key - 2); k <= Math.Min(PianoGeometry.KeyCount - 1, played.Press.Key + 2); k++)
            {
                double away = PianoGeometry.Keys[k].Y - y;
                if (away != 0 && Math.Abs(away) < Nearby && trace.Keys(t)[k] && !truth[t - leadIn, k] && IsNearest(played, k, t))
                    return away;
            }
        }
        return null;
    }

    // Of the fingers that press at a step, this one is nearest to the key.
    private bool IsNearest(FingeredPress played, int key, int step)
    {
        double y = PianoGeometry.Keys[key].Y, own = Math.Abs(PianoGeometry.Keys[played.Press.Key].Y - y);
        return fingering.Presses.All(p => p.Press.Start > step - leadIn || p.Press.End <= step - leadIn || Math.Abs(PianoGeometry.Keys[p.Press.Key].Y - y) >= own);
    }
}

/// <summary>Moves the goal of a fingertip.</summary>
/// <param name="Step">Control step, lead-in included.</param>
/// <param name="Finger">Index into the scene's fingers.</param>
/// <param name="Y">Along the keyboard, towards high notes, m.</param>
/// <param name="Z">Up, m.</param>
public readonly record struct TipShift(int Step, int Finger, double Y, double Z);
