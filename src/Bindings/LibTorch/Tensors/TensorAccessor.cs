using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor, in order of its dimensions whatever its memory looks like.</summary>
/// <remarks>Keeps the tensor. What is written is written to the tensor, also where that is a view.</remarks>
public sealed class TensorAccessor<T> : IEnumerable<T>
    where T : unmanaged
{
    private readonly Tensor _tensor;

    internal TensorAccessor(Tensor tensor) => _tensor = tensor;

    /// <summary>Number of elements.</summary>
    public long Count => _tensor.NumberOfElements;

    /// <summary>An element by its place in order.</summary>
    public T this[long index]
    {
        get => At(index);
        set => At(index) = value;
    }

    /// <summary>Copies all elements.</summary>
    public T[] ToArray()
    {
        T[] array = new T[Count];
        CopyTo(array.AsSpan());
        return array;
    }

    /// <summary>Copies the elements from <paramref name="tensorIndex"/> on into an array.</summary>
    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        if (tensorIndex == 0)
        {
            CopyTo(array.AsSpan(arrayIndex));
            return;
        }
        ToArray().AsSpan(checked((int)tensorIndex)).CopyTo(array.AsSpan(arrayIndex));
    }

    /// <summary>Copies all elements.</summary>
    public void CopyTo(Span<T> span)
    {
        if (_tensor.is_contiguous())
        {
            _tensor.Memory<T>().CopyTo(span);
            return;
        }
        using Tensor ordered = _tensor.contiguous();
        ordered.Memory<T>().CopyTo(span);
    }

    /// <summary>Overwrites the elements from <paramref name="tensorIndex"/> on.</summary>
    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        CopyFrom(array.AsSpan(arrayIndex, (int)Math.Min(array.Length - arrayIndex, Count - tensorIndex)), tensorIndex);

    /// <summary>Overwrites the elements from <paramref name="tensorIndex"/> on.</summary>
    public void CopyFrom(ReadOnlySpan<T> span, long tensorIndex = 0)
    {
        if (_tensor.is_contiguous())
        {
            span.CopyTo(_tensor.Memory<T>()[checked((int)tensorIndex)..]);
            return;
        }
        for (int i = 0; i < span.Length; i++)
            At(tensorIndex + i) = span[i];
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Steps through the strides, innermost dimension first.
    private unsafe ref T At(long index)
    {
        if (index < 0 || index >= Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"expected 0 or more and less than {Count}");
        long[] shape = _tensor.shape, stride = _tensor.stride();
        long offset = 0;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            (index, long at) = Math.DivRem(index, shape[d]);
            offset += at * stride[d];
        }
        return ref ((T*)_tensor.Address)[offset];
    }
}
