using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.World;

namespace Legato.RobotDriver.StandIn;

/// <summary>Finds keys that went down or came up and holds the events for as long as the keyboard's electronics do.</summary>
internal sealed class KeyTiming
{
    /// <summary>Speed of a key's front edge that counts as loudest, m/s.</summary>
    private const double LoudestSpeed = 0.5;

    private const int Capacity = 1024;

    private readonly PianoWorld _world;
    private readonly bool[] _down = new bool[PianoGeometry.KeyCount];
    private readonly int[] _dofs;
    private readonly double _latency, _jitter;
    private readonly GaussianNoise _random;
    private readonly (KeyEvent Event, double Due)[] _waiting = new (KeyEvent, double)[Capacity];
    private int _head, _count;

    public KeyTiming(PianoWorld world, SimParameters parameters, GaussianNoise random)
    {
        _world = world;
        _random = random;
        double timestep = world.Scene.Model.Timestep;
        _latency = parameters["keyboard.latency"] / timestep;
        _jitter = parameters["keyboard.jitter"] / timestep;
        _dofs = [.. PianoGeometry.Keys.Select(key => world.Scene.Model.JntDofAdr[world.Scene.Model.RequireId(MuJoCo.MjObject.Joint, key.JointName)])];
        world.KeysDown.CopyTo(_down);
    }

    /// <summary>Looks for changes after a step.</summary>
    /// <param name="step">Steps taken so far.</param>
    /// <param name="now">The rig's time, ns.</param>
    public void Find(long step, long now)
    {
        ReadOnlySpan<bool> keys = _world.KeysDown;
        if (keys.SequenceEqual(_down))
            return;
        ReadOnlySpan<double> speeds = _world.Data.Qvel;
        for (int k = 0; k < keys.Length; k++)
        {
            if (keys[k] == _down[k])
                continue;
            _down[k] = keys[k];
            double speed = Math.Abs(speeds[_dofs[k]]) * PianoGeometry.Keys[k].Shape.Length;
            byte velocity = (byte)Math.Clamp(Math.Round(127 * speed / LoudestSpeed), 1, 127);
            double due = step + Math.Max(0, _latency + (_jitter > 0 ? _jitter * _random.Next() : 0));
            Enqueue(new KeyEvent((byte)k, keys[k], velocity, now), due);
        }
    }

    /// <summary>Takes the next event whose time has come.</summary>
    public bool TryTake(long step, out KeyEvent key)
    {
        key = default;
        if (_count == 0 || _waiting[_head].Due > step)
            return false;
        key = _waiting[_head].Event;
        _head = (_head + 1) % Capacity;
        _count--;
        return true;
    }

    // A cable keeps the order: no event overtakes another. A full queue means that nobody takes events; the oldest goes.
    private void Enqueue(KeyEvent key, double due)
    {
        if (_count == Capacity)
        {
            _head = (_head + 1) % Capacity;
            _count--;
        }
        if (_count > 0)
            due = Math.Max(due, _waiting[(_head + _count - 1) % Capacity].Due);
        _waiting[(_head + _count) % Capacity] = (key, due);
        _count++;
    }
}
