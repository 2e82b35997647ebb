using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.SystemId.Excitation;

/// <summary>Candidates cut from a song's plan: what will be played is a good thing to know.</summary>
public static class Passages
{
    /// <summary>Cuts a plan into blocks that begin and end at rest. They may touch any key.</summary>
    /// <param name="song">The song's name, for labels.</param>
    /// <param name="targets">The plan's targets per control step.</param>
    /// <param name="limits">What the way from rest and back keeps; whether the plan does is for <see cref="BlockRehearsal"/> to say.</param>
    /// <param name="seconds">Length of a passage, s.</param>
    public static IReadOnlyList<ExcitationBlock> Cut(string song, IReadOnlyList<double[]> targets, ExcitationLimits limits, double seconds = 3)
    {
        int length = Math.Max(1, (int)Math.Round(seconds / SceneOptions.ControlPeriod));
        double[] rest = FreeMotions.RestPose(limits);
        return [.. Enumerable.Range(0, targets.Count / length).Select(p =>
        {
            double[][] passage = [.. targets.Skip(p * length).Take(length)];
            return new BlockBuilder(limits, rest).MoveTo(passage[0]).Follow(passage)
                .Build($"{song} from step {p * length}", ExcitationKind.Passage, Enumerable.Range(0, PianoGeometry.KeyCount));
        })];
    }
}
