using System.Runtime.CompilerServices;

using Legato.Policy.Networks.Vectors;

namespace Legato.Policy.Networks;

/// <summary>A function of one number that works lane by lane; 0 stays 0, which keeps the padding of a layer's values zero.</summary>
internal interface IElementwise
{
    static abstract TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>;
}

/// <summary>The layers, for one width of vectors. All lengths are multiples of <see cref="AlignedFloats.Step"/>; nothing is checked.</summary>
/// <remarks>Compiled for speed at the first call: a control loop has no time to be slow until the runtime finds out what is hot.</remarks>
internal static class Kernels<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Rows that are multiplied together; matrices are padded to a multiple with rows of zeros.</summary>
    public const int RowBlock = 8;

    /// <summary>y = W x + b; W row-major.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Linear(ref float weights, ref float bias, ref float x, ref float y, nuint rows, nuint columns)
    {
        // Eight sums hide the latency of one multiply-add, and share every load of x.
        for (nuint row = 0; row < rows; row += RowBlock)
        {
            ref float w0 = ref Unsafe.Add(ref weights, row * columns);
            ref float w1 = ref Unsafe.Add(ref w0, columns);
            ref float w2 = ref Unsafe.Add(ref w1, columns);
            ref float w3 = ref Unsafe.Add(ref w2, columns);
            ref float w4 = ref Unsafe.Add(ref w3, columns);
            ref float w5 = ref Unsafe.Add(ref w4, columns);
            ref float w6 = ref Unsafe.Add(ref w5, columns);
            ref float w7 = ref Unsafe.Add(ref w6, columns);
            TLanes s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            for (nuint k = 0; k < columns; k += (nuint)TLanes.Count)
            {
                TLanes v = TLanes.Load(ref x, k);
                s0 = TLanes.MultiplyAdd(TLanes.Load(ref w0, k), v, s0);
                s1 = TLanes.MultiplyAdd(TLanes.Load(ref w1, k), v, s1);
                s2 = TLanes.MultiplyAdd(TLanes.Load(ref w2, k), v, s2);
                s3 = TLanes.MultiplyAdd(TLanes.Load(ref w3, k), v, s3);
                s4 = TLanes.MultiplyAdd(TLanes.Load(ref w4, k), v, s4);
                s5 = TLanes.MultiplyAdd(TLanes.Load(ref w5, k), v, s5);
                s6 = TLanes.MultiplyAdd(TLanes.Load(ref w6, k), v, s6);
                s7 = TLanes.MultiplyAdd(TLanes.Load(ref w7, k), v, s7);
            }
            ref float b = ref Unsafe.Add(ref bias, row);
            ref float to = ref Unsafe.Add(ref y, row);
            to = b + TLanes.Sum(s0);
            Unsafe.Add(ref to, 1) = Unsafe.Add(ref b, 1) + TLanes.Sum(s1);
            Unsafe.Add(ref to, 2) = Unsafe.Add(ref b, 2) + TLanes.Sum(s2);
            Unsafe.Add(ref to, 3) = Unsafe.Add(ref b, 3) + TLanes.Sum(s3);
            Unsafe.Add(ref to, 4) = Unsafe.Add(ref b, 4) + TLanes.Sum(s4);
            Unsafe.Add(ref to, 5) = Unsafe.Add(ref b, 5) + TLanes.Sum(s5);
            Unsafe.Add(ref to, 6) = Unsafe.Add(ref b, 6) + TLanes.Sum(s6);
            Unsafe.Add(ref to, 7) = Unsafe.Add(ref b, 7) + TLanes.Sum(s7);
        }
    }

    /// <summary>x = clip((x - mean) / std), in place; in the padding mean is 0 and std 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(ref float mean, ref float std, float clip, ref float x, nuint length)
    {
        TLanes high = TLanes.All(clip), low = TLanes.All(-clip);
        for (nuint k = 0; k < length; k += (nuint)TLanes.Count)
        {
            TLanes v = (TLanes.Load(ref x, k) - TLanes.Load(ref mean, k)) / TLanes.Load(ref std, k);
            TLanes.Store(TLanes.Min(TLanes.Max(v, low), high), ref x, k);
        }
    }

    /// <summary>x = (x - mean(x)) / sqrt(var(x) + epsilon) * scale + shift, in place; in the padding scale and shift are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LayerNorm(ref float scale, ref float shift, float epsilon, ref float x, nuint used, nuint length)
    {
        TLanes sum = default, squares = default;
        for (nuint k = 0; k < length; k += (nuint)TLanes.Count)
            sum += TLanes.Load(ref x, k);
        TLanes mean = TLanes.All(TLanes.Sum(sum) / used);
        for (nuint k = 0; k < length; k += (nuint)TLanes.Count)
            TLanes.Store(TLanes.Load(ref x, k) - mean, ref x, k);
        // The padding was zero, now it is minus the mean, which is no part of the variance.
        for (nuint k = used; k < length; k++)
            Unsafe.Add(ref x, k) = 0;
        for (nuint k = 0; k < length; k += (nuint)TLanes.Count)
        {
            TLanes v = TLanes.Load(ref x, k);
            squares = TLanes.MultiplyAdd(v, v, squares);
        }
        TLanes factor = TLanes.All(1 / MathF.Sqrt((TLanes.Sum(squares) / used) + epsilon));
        for (nuint k = 0; k < length; k += (nuint)TLanes.Count)
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(ref x, k) * factor, TLanes.Load(ref scale, k), TLanes.Load(ref shift, k)), ref x, k);
    }

    /// <summary>x = f(x), in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<TFunction>(ref float x, nuint length) where TFunction : struct, IElementwise
    {
        for (nuint k = 0; k < length; k += (nuint)TLanes.Count)
            TLanes.Store(TFunction.Apply(TLanes.Load(ref x, k)), ref x, k);
    }
}
