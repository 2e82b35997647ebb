using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor, in order of its dimensions whatever its memory looks like.</summary>
/// <remarks>Keeps the tensor. Writing is for contiguous tensors.</remarks>
public sealed class TensorAccessor<T> : IEnumerable<T>
    where T : unmanaged
{
    private readonly Tensor _tensor;

    internal TensorAccessor(Tensor tensor) => _tensor = tensor;

    /// <summary>Number of elements.</summary>
    public long Count => _tensor.NumberOfElements;

    /// <summary>An element by its place in order; contiguous tensors only.</summary>
    public T this[long index]
    {
        get => _tensor.Memory<T>(Count)[checked((int)index)];
        set => _tensor.Memory<T>(Count)[checked((int)index)] = value;
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
            _tensor.Memory<T>(Count).CopyTo(span);
            return;
        }
        using Tensor ordered = _tensor.contiguous();
        ordered.Memory<T>(Count).CopyTo(span);
    }

    /// <summary>Overwrites the elements from <paramref name="tensorIndex"/> on.</summary>
    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        CopyFrom(array.AsSpan(arrayIndex, (int)Math.Min(array.Length - arrayIndex, Count - tensorIndex)), tensorIndex);

    /// <summary>Overwrites the elements from <paramref name="tensorIndex"/> on.</summary>
    public void CopyFrom(ReadOnlySpan<T> span, long tensorIndex = 0) => span.CopyTo(_tensor.Memory<T>(Count)[checked((int)tensorIndex)..]);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
