using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What to make of a loss per element.</summary>
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        /// <summary>Layers, activations and losses as functions.</summary>
        public static class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => x.relu();

            public static Tensor gelu(Tensor x) => x.gelu();

            public static Tensor silu(Tensor x, bool inplace = false) => x.silu();

            public static Tensor mish(Tensor x, bool inplace = false) => x.mish();

            public static Tensor tanh(Tensor x) => x.tanh();

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) => Result(Native.lt_leaky_relu(input.H, negative_slope, out TensorHandle h), h);

            public static Tensor elu(Tensor x, double alpha = 1, bool inplace = false) => Result(Native.lt_elu(x.H, alpha, out TensorHandle h), h);

            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Result(Native.lt_softplus(x.H, beta, threshold, out TensorHandle h), h);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => input.log_softmax(dim, dtype);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                Result(Native.lt_dropout(input.H, p, training ? 1 : 0, out TensorHandle h), h);

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Result(Native.lt_linear(input.H, weights.H, Optional(bias), out TensorHandle h), h);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                Result(Native.lt_layer_norm(input.H, normalized_shape, normalized_shape.Length, Optional(weight), Optional(bias), eps, out TensorHandle h), h);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                Result(Native.lt_group_norm(input.H, num_groups, Optional(weight), Optional(bias), eps, out TensorHandle h), h);

            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-5) =>
                Result(Native.lt_batch_norm(input.H, Optional(weight), Optional(bias), Optional(running_mean), Optional(running_var), training ? 1 : 0, momentum, eps, out TensorHandle h), h);

            public static Tensor conv1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1) =>
                Result(Native.lt_conv1d(input.H, weight.H, Optional(bias), stride ?? 1, padding ?? 0, dilation ?? 1, groups, out TensorHandle h), h);

            public static Tensor conv_transpose1d(
                Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? output_padding = null, long? dilation = null, long groups = 1) =>
                Result(Native.lt_conv_transpose1d(input.H, weight.H, Optional(bias), stride ?? 1, padding ?? 0, output_padding ?? 0, groups, dilation ?? 1, out TensorHandle h), h);

            public static Tensor embedding(Tensor x, Tensor weight, long? padding_idx = null) => Result(Native.lt_embedding(weight.H, x.H, padding_idx ?? -1, out TensorHandle h), h);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Result(Native.lt_one_hot(x.H, num_classes, out TensorHandle h), h);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Result(Native.lt_mse_loss(input.H, target.H, (int)reduction, out TensorHandle h), h);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Result(Native.lt_l1_loss(input.H, target.H, (int)reduction, out TensorHandle h), h);

            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1) =>
                Result(Native.lt_smooth_l1_loss(input.H, target.H, (int)reduction, beta, out TensorHandle h), h);

            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1, Reduction reduction = Reduction.Mean) =>
                Result(Native.lt_huber_loss(input.H, target.H, (int)reduction, delta, out TensorHandle h), h);

            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Result(Native.lt_cross_entropy(input.H, target.H, Optional(weight), (int)reduction, ignore_index, label_smoothing, out TensorHandle h), h);

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                Result(Native.lt_binary_cross_entropy_with_logits(input.H, target.H, Optional(weight), Optional(pos_weights), (int)reduction, out TensorHandle h), h);
        }
    }
}
