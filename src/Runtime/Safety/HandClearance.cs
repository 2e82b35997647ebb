using Legato.Sim.Limits;
using Legato.Sim.Scene;

namespace Legato.Runtime.Safety;

/// <summary>Says how much room a command leaves.</summary>
/// <remarks>Asked on the control thread: it allocates nothing and is done within a fraction of a cycle.</remarks>
public interface IClearance
{
    /// <summary>Room beyond what must be kept, m; negative where it is not kept.</summary>
    /// <param name="actuators">Positions in the order of the actuators.</param>
    double Slack(ReadOnlySpan<double> actuators);
}

/// <summary>Room between the hands, and between them and the piano's frame, in the robot's model.</summary>
/// <remarks>One thread at a time.</remarks>
public sealed class HandClearance : IClearance, IDisposable
{
    private readonly ClearanceProbe _probe;
    private readonly ClearanceLimit _limit;

    private HandClearance(PianoScene scene, ClearanceLimit limit) => (_probe, _limit) = (new ClearanceProbe(scene), limit);

    /// <summary>The clearance that limits ask for; null where they ask for none.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="scene">The robot's model.</param>
    public static HandClearance? For(MotionLimits limits, PianoScene scene) => limits.Clearance is { } limit ? new HandClearance(scene, limit) : null;

    /// <inheritdoc/>
    public double Slack(ReadOnlySpan<double> actuators)
    {
        HandDistances distances = _probe.OfActuators(actuators);
        return Math.Min(distances.Hands - _limit.Hands, distances.Piano - _limit.Piano);
    }

    /// <inheritdoc/>
    public void Dispose() => _probe.Dispose();
}
