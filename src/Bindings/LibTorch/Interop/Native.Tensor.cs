using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static partial class Native
{
    [LibraryImport(Shim)] internal static partial void lt_delete(nint tensor);
    [LibraryImport(Shim)] internal static partial int lt_undefined(out TensorHandle result);

    [LibraryImport(Shim)] internal static partial int lt_empty(ReadOnlySpan<long> shape, int rank, int dtype, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_full(ReadOnlySpan<long> shape, int rank, NativeScalar value, int dtype, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_rand(ReadOnlySpan<long> shape, int rank, int dtype, GeneratorHandle generator, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_randn(ReadOnlySpan<long> shape, int rank, int dtype, GeneratorHandle generator, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_randint(long low, long high, ReadOnlySpan<long> shape, int rank, int dtype, GeneratorHandle generator, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_randperm(long n, int dtype, GeneratorHandle generator, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_arange(NativeScalar start, NativeScalar stop, NativeScalar step, int dtype, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_linspace(NativeScalar start, NativeScalar end, long steps, int dtype, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_eye(long rows, long columns, int dtype, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_full_like(TensorHandle like, NativeScalar value, int dtype, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_empty_like(TensorHandle like, int dtype, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_rand_like(TensorHandle like, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_randn_like(TensorHandle like, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_bernoulli(TensorHandle probability, GeneratorHandle generator, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_multinomial(TensorHandle weights, long samples, int replacement, GeneratorHandle generator, out TensorHandle result);

    [LibraryImport(Shim)] internal static partial long lt_dim(TensorHandle tensor);
    [LibraryImport(Shim)] internal static partial long lt_numel(TensorHandle tensor);
    [LibraryImport(Shim)] internal static partial int lt_dtype(TensorHandle tensor);
    [LibraryImport(Shim)] internal static partial int lt_is_contiguous(TensorHandle tensor);
    [LibraryImport(Shim)] internal static partial long lt_element_size(TensorHandle tensor);
    [LibraryImport(Shim)] internal static partial void lt_shape(TensorHandle tensor, Span<long> sizes);
    [LibraryImport(Shim)] internal static partial void lt_strides(TensorHandle tensor, Span<long> strides);
    [LibraryImport(Shim)] internal static partial int lt_data(TensorHandle tensor, out nint data);
    [LibraryImport(Shim)] internal static partial int lt_item(TensorHandle tensor, out NativeScalar value);

    [LibraryImport(Shim)] internal static partial int lt_to_type(TensorHandle tensor, int dtype, int copy, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_clone(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_alias(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_detach(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_contiguous(TensorHandle tensor, out TensorHandle result);

    [LibraryImport(Shim)] internal static partial int lt_requires_grad(TensorHandle tensor);
    [LibraryImport(Shim)] internal static partial int lt_is_leaf(TensorHandle tensor);
    [LibraryImport(Shim)] internal static partial int lt_set_requires_grad(TensorHandle tensor, int required);
    [LibraryImport(Shim)] internal static partial int lt_backward(TensorHandle tensor, TensorHandle gradient, int retainGraph, int createGraph);
    [LibraryImport(Shim)] internal static partial int lt_grad(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_set_data(TensorHandle tensor, TensorHandle data);
    [LibraryImport(Shim)] internal static partial int lt_set_grad(TensorHandle tensor, TensorHandle gradient);
}
