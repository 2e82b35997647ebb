namespace Legato.Runtime.Safety;

/// <summary>Says in words for an operator why a run ended, and where to look. Stateless.</summary>
public static class RunCauseText
{
    /// <summary>A line without its end.</summary>
    public static string Explain(RunCause cause) => cause switch
    {
        RunCause.Completed => "played to its end",
        RunCause.StopRequested => "someone asked to stop",
        RunCause.StaleState => "no measured joint state arrived in time; look for lost messages above, for cables, for the hands' driver and the clock behind its stamps",
        RunCause.ImplausibleState => "the reported joint states cannot be true (no numbers, or jumps that no joint makes); look for a sensor, a cable or a wrong calibration",
        RunCause.HomingBlocked => "the hands could not reach the first target; look for something in their way, or motors that are off",
        RunCause.LiftBlocked => "the hands did not follow the lift and may still press keys; look at the hands before anything else",
        RunCause.PolicyFailed => "the policy threw an exception",
        RunCause.RobotFailed => "the robot's driver threw an exception",
        RunCause.RecorderFailed => "the recorder threw an exception",
        RunCause.CheckFailed => "a check before the first motion failed",
        RunCause.WatchdogLost => "the watchdog fell silent, and nobody else would have lifted the hands; look for why its process ended",
        RunCause.Deposed => "this process was silent for too long, and the watchdog has lifted the hands; look at what held it up, watchdog.json says how long",
        _ => cause.ToString(),
    };
}
