namespace Legato.Policy.Learning.OnRobot;

/// <summary>A performance to learn from: what to try beside what the policy says, and what was seen and done then.</summary>
/// <remarks>Written by the performance's thread, read when it is over. <see cref="Play"/> allocates nothing.</remarks>
public sealed class ExplorationTape
{
    private readonly float[] _limits, _noise, _observations, _actions;
    private readonly bool[] _taken;
    private readonly int _hold, _observationSize;

    /// <summary>A tape without noise.</summary>
    /// <param name="steps">Control steps of the performance.</param>
    /// <param name="hold">Control steps for which an action stays in force, 1 or more.</param>
    /// <param name="observationSize">Elements of an observation.</param>
    /// <param name="limits">Largest magnitude of each element of an action, 0..1.</param>
    public ExplorationTape(int steps, int hold, int observationSize, ReadOnlySpan<float> limits)
    {
        Decisions = (steps + hold - 1) / hold;
        (_hold, _observationSize, _limits) = (hold, observationSize, limits.ToArray());
        (_noise, _actions) = (new float[Decisions * limits.Length], new float[Decisions * limits.Length]);
        (_observations, _taken) = (new float[Decisions * observationSize], new bool[Decisions]);
    }

    /// <summary>Actions of the performance.</summary>
    public int Decisions { get; }

    /// <summary>What is added to an action; to be set before the performance.</summary>
    public Span<float> Noise(int decision) => Row(_noise, decision, _limits.Length);

    /// <summary>Whether a decision was made: a cycle that came too late skips it.</summary>
    public bool IsTaken(int decision) => _taken[decision];

    /// <summary>What was seen.</summary>
    public ReadOnlySpan<float> Observation(int decision) => Row(_observations, decision, _observationSize);

    /// <summary>What was done, noise included.</summary>
    public ReadOnlySpan<float> Action(int decision) => Row(_actions, decision, _limits.Length);

    /// <summary>Adds the noise, cuts the action at its limits, and keeps it. The loop's warm-up may come by here more than once: the last time counts.</summary>
    /// <param name="step">A control step in which an action is decided.</param>
    /// <param name="observation">What the policy saw.</param>
    /// <param name="action">What it says; receives what to do.</param>
    public void Play(int step, ReadOnlySpan<float> observation, Span<float> action)
    {
        int decision = step / _hold;
        ReadOnlySpan<float> noise = Noise(decision);
        for (int i = 0; i < action.Length; i++)
            action[i] = Math.Clamp(action[i] + noise[i], -_limits[i], _limits[i]);
        observation.CopyTo(Row(_observations, decision, _observationSize));
        action.CopyTo(Row(_actions, decision, _limits.Length));
        _taken[decision] = true;
    }

    private static Span<float> Row(float[] rows, int at, int width) => rows.AsSpan(at * width, width);
}
