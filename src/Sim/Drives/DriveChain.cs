using Legato.Sim.Scene;

namespace Legato.Sim.Drives;

/// <summary>What the drives make of their targets: slew limit, then play, then dead band.</summary>
/// <remarks>
/// Play is the classical play operator: the output follows the input at the end of a gap. Inside the dead band the
/// drive sees no error; outside it, the error less the band. A drive without any of these passes its target on
/// unchanged. One thread at a time. Nothing allocates after construction.
/// </remarks>
public sealed class DriveChain
{
    private readonly double[] _slew, _play, _deadband;
    private readonly double[] _slewed, _played;

    /// <summary>Creates the drives of a scene at rest.</summary>
    public DriveChain(PianoScene scene)
    {
        _slew = [.. scene.Drives.Slew.ToArray().Select(s => s > 0 ? s * scene.Model.Timestep : double.PositiveInfinity)];
        _play = [.. scene.Drives.Backlash.ToArray().Select(b => 0.5 * b)];
        _deadband = scene.Drives.Deadband.ToArray();
        _slewed = new double[_slew.Length];
        _played = new double[_slew.Length];
    }

    /// <summary>Elements of a state.</summary>
    public int StateSize => 2 * _slew.Length;

    /// <summary>Copies where slew limits and play stand.</summary>
    public void GetState(Span<double> state)
    {
        _slewed.CopyTo(state);
        _played.CopyTo(state[_slewed.Length..]);
    }

    /// <summary>Goes back to a state.</summary>
    public void SetState(ReadOnlySpan<double> state)
    {
        state[.._slewed.Length].CopyTo(_slewed);
        state[_slewed.Length..].CopyTo(_played);
    }

    /// <summary>Puts all drives at these targets, in the middle of their play.</summary>
    public void Reset(ReadOnlySpan<double> targets)
    {
        targets.CopyTo(_slewed);
        targets.CopyTo(_played);
    }

    /// <summary>Computes one step.</summary>
    /// <param name="targets">Targets in the order of the scene's actuators.</param>
    /// <param name="measured">What the drives' sensors read, same order.</param>
    /// <param name="controls">Receives what the model's actuators get.</param>
    public void Apply(ReadOnlySpan<double> targets, ReadOnlySpan<double> measured, Span<double> controls)
    {
        for (int i = 0; i < _slew.Length; i++)
        {
            double step = targets[i] - _slewed[i];
            _slewed[i] = Math.Abs(step) <= _slew[i] ? targets[i] : _slewed[i] + Math.CopySign(_slew[i], step);
            _played[i] = _play[i] > 0 ? Math.Clamp(_played[i], _slewed[i] - _play[i], _slewed[i] + _play[i]) : _slewed[i];
            double error = _played[i] - measured[i];
            controls[i] = _deadband[i] > 0 ? _played[i] - Math.Clamp(error, -_deadband[i], _deadband[i]) : _played[i];
        }
    }
}
