using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static partial class Native
{
    [LibraryImport(Shim)] internal static partial int lt_relu(TensorHandle a, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_silu(TensorHandle a, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_mish(TensorHandle a, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_gelu(TensorHandle tensor, int byTanh, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_softplus(TensorHandle tensor, double beta, double threshold, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_leaky_relu(TensorHandle tensor, double slope, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_elu(TensorHandle tensor, double alpha, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_softmax(TensorHandle tensor, long dim, int dtype, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_log_softmax(TensorHandle tensor, long dim, int dtype, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_dropout(TensorHandle tensor, double p, int training, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_linear(TensorHandle tensor, TensorHandle weight, TensorHandle bias, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_layer_norm(TensorHandle tensor, ReadOnlySpan<long> shape, int rank, TensorHandle weight, TensorHandle bias, double eps, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_group_norm(TensorHandle tensor, long groups, TensorHandle weight, TensorHandle bias, double eps, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_batch_norm(TensorHandle tensor, TensorHandle weight, TensorHandle bias, TensorHandle mean, TensorHandle var, int training, double momentum, double eps, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_conv1d(TensorHandle tensor, TensorHandle weight, TensorHandle bias, long stride, long padding, long dilation, long groups, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_conv_transpose1d(TensorHandle tensor, TensorHandle weight, TensorHandle bias, long stride, long padding, long outputPadding, long groups, long dilation, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_embedding(TensorHandle weight, TensorHandle indices, long paddingIdx, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_one_hot(TensorHandle tensor, long classes, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_lstm(TensorHandle tensor, TensorHandle h, TensorHandle c, ReadOnlySpan<nint> weights, int count, int biases, long layers, double dropout, int training, int bidirectional, int batchFirst, out TensorHandle result, out TensorHandle outH, out TensorHandle outC);
    [LibraryImport(Shim)] internal static partial int lt_gru(TensorHandle tensor, TensorHandle h, ReadOnlySpan<nint> weights, int count, int biases, long layers, double dropout, int training, int bidirectional, int batchFirst, out TensorHandle result, out TensorHandle outH);
    [LibraryImport(Shim)] internal static partial int lt_mse_loss(TensorHandle tensor, TensorHandle target, int reduction, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_l1_loss(TensorHandle tensor, TensorHandle target, int reduction, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_smooth_l1_loss(TensorHandle tensor, TensorHandle target, int reduction, double beta, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_huber_loss(TensorHandle tensor, TensorHandle target, int reduction, double delta, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_cross_entropy(TensorHandle tensor, TensorHandle target, TensorHandle weight, int reduction, long ignoreIndex, double smoothing, out TensorHandle result);
    [LibraryImport(Shim)] internal static partial int lt_binary_cross_entropy_with_logits(TensorHandle tensor, TensorHandle target, TensorHandle weight, TensorHandle posWeight, int reduction, out TensorHandle result);
}
