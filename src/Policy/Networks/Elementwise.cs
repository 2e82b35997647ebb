using System.Runtime.CompilerServices;

using Legato.Policy.Networks.Vectors;

namespace Legato.Policy.Networks;

// Infinities give what libtorch gives: a function that multiplies x by 0 makes no number of minus infinity.

internal readonly struct Relu : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => TLanes.Max(x, default);
}

internal readonly struct Tanh : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => VectorMath.Tanh(x);
}

/// <summary>x times the normal distribution function of x.</summary>
internal readonly struct Gelu : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> =>
        TLanes.All(0.5f) * x * (TLanes.All(1) + VectorMath.Erf(x * TLanes.All(0.707106781f)));
}

/// <summary>GELU with the distribution function approximated by a hyperbolic tangent.</summary>
internal readonly struct GeluTanh : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        TLanes inner = TLanes.All(0.797884561f) * TLanes.MultiplyAdd(TLanes.All(0.044715f) * x * x, x, x);
        return TLanes.All(0.5f) * x * (TLanes.All(1) + VectorMath.Tanh(inner));
    }
}

/// <summary>x times its logistic function.</summary>
internal readonly struct Silu : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> =>
        x / (TLanes.All(1) + VectorMath.Exp(default(TLanes) - x));
}

/// <summary>x tanh(ln(1 + e^x)).</summary>
internal readonly struct Mish : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        // tanh(ln(1 + e)) = n / (n + 2) with n = e (e + 2); from 20 on it is 1 to the last place, and e * e would overflow.
        TLanes e = VectorMath.Exp(TLanes.Min(x, TLanes.All(20)));
        TLanes n = e * (e + TLanes.All(2));
        return x * (n / (n + TLanes.All(2)));
    }
}
