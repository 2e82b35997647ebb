namespace Legato.RobotDriver.Lab;

/// <summary>A rail answers, but cannot be driven: an error is pending, an axis is in the wrong state, or it is no ODrive.</summary>
public sealed class RailException(string message) : InputException(message);
