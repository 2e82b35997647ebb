namespace Legato.Sim.Parameters;

/// <summary>The values that hold for one drive, its own where it has them, else its group's.</summary>
/// <param name="Gain">Scale of the position gain.</param>
/// <param name="Damping">Scale of the damping.</param>
/// <param name="Friction">Added Coulomb friction, N·m or N.</param>
/// <param name="Armature">Scale of the rotor inertia.</param>
/// <param name="Offset">Sensor reading less true position, rad or m.</param>
/// <param name="Backlash">Play, rad.</param>
/// <param name="Deadband">Error that the drive ignores, rad.</param>
/// <param name="Slew">Fastest change of the target, rad/s or m/s; 0 is no limit.</param>
public readonly record struct DriveParameters(
    double Gain, double Damping, double Friction, double Armature, double Offset, double Backlash, double Deadband, double Slew);
