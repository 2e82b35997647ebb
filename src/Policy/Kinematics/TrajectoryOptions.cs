namespace Legato.Policy.Kinematics;

/// <summary>Weights of the trajectory optimisation. Tip errors are in metres, so joint weights are small.</summary>
public sealed record TrajectoryOptions
{
    /// <summary>Factor on the tip weights of pressing fingers.</summary>
    public double Press { get; init; } = 10;

    /// <summary>The same after its first two steps: where both cannot be, the next note's onset comes first.</summary>
    public double Hold { get; init; } = 3;

    /// <summary>Whether a finger lets go of a key early where the hand would drag it off.</summary>
    public bool ReleaseEarly { get; init; } = true;

    /// <summary>Pull towards the playing posture, per rad².</summary>
    public double Posture { get; init; } = 2e-5;

    /// <summary>Pull of the wrist towards its posture, per rad²: it moves all fingers, so fingers do the work.</summary>
    public double Wrist { get; init; } = 3e-4;

    /// <summary>Price of a change of angle between steps, per rad².</summary>
    public double Velocity { get; init; } = 2e-5;

    /// <summary>Price of a change of angular velocity between steps, per rad².</summary>
    public double Acceleration { get; init; } = 1e-5;

    /// <summary>Price of a change of a carriage's velocity between steps, per m².</summary>
    public double CarriageAcceleration { get; init; } = 1.5;

    /// <summary>Price of what a joint moves faster, or changes its speed more, than its limits allow, per rad²; a hundred times that per m² of a carriage.</summary>
    public double Excess { get; init; } = 1;

    /// <summary>Pull of a carriage towards its plan, per m².</summary>
    public double Carriage { get; init; } = 2e-3;

    /// <summary>Price of hands closer than their width, per m².</summary>
    public double Clearance { get; init; } = 5;

    /// <summary>Price of links that are nearer to other links or keys than they should be, per m².</summary>
    public double Touch { get; init; } = 3;

    /// <summary>Least distance between links, and between links and keys that they do not play, m.</summary>
    public double Distance { get; init; } = 0.003;

    /// <summary>Part of each control range kept free at both ends: a position actuator at its limit has no force left.</summary>
    public double Margin { get; init; } = 0.06;

    /// <summary>Gauss–Newton iterations.</summary>
    public int Iterations { get; init; } = 14;

    /// <summary>Control steps that are solved together and then kept.</summary>
    public int Horizon { get; init; } = 400;

    /// <summary>Control steps of look-ahead beyond the horizon.</summary>
    public int LookAhead { get; init; } = 60;
}
