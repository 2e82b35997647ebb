using Legato.Policy.Bundles;

namespace Legato.Policy.Learning;

/// <summary>What one update found.</summary>
/// <param name="EnvSteps">Control steps so far.</param>
/// <param name="Updates">Updates so far.</param>
/// <param name="MeanReward">Mean reward per step since the last update.</param>
/// <param name="EpisodeF1">Mean F1 of the episodes that ended since then, as explored; NaN if none did.</param>
/// <param name="Figures">The learner's own figures by name, in a fixed order.</param>
/// <param name="Times">Where the update's time went.</param>
public sealed record LearningProgress(long EnvSteps, int Updates, double MeanReward, double EpisodeF1, IReadOnlyList<KeyValuePair<string, double>> Figures, UpdateTimes Times);

/// <summary>Improves a policy by trying it.</summary>
/// <remarks>
/// One thread at a time. Same task, rigs, options and seed: the same policy, bit for bit, whatever the number of threads that step the environments
/// (libtorch's own kernels depend on the processor). <see cref="Save"/> and <see cref="Load"/> go on bit for bit, too.
/// </remarks>
public interface ILearner : IDisposable
{
    /// <summary>Name for people and files, e.g. <c>ppo</c>.</summary>
    string Name { get; }

    /// <summary>Steps that <see cref="Advance"/> will take.</summary>
    int StepsPerUpdate { get; }

    /// <summary>Control steps taken.</summary>
    long EnvSteps { get; }

    /// <summary>Begins with another policy instead of a random one: its network and its scaling of observations; all else is fresh. Comes before anything is learnt.</summary>
    /// <param name="network">What <see cref="Export"/> gave of a learner of this kind, task and options.</param>
    /// <param name="observed">Observations that its scaling is made of, 0 or more.</param>
    /// <exception cref="ArgumentException">The network has other inputs, layers or scaling than this learner's.</exception>
    void Begin(TrainedNetwork network, long observed);

    /// <summary>Gathers experience and learns from it.</summary>
    /// <exception cref="LearningException">A loss is not a number.</exception>
    LearningProgress Advance();

    /// <summary>What the policy does without exploring.</summary>
    /// <param name="observations">Row-major, as the task observes.</param>
    /// <param name="actions">Receives a row each.</param>
    void Act(ReadOnlySpan<float> observations, Span<float> actions);

    /// <summary>The policy as <see cref="Act"/> has it, to be deployed without libtorch.</summary>
    TrainedNetwork Export();

    /// <summary>Writes everything that the next update depends on; the environments start anew.</summary>
    void Save(BinaryWriter writer);

    /// <summary>Goes back to what was written.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another learner, task or network.</exception>
    void Load(BinaryReader reader);
}

/// <summary>Learning went wrong in a way that more steps do not mend.</summary>
public sealed class LearningException(string message) : Exception(message);
