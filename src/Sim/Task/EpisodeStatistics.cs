using Legato.Music;

namespace Legato.Sim.Tasks;

/// <summary>How an episode went.</summary>
/// <param name="Return">Sum of its rewards.</param>
/// <param name="Start">Its first control step, lead-in included.</param>
/// <param name="Steps">Control steps taken.</param>
/// <param name="Rig">Which rig of the environment's share it was played on.</param>
/// <param name="Keys">RoboPianist's metric over the steps played, without the lead-in: mean per step; NaN if there were none.</param>
/// <param name="Energy">Mechanical work of all drives, J: their power at the end of each step times its length.</param>
/// <param name="Diverged">Whether the simulation broke down.</param>
public readonly record struct EpisodeStatistics(double Return, int Start, int Steps, int Rig, F1Score Keys, double Energy, bool Diverged)
{
    /// <summary>Whether the song had begun before it was over: otherwise there is no score.</summary>
    public bool IsScored => !double.IsNaN(Keys.F1);
}

/// <summary>What a step brought.</summary>
/// <param name="Reward">All terms with their weights; 0 if the simulation broke down.</param>
/// <param name="Terminated">The episode is over and nothing is to come: discount 0.</param>
/// <param name="Truncated">The episode is over and might have gone on: discount 1, the value of its last observation counts. So ends a song (RoboPianist).</param>
public readonly record struct StepOutcome(float Reward, bool Terminated, bool Truncated)
{
    /// <summary>Whether the episode is over.</summary>
    public bool IsOver => Terminated || Truncated;
}
