using System.Runtime.InteropServices;
using Legato.Policy.Networks;
using Legato.Policy.Networks.Vectors;

namespace Legato.Tests.Policy.Networks;

/// <summary>exp, tanh and erf over all floats against the functions in double precision, at every width.</summary>
public class VectorMathTests
{
    // Denormal floats are this coarse.
    private const double Tiny = 3e-45;

    [Fact]
    public void ExpIsAccurateOverTheWholeRange() => AssertAccurate<ExpOf>(Math.Exp, 4e-7);

    [Fact]
    public void TanhIsAccurateOverTheWholeRange() => AssertAccurate<TanhOf>(Math.Tanh, 4e-7);

    [Fact]
    public void ErfIsAccurateOverTheWholeRange() => AssertAccurate<ErfOf>(NaiveNetwork.Erf, 4e-7);

    [Fact]
    public void LimitsAreThoseOfTheFunctions()
    {
        float[] x = [float.NegativeInfinity, float.PositiveInfinity, float.NaN, 0, -0f, float.MinValue, float.MaxValue, float.Epsilon];
        foreach (VectorWidth width in NetworkSamples.Widths)
        {
            Assert.Equal([0, float.PositiveInfinity, float.NaN, 1, 1, 0, float.PositiveInfinity, 1], Apply<ExpOf>(width, x));
            Assert.Equal([-1, 1, float.NaN, 0, -0f, -1, 1, float.Epsilon], Apply<TanhOf>(width, x));
            Assert.Equal([-1, 1, float.NaN, 0, -0f, -1, 1, float.Epsilon], Apply<ErfOf>(width, x));
        }
    }

    [Fact]
    public void TheReferenceIsRightWhereItIsKnown()
    {
        Assert.Equal(0.8427007929497149, NaiveNetwork.Erf(1), 1e-15);
        Assert.Equal(-0.9953222650189527, NaiveNetwork.Erf(-2), 1e-15);
        Assert.Equal(0.9995930479825550, NaiveNetwork.Erf(2.5), 1e-15);
        Assert.Equal(0.9999779095030014, NaiveNetwork.Erf(3), 1e-15);
        Assert.Equal(NaiveNetwork.Erf(2.4999999), NaiveNetwork.Erf(2.5000001), 1e-9);
    }

    private static void AssertAccurate<TFunction>(Func<double, double> exact, double tolerance) where TFunction : struct, IElementwise
    {
        float[] x = [.. AllMagnitudes(), .. Enumerable.Range(0, 20_000).Select(i => (i - 10_000) * 0.0111f)];
        foreach (VectorWidth width in NetworkSamples.Widths)
        {
            float[] y = Apply<TFunction>(width, x);
            for (int i = 0; i < x.Length; i++)
            {
                double expected = exact(x[i]);
                bool beyond = (float)expected is float.PositiveInfinity && y[i] is > 3.40e38f;
                Assert.True(beyond || Math.Abs(y[i] - expected) <= (tolerance * Math.Abs(expected)) + Tiny, $"{width}: f({x[i]:r}) is {y[i]:r}, not {expected:r}");
            }
        }
    }

    // One in 50,021 of all floats, of both signs, from the smallest denormal on.
    private static IEnumerable<float> AllMagnitudes()
    {
        for (long bits = 0; bits <= uint.MaxValue; bits += 50_021)
        {
            float value = BitConverter.UInt32BitsToSingle((uint)bits);
            if (float.IsFinite(value))
                yield return value;
        }
    }

    private static float[] Apply<TFunction>(VectorWidth width, float[] x) where TFunction : struct, IElementwise
    {
        var padded = new float[AlignedFloats.Padded(x.Length)];
        x.CopyTo(padded, 0);
        ref float start = ref MemoryMarshal.GetArrayDataReference(padded);
        switch (width)
        {
            case VectorWidth.Bits512:
                Kernels<Lanes512>.Map<TFunction>(ref start, (nuint)padded.Length);
                break;
            case VectorWidth.Bits256:
                Kernels<Lanes256>.Map<TFunction>(ref start, (nuint)padded.Length);
                break;
            default:
                Kernels<Lanes128>.Map<TFunction>(ref start, (nuint)padded.Length);
                break;
        }
        return padded[..x.Length];
    }

    private readonly struct ExpOf : IElementwise
    {
        public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => VectorMath.Exp(x);
    }

    private readonly struct TanhOf : IElementwise
    {
        public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => VectorMath.Tanh(x);
    }

    private readonly struct ErfOf : IElementwise
    {
        public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => VectorMath.Erf(x);
    }
}
