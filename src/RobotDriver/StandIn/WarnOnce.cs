namespace Legato.RobotDriver.StandIn;

/// <summary>Passes on the first warning of each kind: what goes wrong at 125 Hz is said once.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class WarnOnce(Action<string> log)
{
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    public void Warn(string kind, string message)
    {
        lock (_said)
        {
            if (!_said.Add(kind))
                return;
        }
        log(message);
    }
}
