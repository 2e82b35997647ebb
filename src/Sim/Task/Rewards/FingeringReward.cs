using Legato.Sim.Scene;

namespace Legato.Sim.Tasks.Rewards;

/// <summary>The fingers that should press are at their keys: 0..1, 0 in silent steps.</summary>
/// <remarks>RoboPianist: mean over the step's pairs of key and finger of g(distance; [0, 0.01] m, 0.1 m), to the point at which the key is to be touched.</remarks>
public sealed class FingeringReward : RewardTerm
{
    // Where a finger stands among the scene's; −1 for fingers that it lacks.
    private readonly int[] _tipOf;

    /// <summary>Creates the term.</summary>
    /// <param name="scene">Gives the fingers.</param>
    /// <param name="song">What is to be played.</param>
    /// <exception cref="InputException">The song has no fingers, or the scene lacks one of them.</exception>
    public FingeringReward(PianoScene scene, TaskSong song)
    {
        if (!song.HasFingering)
            throw new InputException("reward 'fingering' needs a song with fingers; give a plan's fingering or take the reward 'transport'");
        _tipOf = [.. Enumerable.Range(0, 10).Select(part => scene.Fingers.Index().Where(f => f.Item.Part == part).Select(f => f.Index).FirstOrDefault(-1))];
        for (int t = 0; t < song.Steps; t++)
        {
            foreach (FingeredKey key in song.Fingers(t))
            {
                if (_tipOf[key.Finger] < 0)
                    throw new InputException($"step {t} of the song asks for finger {key.Finger}, which the scene's hands lack; choose a fingering for these hands");
            }
        }
    }

    /// <inheritdoc/>
    public override double Evaluate(TaskState state)
    {
        ReadOnlySpan<FingeredKey> pairs = state.Song.Fingers(state.Step);
        if (pairs.IsEmpty)
            return 0;
        double sum = 0;
        foreach (FingeredKey pair in pairs)
        {
            double distance = Distance(state.TipPositions.AsSpan(3 * _tipOf[pair.Finger], 3), state.KeyPoints.AsSpan(3 * pair.Key, 3));
            sum += Tolerance.Gaussian(distance, 0, 0.01, 0.1);
        }
        return sum / pairs.Length;
    }
}
