namespace Legato.RobotDriver.StandIn;

/// <summary>What a reality does that the simulator has no parameter for. Every effect is off by default.</summary>
/// <remarks>Ranges are those of <c>docs/parameters.md</c>; <see cref="Reality.Load"/> checks them.</remarks>
public sealed record RealityEffects
{
    /// <summary>Time constant of the first-order filter on reported positions and, once more, on velocities, s. Shadow's driver has 0.05.</summary>
    /// <value>0..0.5, default 0: no filter.</value>
    public double ReportFilter { get; init; }

    /// <summary>Whether reported angles come in the steps of each joint's analogue-to-digital converter.</summary>
    public bool ReportQuantisation { get; init; }

    /// <summary>Standard deviation of the noise of each sample, converter counts.</summary>
    /// <value>0..10, default 0.</value>
    public double ReportNoise { get; init; }

    /// <summary>Standard deviation of the time that a command takes, s. Commands do not overtake each other.</summary>
    /// <value>0..0.05, default 0.</value>
    public double CommandJitter { get; init; }

    /// <summary>Standard deviation of the calibration error of each joint's sensor, rad; fixed by the seed.</summary>
    /// <value>0..0.1, default 0.</value>
    public double CalibrationSpread { get; init; }

    /// <summary>Standard deviation of the depth at which a key sounds, fraction of its travel; fixed by the seed.</summary>
    /// <value>0..0.1, default 0.</value>
    public double ActivationSpread { get; init; }

    /// <summary>How much warmer a motor gets that pulls with its full force for ever, K.</summary>
    /// <value>0..200, default 0: motors stay cold.</value>
    public double HeatRise { get; init; }

    /// <summary>Time constant of heating and cooling, s.</summary>
    /// <value>1..1000, default 90.</value>
    public double HeatTime { get; init; } = 90;

    /// <summary>Temperature of a motor at rest, °C.</summary>
    /// <value>0..60, default 25.</value>
    public double Ambient { get; init; } = 25;

    /// <summary>Temperature at which a motor is cut off, °C; it comes back 5 K below. Shadow's firmware has 60.</summary>
    /// <value>30..120, default 60.</value>
    public double TripTemperature { get; init; } = 60;

    /// <summary>How often the bus of a hand drops out, per minute.</summary>
    /// <value>0..60, default 0.</value>
    public double DropoutsPerMinute { get; init; }

    /// <summary>How long a drop-out lasts, s.</summary>
    /// <value>0..1, default 0.03.</value>
    public double DropoutDuration { get; init; } = 0.03;

    /// <summary>A motor that hears no demand for this long lets go, s. Shadow's firmware has 0.02.</summary>
    /// <value>0.001..1, default 0.02.</value>
    public double DemandTimeout { get; init; } = 0.02;
}

/// <summary>How the stand-in's devices are wired: what a robot's YAML file must agree with.</summary>
public sealed record RigWiring
{
    /// <summary>Travel of a rail per turn of its motor, m.</summary>
    /// <value>0.001..0.5, default 0.02.</value>
    public double MetresPerTurn { get; init; } = 0.02;

    /// <summary>+1, or −1 for motors that turn the other way.</summary>
    public int RailSign { get; init; } = 1;

    /// <summary>Position of a rail at turn 0, m.</summary>
    /// <value>−1..1, default 0.</value>
    public double RailOffset { get; init; }

    /// <summary>Whether the keyboard leaves out a status byte that repeats.</summary>
    public bool RunningStatus { get; init; }
}
