using Legato.RobotDriver;

namespace Legato.Runtime.Experiments;

/// <summary>The keys that sound, as far as events tell.</summary>
internal struct HeardKeys
{
    /// <summary>A bit for each of the 88.</summary>
    public UInt128 Down { get; private set; }

    /// <summary>Takes in an event.</summary>
    public void Hear(in KeyEvent key)
    {
        UInt128 bit = UInt128.One << key.Key;
        Down = key.Down ? Down | bit : Down & ~bit;
    }
}
