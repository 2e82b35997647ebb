using System.Runtime.Intrinsics;

namespace Legato.Policy.Networks.Vectors;

/// <summary>How many bits are worked on together.</summary>
public enum VectorWidth
{
    /// <summary>Four floats: SSE, NEON; works on every machine.</summary>
    Bits128 = 128,

    /// <summary>Eight floats: AVX2.</summary>
    Bits256 = 256,

    /// <summary>Sixteen floats: AVX-512.</summary>
    Bits512 = 512,
}

/// <summary>What this machine is good at.</summary>
public static class VectorWidths
{
    /// <summary>The widest that the hardware has; wider ones work too, in parts.</summary>
    public static VectorWidth Widest { get; } =
        Vector512.IsHardwareAccelerated ? VectorWidth.Bits512 : Vector256.IsHardwareAccelerated ? VectorWidth.Bits256 : VectorWidth.Bits128;
}
