using Legato.Runtime.Experiments;

namespace Legato.Runtime.Improvement;

/// <summary>A policy to be made.</summary>
/// <param name="Song">What to play.</param>
/// <param name="Model">The robot's model, parameters applied, and its limits.</param>
/// <param name="ParametersFile">YAML of these parameters; null for the plain simulator.</param>
/// <param name="Robust">True to learn for a simulator that may be wrong.</param>
/// <param name="Previous">Folder of the policy of the round before, to go on from; null for none.</param>
/// <param name="Policies">Folder of all bundles.</param>
public sealed record TrainRequest(PlayableSong Song, RobotSetup Model, string? ParametersFile, bool Robust, string? Previous, string Policies);

/// <summary>Makes policies in a simulator.</summary>
public interface ILearner
{
    /// <summary>Makes a policy, or finds it if it was made before.</summary>
    /// <param name="request">What for.</param>
    /// <param name="stop">Stops; what was best so far may be kept to go on from.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    Trained Train(TrainRequest request, CancellationToken stop);
}
