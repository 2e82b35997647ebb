using Legato.Policy.Bundles;
using Legato.Policy.Timing;
using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Sim;
using Legato.Sim.Scene;

namespace Legato.Runtime.Experiments;

/// <summary>Plays the nominal plan of a bundle back: open loop, or by ear where the bundle says so.</summary>
/// <remarks><see cref="Act"/> and <see cref="Hear"/> allocate nothing.</remarks>
public sealed class PlanPolicy : IPolicy
{
    private readonly PolicyBundle _bundle;
    private readonly TimingFeedback? _timing;
    private HeardKeys _keys;

    /// <summary>Prepares to play.</summary>
    /// <param name="bundle">A bundle without a network.</param>
    /// <param name="fingers">Of the scene that models the robot.</param>
    public PlanPolicy(PolicyBundle bundle, IReadOnlyList<FingerSite> fingers)
    {
        _bundle = bundle;
        _timing = bundle.Manifest.TimingFeedback ? bundle.ToPlan().ByEar(fingers) : null;
    }

    /// <summary>How much earlier than planned the hands are commanded; null where the plan is played row by row.</summary>
    public IReadOnlyList<HandTiming>? Timing => _timing is { } timing
        ? [.. Enum.GetValues<HandSide>().Select(side => new HandTiming($"{side}".ToLowerInvariant(), Milliseconds(timing.OnsetLead(side)), Milliseconds(timing.ReleaseLead(side))))]
        : null;

    /// <inheritdoc/>
    public JointLayout Actuators => _bundle.Commands.Actuators;

    /// <inheritdoc/>
    public int Steps => _bundle.Commands.Steps;

    /// <inheritdoc/>
    public void Hear(in KeyEvent key) => _keys.Hear(key);

    /// <inheritdoc/>
    public void Act(int step, RobotState measured, Span<double> targets, out double pedal)
    {
        if (_timing is null)
            _bundle.Commands[step].CopyTo(targets);
        else
            _timing.Act(step, _keys.Down, targets);
        pedal = _bundle.Pedal[step];
    }

    private static double Milliseconds(double steps) => 1000 * SceneOptions.ControlPeriod * steps;
}
