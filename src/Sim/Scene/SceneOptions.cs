namespace Legato.Sim.Scene;

/// <summary>Which rig the scene models.</summary>
public enum ScenePreset
{
    /// <summary>RoboPianist's geometry, gains, contacts and activation: every comparison with published figures uses it.</summary>
    RoboPianist,

    /// <summary>A laboratory rig: stiffer carriages, wider silicone fingertips.</summary>
    Lab,
}

/// <summary>Which joints can be commanded.</summary>
public enum ActionSpace
{
    /// <summary>All 22 actuators of each hand: 45 actions with the pedal.</summary>
    Full,

    /// <summary>RoboPianist's reduced set, THJ5, THJ1 and LFJ5 frozen: 39 actions with the pedal.</summary>
    Reduced,
}

/// <summary>How many fingers each hand has.</summary>
public enum Embodiment
{
    /// <summary>Thumb, first, middle, ring and little finger.</summary>
    FiveFingers,

    /// <summary>Without the little finger (the cross-embodiment experiment of RP1M, section 4.2).</summary>
    FourFingers,
}

/// <summary>Which pairs of bodies collide.</summary>
public enum ContactSet
{
    /// <summary>Everything: keys, fingers among themselves, hand against hand.</summary>
    Full,

    /// <summary>Hands against keys only.</summary>
    HandKey,

    /// <summary>Nothing; for joint tracking without the piano.</summary>
    None,
}

/// <summary>What to build.</summary>
public sealed record SceneOptions
{
    /// <summary>Which rig.</summary>
    public ScenePreset Preset { get; init; } = ScenePreset.RoboPianist;

    /// <summary>Which actuators.</summary>
    public ActionSpace ActionSpace { get; init; } = ActionSpace.Full;

    /// <summary>Which fingers.</summary>
    public Embodiment Embodiment { get; init; } = Embodiment.FiveFingers;

    /// <summary>Which collisions.</summary>
    public ContactSet Contacts { get; init; } = ContactSet.Full;

    /// <summary>Physics step, s, 0.0005..0.01; a control step of 50 ms must be a whole number of them.</summary>
    public double Timestep { get; init; } = 0.005;

    /// <summary>Period of control, s.</summary>
    public const double ControlPeriod = 0.05;

    /// <summary>Physics steps in a control step.</summary>
    public int Substeps => (int)Math.Round(ControlPeriod / Timestep);
}
