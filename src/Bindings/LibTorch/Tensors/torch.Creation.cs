using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of elements that nobody has set.</summary>
    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Wanting(Result(Native.lt_empty(size, size.Length, (int)(dtype ?? ScalarType.Float32), out TensorHandle h), h), requires_grad);

    /// <inheritdoc cref="empty(long[], ScalarType?, Device?, bool)"/>
    public static Tensor empty(params ReadOnlySpan<long> size) => empty(size.ToArray());

    /// <summary>Zeros.</summary>
    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Wanting(Result(Native.lt_full(size, size.Length, NativeScalar.Of(0L), (int)(dtype ?? ScalarType.Float32), out TensorHandle h), h), requires_grad);

    /// <inheritdoc cref="zeros(long[], ScalarType?, Device?, bool)"/>
    public static Tensor zeros(params ReadOnlySpan<long> size) => zeros(size.ToArray());

    /// <summary>Ones.</summary>
    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Wanting(Result(Native.lt_full(size, size.Length, NativeScalar.Of(1L), (int)(dtype ?? ScalarType.Float32), out TensorHandle h), h), requires_grad);

    /// <inheritdoc cref="ones(long[], ScalarType?, Device?, bool)"/>
    public static Tensor ones(params ReadOnlySpan<long> size) => ones(size.ToArray());

    /// <summary>Uniform random numbers in [0, 1).</summary>
    public static Tensor rand(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Wanting(Result(Native.lt_rand(size, size.Length, (int)(dtype ?? ScalarType.Float32), Generator.HandleOf(generator), out TensorHandle h), h), requires_grad);

    /// <inheritdoc cref="rand(long[], ScalarType?, Device?, bool, Generator?)"/>
    public static Tensor rand(params ReadOnlySpan<long> size) => rand(size.ToArray());

    /// <summary>Normal random numbers, mean 0, variance 1.</summary>
    public static Tensor randn(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Wanting(Result(Native.lt_randn(size, size.Length, (int)(dtype ?? ScalarType.Float32), Generator.HandleOf(generator), out TensorHandle h), h), requires_grad);

    /// <inheritdoc cref="randn(long[], ScalarType?, Device?, bool, Generator?)"/>
    public static Tensor randn(params ReadOnlySpan<long> size) => randn(size.ToArray());

    /// <summary>One value everywhere.</summary>
    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Wanting(Result(Native.lt_full(size, size.Length, value.Value, (int)(dtype ?? ScalarType.Float32), out TensorHandle h), h), requires_grad);

    /// <summary>Whole random numbers, <paramref name="low"/> or more and less than <paramref name="high"/>.</summary>
    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Wanting(Result(Native.lt_randint(low, high, size, size.Length, (int)(dtype ?? ScalarType.Int64), Generator.HandleOf(generator), out TensorHandle h), h), requires_grad);

    /// <inheritdoc cref="randint(long, long, long[], ScalarType?, Device?, bool, Generator?)"/>
    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator);

    /// <summary>The numbers 0..n−1 in random order.</summary>
    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Wanting(Result(Native.lt_randperm(n, (int)(dtype ?? ScalarType.Int64), Generator.HandleOf(generator), out TensorHandle h), h), requires_grad);

    /// <summary>From <paramref name="start"/> to less than <paramref name="stop"/>.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        bool real = start.Value.Kind == ScalarKind.Real || stop.Value.Kind == ScalarKind.Real || step.Value.Kind == ScalarKind.Real;
        ScalarType type = dtype ?? (real ? ScalarType.Float32 : ScalarType.Int64);
        return Wanting(Result(Native.lt_arange(start.Value, stop.Value, step.Value, (int)type, out TensorHandle h), h), requires_grad);
    }

    /// <inheritdoc cref="arange(Scalar, Scalar, Scalar, ScalarType?, Device?, bool)"/>
    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    /// <summary>From 0 to less than <paramref name="stop"/>.</summary>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    /// <summary>Evenly spaced, both ends included.</summary>
    public static Tensor linspace(Scalar start, Scalar end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Wanting(Result(Native.lt_linspace(start.Value, end.Value, steps, (int)(dtype ?? ScalarType.Float32), out TensorHandle h), h), requires_grad);

    /// <summary>Ones on the diagonal.</summary>
    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Wanting(Result(Native.lt_eye(rows, columns < 0 ? rows : columns, (int)(dtype ?? ScalarType.Float32), out TensorHandle h), h), requires_grad);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => full_like(input, 0, dtype, device, requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => full_like(input, 1, dtype, device, requires_grad);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Wanting(Result(Native.lt_full_like(input.H, value.Value, dtype is { } type ? (int)type : -1, out TensorHandle h), h), requires_grad);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Wanting(Result(Native.lt_empty_like(input.H, dtype is { } type ? (int)type : -1, out TensorHandle h), h), requires_grad);

    public static Tensor rand_like(Tensor input) => Result(Native.lt_rand_like(input.H, out TensorHandle h), h);

    public static Tensor randn_like(Tensor input) => Result(Native.lt_randn_like(input.H, out TensorHandle h), h);

    /// <summary>Ones with these probabilities, zeros otherwise.</summary>
    public static Tensor bernoulli(Tensor input, Generator? generator = null) => Result(Native.lt_bernoulli(input.H, Generator.HandleOf(generator), out TensorHandle h), h);

    /// <summary>Indices drawn in proportion to weights.</summary>
    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        Result(Native.lt_multinomial(input.H, num_samples, replacement ? 1 : 0, Generator.HandleOf(generator), out TensorHandle h), h);

    /// <summary>A tensor without dimensions; its type is the number's unless given.</summary>
    public static Tensor tensor(float scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => full([], scalar, dtype ?? ScalarType.Float32, device, requires_grad);

    /// <inheritdoc cref="tensor(float, ScalarType?, Device?, bool)"/>
    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => full([], scalar, dtype ?? ScalarType.Float64, device, requires_grad);

    /// <inheritdoc cref="tensor(float, ScalarType?, Device?, bool)"/>
    public static Tensor tensor(int scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => full([], scalar, dtype ?? ScalarType.Int32, device, requires_grad);

    /// <inheritdoc cref="tensor(float, ScalarType?, Device?, bool)"/>
    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => full([], scalar, dtype ?? ScalarType.Int64, device, requires_grad);

    /// <inheritdoc cref="tensor(float, ScalarType?, Device?, bool)"/>
    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => full([], scalar, dtype ?? ScalarType.Bool, device, requires_grad);

    /// <summary>A copy of an array.</summary>
    public static Tensor tensor(float[] data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copy<float>(data, [data.Length], dtype, requires_grad);

    /// <inheritdoc cref="tensor(float[], ScalarType?, Device?, bool)"/>
    public static Tensor tensor(double[] data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copy<double>(data, [data.Length], dtype, requires_grad);

    /// <inheritdoc cref="tensor(float[], ScalarType?, Device?, bool)"/>
    public static Tensor tensor(long[] data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copy<long>(data, [data.Length], dtype, requires_grad);

    /// <inheritdoc cref="tensor(float[], ScalarType?, Device?, bool)"/>
    public static Tensor tensor(int[] data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copy<int>(data, [data.Length], dtype, requires_grad);

    /// <inheritdoc cref="tensor(float[], ScalarType?, Device?, bool)"/>
    public static Tensor tensor(bool[] data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copy<bool>(data, [data.Length], dtype, requires_grad);

    /// <summary>A copy of an array as a tensor of this shape.</summary>
    public static Tensor tensor(float[] data, long[] dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copy<float>(data, dimensions, dtype, requires_grad);

    /// <summary>A copy of an array of any rank.</summary>
    public static Tensor from_array(Array rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        long[] shape = [.. Enumerable.Range(0, rawArray.Rank).Select(rawArray.GetLongLength)];
        return rawArray.GetType().GetElementType() switch
        {
            var t when t == typeof(float) => Copy<float>(Flat<float>(rawArray), shape, dtype, requires_grad),
            var t when t == typeof(double) => Copy<double>(Flat<double>(rawArray), shape, dtype, requires_grad),
            var t when t == typeof(long) => Copy<long>(Flat<long>(rawArray), shape, dtype, requires_grad),
            var t when t == typeof(int) => Copy<int>(Flat<int>(rawArray), shape, dtype, requires_grad),
            var t when t == typeof(byte) => Copy<byte>(Flat<byte>(rawArray), shape, dtype, requires_grad),
            var t when t == typeof(bool) => Copy<bool>(Flat<bool>(rawArray), shape, dtype, requires_grad),
            var t => throw new ArgumentException($"tensors have no elements of type {t?.Name}", nameof(rawArray)),
        };
    }

    internal static Tensor Copy<T>(ReadOnlySpan<T> data, long[] shape, ScalarType? dtype, bool requires_grad)
        where T : unmanaged
    {
        long count = 1;
        foreach (long size in shape)
            count *= size;
        if (count != data.Length)
            throw new ArgumentException($"{data.Length} elements do not fill [{string.Join(", ", shape)}]");
        Tensor tensor = empty(shape, TypeOf<T>());
        data.CopyTo(tensor.Memory<T>());
        if (dtype is { } type && type != tensor.dtype)
        {
            using Tensor raw = tensor;
            tensor = raw.to(type);
        }
        return Wanting(tensor, requires_grad);
    }

    private static Span<T> Flat<T>(Array array)
        where T : unmanaged =>
        MemoryMarshal.CreateSpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static Tensor Wanting(Tensor tensor, bool requires_grad) => requires_grad ? tensor.requires_grad_() : tensor;
}
