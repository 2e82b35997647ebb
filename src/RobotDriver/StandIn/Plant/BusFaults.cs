using Legato.Sim.Parameters;

namespace Legato.RobotDriver.StandIn;

/// <summary>The bus of one hand, which drops out now and then: exponential times between drop-outs, each equally long.</summary>
internal sealed class BusFaults
{
    private readonly GaussianNoise _noise;
    private readonly double _meanSteps;
    private readonly double _dropoutSteps;
    private readonly double _timeoutSteps;
    private double _next;
    private double _downSince = double.PositiveInfinity;

    public BusFaults(RealityEffects effects, double timestep, GaussianNoise noise)
    {
        _noise = noise;
        _meanSteps = effects.DropoutsPerMinute > 0 ? 60 / effects.DropoutsPerMinute / timestep : double.PositiveInfinity;
        _dropoutSteps = effects.DropoutDuration / timestep;
        _timeoutSteps = effects.DemandTimeout / timestep;
        Schedule(0);
    }

    /// <summary>Nothing passes, neither demands nor measurements.</summary>
    public bool IsDown => double.IsFinite(_downSince);

    /// <summary>The motors have heard nothing for so long that they let go.</summary>
    public bool HasLetGo { get; private set; }

    public void Advance(long step)
    {
        if (!IsDown && step >= _next)
            _downSince = step;
        if (IsDown && step - _downSince >= _dropoutSteps)
        {
            _downSince = double.PositiveInfinity;
            Schedule(step);
        }
        HasLetGo = IsDown && step - _downSince >= _timeoutSteps;
    }

    private void Schedule(long step) => _next = double.IsFinite(_meanSteps) ? step - (_meanSteps * Math.Log(1 - _noise.NextUniform())) : double.PositiveInfinity;
}
