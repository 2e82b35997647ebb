using Legato.RobotDriver;
using Legato.Runtime.Safety;

namespace Legato.Runtime.Loop;

/// <summary>Two observers of one run, told in this order.</summary>
internal sealed class ObserverPair(IRunObserver first, IRunObserver second) : IRunObserver
{
    /// <inheritdoc/>
    public void OnCycle(in CycleRecord cycle)
    {
        first.OnCycle(cycle);
        second.OnCycle(cycle);
    }

    /// <inheritdoc/>
    public void OnKey(in KeyEvent key)
    {
        first.OnKey(key);
        second.OnKey(key);
    }

    /// <inheritdoc/>
    public void OnTransition(in RunTransition transition)
    {
        first.OnTransition(transition);
        second.OnTransition(transition);
    }
}
