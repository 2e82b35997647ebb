namespace Legato.Tests.RobotDriver.Lab;

/// <summary>Tests of devices that count an answer as missing after some milliseconds: the planner's tests, which take every core, do not run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealTimeCollection
{
    public const string Name = "real time";
}
