using System.Numerics;
using System.Runtime.InteropServices;

namespace Legato.Policy.Bundles;

/// <summary>A tensor of a safetensors file: <see cref="SafeTensor{T}"/> of <see cref="double"/> (F64) or <see cref="float"/> (F32).</summary>
public abstract record SafeTensor
{
    private protected SafeTensor(IReadOnlyList<int> shape) => Shape = shape;

    /// <summary>Sizes, outermost first.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Number of values.</summary>
    public abstract int Count { get; }

    /// <summary>What the format calls the type of its values: <c>F64</c> or <c>F32</c>.</summary>
    public abstract string DType { get; }

    internal abstract int ElementSize { get; }

    internal abstract ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Rounds values to 32 bits; what is too large becomes infinite.</summary>
    /// <param name="first">The first to take, row-major.</param>
    /// <param name="to">Says how many.</param>
    public abstract void CopyTo(int first, Span<float> to);
}

/// <summary>A tensor of a safetensors file.</summary>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Values">Row-major.</param>
/// <typeparam name="T"><see cref="double"/> or <see cref="float"/>.</typeparam>
public sealed record SafeTensor<T>(IReadOnlyList<int> Shape, T[] Values) : SafeTensor(Shape)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override int Count => Values.Length;

    /// <inheritdoc/>
    public override string DType =>
        typeof(T) == typeof(double) ? "F64" : typeof(T) == typeof(float) ? "F32" : throw new NotSupportedException($"No tensors of {typeof(T).Name}.");

    internal override unsafe int ElementSize => sizeof(T);

    internal override ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(Values.AsSpan());

    /// <inheritdoc/>
    public override void CopyTo(int first, Span<float> to)
    {
        ReadOnlySpan<T> from = Values.AsSpan(first, to.Length);
        for (int i = 0; i < to.Length; i++)
            to[i] = float.CreateTruncating(from[i]);
    }
}
