using Legato.Sim.Scene;

namespace Legato.Sim.Tasks;

/// <summary>What an action means.</summary>
public enum ActionKind
{
    /// <summary>−1..1 spans each control range: u = lo + (a + 1)/2 · (hi − lo) (RoboPianist).</summary>
    Canonical,

    /// <summary>A correction of the plan: u = clip(prior + factor · (hi − lo) · a) (PianoMime).</summary>
    Residual,
}

/// <summary>Who works the sustain pedal.</summary>
public enum PedalSource
{
    /// <summary>The policy: the last element of its action.</summary>
    Policy,

    /// <summary>The song (PianoMime).</summary>
    Song,
}

/// <summary>How a policy's action becomes targets and pedal.</summary>
public sealed record ActionSettings
{
    /// <summary>What the action means.</summary>
    public ActionKind Kind { get; init; } = ActionKind.Canonical;

    /// <summary>Largest correction as a fraction of the control range, above 0 and at most 1; of <see cref="ActionKind.Residual"/> only.</summary>
    public double Factor { get; init; } = 0.03;

    /// <summary>Who works the pedal.</summary>
    public PedalSource Pedal { get; init; } = PedalSource.Policy;

    /// <summary>Control steps for which an action stays in force, 1 or more: it is decided in steps that this divides (HandelBot's chunks).</summary>
    public int Hold { get; init; } = 1;
}

/// <summary>Turns canonical actions into position targets and pedal, in the order of the scene's actuators, the pedal last.</summary>
/// <remarks>Immutable and thread-safe. Allocates nothing after construction. The pedal's range is 0..1.</remarks>
public sealed class ActionMap
{
    private readonly ActionSettings _settings;
    private readonly TaskSong _song;
    private readonly double[] _low, _high;

    /// <summary>Creates the map.</summary>
    /// <param name="settings">What an action means.</param>
    /// <param name="scene">Gives the control ranges.</param>
    /// <param name="song">Gives the pedal, where it is the song's.</param>
    /// <param name="prior">The plan, lead-in first; required for <see cref="ActionKind.Residual"/>.</param>
    /// <exception cref="InputException">A plan is needed and there is none, or it is for other actuators.</exception>
    public ActionMap(ActionSettings settings, PianoScene scene, TaskSong song, PriorTable? prior)
    {
        (_settings, _song) = (settings, song);
        (_low, _high) = ([.. scene.ControlLow, 0], [.. scene.ControlHigh, 1]);
        if (settings.Kind == ActionKind.Residual && prior is null)
            throw new InputException("a residual action corrects a plan, and there is none; give one or choose action.kind canonical");
        if (prior is not null && !prior.Actuators.Equals(scene.Actuators))
            throw new InputException($"the plan has {prior.Actuators.Count} actuators that are not the scene's {scene.Actuators.Count}; plan for this scene");
    }

    /// <summary>Elements of an action: one per actuator, and the pedal.</summary>
    public int Size => _low.Length;

    /// <summary>Lower end of each element's range: rad, m, and 0 for the pedal.</summary>
    public ReadOnlySpan<double> Low => _low;

    /// <summary>Upper end of each element's range: rad, m, and 1 for the pedal.</summary>
    public ReadOnlySpan<double> High => _high;

    /// <summary>Whether an action is decided in a step, not kept.</summary>
    public bool Decides(int step) => step % _settings.Hold == 0;

    /// <summary>Maps an action.</summary>
    /// <param name="action">−1..1 each; beyond it counts as its end, NaN as 0. Not looked at in steps that decide nothing.</param>
    /// <param name="step">The control step that it is for, lead-in included.</param>
    /// <param name="prior">The plan's targets and pedal for the step; not looked at unless the action corrects them.</param>
    /// <param name="clipped">The action in force; receives the new one as it was understood.</param>
    /// <param name="command">Receives targets and pedal.</param>
    public void Apply(ReadOnlySpan<float> action, int step, ReadOnlySpan<double> prior, Span<double> clipped, Span<double> command)
    {
        bool decides = Decides(step);
        for (int i = 0; i < _low.Length; i++)
        {
            double range = _high[i] - _low[i];
            if (decides)
                clipped[i] = float.IsNaN(action[i]) ? 0 : Math.Clamp((double)action[i], -1, 1);
            double a = clipped[i];
            command[i] = _settings.Kind == ActionKind.Canonical
                ? _low[i] + (0.5 * (a + 1) * range)
                : Math.Clamp(prior[i] + (_settings.Factor * range * a), _low[i], _high[i]);
        }
        if (_settings.Pedal == PedalSource.Song)
            command[^1] = _song.Pedal(step) ? 1 : 0;
    }

    /// <summary>Targets and pedal as the canonical action that would send them; within −1..1 if they are within their ranges.</summary>
    public void ToCanonical(ReadOnlySpan<double> command, Span<float> action)
    {
        for (int i = 0; i < _low.Length; i++)
            action[i] = (float)((2 * (command[i] - _low[i]) / (_high[i] - _low[i])) - 1);
    }
}
