using Legato.Policy.Bundles;
using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Sim;

namespace Legato.Runtime.Experiments;

/// <summary>Plays the nominal plan of a bundle back, open loop.</summary>
public sealed class PlanPolicy(PolicyBundle bundle) : IPolicy
{
    /// <inheritdoc/>
    public JointLayout Actuators => bundle.Commands.Actuators;

    /// <inheritdoc/>
    public int Steps => bundle.Commands.Steps;

    /// <inheritdoc/>
    public void Act(int step, RobotState measured, Span<double> targets, out double pedal)
    {
        bundle.Commands[step].CopyTo(targets);
        pedal = bundle.Pedal[step];
    }
}
