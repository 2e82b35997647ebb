using System.Runtime.CompilerServices;

namespace Legato.Policy.Networks.Vectors;

/// <summary>Functions of 32-bit floats, to a few units in the last place over the whole range; what is not a number stays so.</summary>
/// <remarks>The polynomials interpolate at Chebyshev's nodes; without fused multiply-add they lose a unit in the last place.</remarks>
internal static class VectorMath
{
    /// <summary>e to the power of x: 0 below -104, infinite above 88.72.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Exp<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        // Beyond these the result is 0 or infinite all the same.
        x = TLanes.Min(TLanes.Max(x, TLanes.All(-104)), TLanes.All(89));
        // x = n ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts, whose first times n is exact.
        TLanes n = TLanes.Round(x * TLanes.All(1.44269504f));
        TLanes r = TLanes.MultiplyAdd(n, TLanes.All(-0.693359375f), x);
        r = TLanes.MultiplyAdd(n, TLanes.All(2.12194440e-4f), r);
        TLanes p = TLanes.MultiplyAdd(TLanes.All(0.00139262508f), r, TLanes.All(0.00836323288f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(0.0416665542f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(0.166665767f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(0.5f));
        p = TLanes.MultiplyAdd(p, r * r, r) + TLanes.All(1);
        return TLanes.Scale(p, n);
    }

    /// <summary>Hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Tanh<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        TLanes size = TLanes.Abs(x), square = x * x;
        TLanes p = TLanes.MultiplyAdd(TLanes.All(-0.00609671416f), square, TLanes.All(0.020997179f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(-0.0538509096f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(0.133327697f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(-0.333333289f));
        TLanes near = TLanes.MultiplyAdd(p * square, x, x);
        TLanes far = TLanes.All(1) - (TLanes.All(2) / (Exp(size + size) + TLanes.All(1)));
        return TLanes.IfLess(size, TLanes.All(0.625f), near, TLanes.WithSign(far, x));
    }

    /// <summary>The error function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Erf<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        // Below 1: erf(x) / x - 1, a polynomial of the square.
        TLanes size = TLanes.Abs(x), square = x * x;
        TLanes p = TLanes.MultiplyAdd(TLanes.All(7.87587504e-05f), square, TLanes.All(-0.000801686428f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(0.00518908742f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(-0.026854212f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(0.112835947f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(-0.376126267f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(0.128379166f));
        TLanes near = TLanes.MultiplyAdd(p, x, x);
        // Above 1: the logarithm of 1 - erf(x), a polynomial; from 4 on erf is 1 to the last place.
        TLanes t = TLanes.Min(size, TLanes.All(4));
        TLanes q = TLanes.MultiplyAdd(TLanes.All(1.63993802e-06f), t, TLanes.All(-4.61129139e-05f));
        q = TLanes.MultiplyAdd(q, t, TLanes.All(0.000597264433f));
        q = TLanes.MultiplyAdd(q, t, TLanes.All(-0.00476171724f));
        q = TLanes.MultiplyAdd(q, t, TLanes.All(0.0264270438f));
        q = TLanes.MultiplyAdd(q, t, TLanes.All(-0.110090197f));
        q = TLanes.MultiplyAdd(q, t, TLanes.All(-0.6318157f));
        q = TLanes.MultiplyAdd(q, t, TLanes.All(-1.1302392f));
        q = TLanes.MultiplyAdd(q, t, TLanes.All(0.000321471027f));
        TLanes far = TLanes.All(1) - Exp(q);
        return TLanes.IfLess(size, TLanes.All(1), near, TLanes.WithSign(far, x));
    }
}
