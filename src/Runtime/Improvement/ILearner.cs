using Legato.Runtime.Experiments;

namespace Legato.Runtime.Improvement;

/// <summary>Makes policies in a simulator.</summary>
public interface ILearner
{
    /// <summary>Makes a policy, or finds it if it was made before.</summary>
    /// <param name="song">What to play.</param>
    /// <param name="model">The robot's model, parameters applied, and its limits.</param>
    /// <param name="robust">True to learn for a simulator that may be wrong.</param>
    /// <param name="policies">Folder of all bundles.</param>
    /// <param name="stop">Stops; what was best so far may be kept to go on from.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    Trained Train(PlayableSong song, RobotSetup model, bool robust, string policies, CancellationToken stop);
}
