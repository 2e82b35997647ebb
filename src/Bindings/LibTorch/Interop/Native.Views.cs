using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static partial class Native
{
    [LibraryImport(Shim)] internal static partial int lt_reshape(TensorHandle tensor, ReadOnlySpan<long> shape, int rank, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_view(TensorHandle tensor, ReadOnlySpan<long> shape, int rank, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_expand(TensorHandle tensor, ReadOnlySpan<long> shape, int rank, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_repeat(TensorHandle tensor, ReadOnlySpan<long> repeats, int rank, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_permute(TensorHandle tensor, ReadOnlySpan<long> order, int rank, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_flip(TensorHandle tensor, ReadOnlySpan<long> along, int count, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_transpose(TensorHandle tensor, long first, long second, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_flatten(TensorHandle tensor, long first, long last, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_unsqueeze(TensorHandle tensor, long dim, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_squeeze(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_squeeze_dim(TensorHandle tensor, long dim, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_narrow(TensorHandle tensor, long dim, long start, long length, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_select(TensorHandle tensor, long dim, long index, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_slice(TensorHandle tensor, long dim, long start, long stop, long step, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_index_select(TensorHandle tensor, long dim, TensorHandle index, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_gather(TensorHandle tensor, long dim, TensorHandle index, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_scatter(TensorHandle tensor, long dim, TensorHandle index, TensorHandle source, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_masked_fill(TensorHandle tensor, TensorHandle mask, NativeScalar value, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_masked_select(TensorHandle tensor, TensorHandle mask, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_where(TensorHandle condition, TensorHandle a, TensorHandle b, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_cat(ReadOnlySpan<nint> tensors, int count, long dim, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_stack(ReadOnlySpan<nint> tensors, int count, long dim, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_tril(TensorHandle tensor, long diagonal, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_triu(TensorHandle tensor, long diagonal, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_index(TensorHandle tensor, ReadOnlySpan<nint> indices, int count, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_index_put_(TensorHandle tensor, ReadOnlySpan<nint> indices, int count, TensorHandle values);
}
