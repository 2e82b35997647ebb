using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor neg() => Result(Native.lt_neg(H, out TensorHandle h), h);

        public Tensor abs() => Result(Native.lt_abs(H, out TensorHandle h), h);

        public Tensor exp() => Result(Native.lt_exp(H, out TensorHandle h), h);

        public Tensor expm1() => Result(Native.lt_expm1(H, out TensorHandle h), h);

        public Tensor log() => Result(Native.lt_log(H, out TensorHandle h), h);

        public Tensor log1p() => Result(Native.lt_log1p(H, out TensorHandle h), h);

        public Tensor sqrt() => Result(Native.lt_sqrt(H, out TensorHandle h), h);

        public Tensor rsqrt() => Result(Native.lt_rsqrt(H, out TensorHandle h), h);

        public Tensor square() => Result(Native.lt_square(H, out TensorHandle h), h);

        public Tensor reciprocal() => Result(Native.lt_reciprocal(H, out TensorHandle h), h);

        public Tensor sin() => Result(Native.lt_sin(H, out TensorHandle h), h);

        public Tensor cos() => Result(Native.lt_cos(H, out TensorHandle h), h);

        public Tensor tanh() => Result(Native.lt_tanh(H, out TensorHandle h), h);

        public Tensor atanh() => Result(Native.lt_atanh(H, out TensorHandle h), h);

        public Tensor erf() => Result(Native.lt_erf(H, out TensorHandle h), h);

        public Tensor erfinv() => Result(Native.lt_erfinv(H, out TensorHandle h), h);

        public Tensor sigmoid() => Result(Native.lt_sigmoid(H, out TensorHandle h), h);

        public Tensor floor() => Result(Native.lt_floor(H, out TensorHandle h), h);

        public Tensor ceil() => Result(Native.lt_ceil(H, out TensorHandle h), h);

        public Tensor round() => Result(Native.lt_round(H, out TensorHandle h), h);

        public Tensor sign() => Result(Native.lt_sign(H, out TensorHandle h), h);

        public Tensor isnan() => Result(Native.lt_isnan(H, out TensorHandle h), h);

        public Tensor isfinite() => Result(Native.lt_isfinite(H, out TensorHandle h), h);

        public Tensor logical_not() => Result(Native.lt_logical_not(H, out TensorHandle h), h);

        public Tensor relu() => Result(Native.lt_relu(H, out TensorHandle h), h);

        public Tensor silu() => Result(Native.lt_silu(H, out TensorHandle h), h);

        internal Tensor mish() => Result(Native.lt_mish(H, out TensorHandle h), h);

        /// <summary>x · Φ(x), by the error function.</summary>
        public Tensor gelu() => Result(Native.lt_gelu(H, 0, out TensorHandle h), h);

        /// <summary>Kept between limits; null is no limit.</summary>
        public unsafe Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            NativeScalar low = min?.Value ?? default, high = max?.Value ?? default;
            return Result(Native.lt_clamp(H, min is null ? null : &low, max is null ? null : &high, out TensorHandle h), h);
        }

        public Tensor softmax(long dim, ScalarType? dtype = null) => Result(Native.lt_softmax(H, dim, dtype is { } type ? (int)type : -1, out TensorHandle h), h);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Result(Native.lt_log_softmax(H, dim, dtype is { } type ? (int)type : -1, out TensorHandle h), h);

        public Tensor sum(ScalarType? type = null) => Result(Native.lt_sum(H, type is { } t ? (int)t : -1, out TensorHandle h), h);

        /// <summary>Over some dimensions.</summary>
        public Tensor sum(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Result(Native.lt_sum_dims(H, dimensions, dimensions.Length, keepdim ? 1 : 0, type is { } t ? (int)t : -1, out TensorHandle h), h);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        // Without it, the literal 0 is a ScalarType: sum(0) would be a sum of everything, as bytes.
        public Tensor sum(int dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor mean(ScalarType? type = null) => Result(Native.lt_mean(H, type is { } t ? (int)t : -1, out TensorHandle h), h);

        /// <summary>Over some dimensions.</summary>
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Result(Native.lt_mean_dims(H, dimensions, dimensions.Length, keepdim ? 1 : 0, type is { } t ? (int)t : -1, out TensorHandle h), h);

        public Tensor mean(long dim, bool keepdim = false, ScalarType? type = null) => mean([dim], keepdim, type);

        public Tensor mean(int dim, bool keepdim = false, ScalarType? type = null) => mean([dim], keepdim, type);

        public Tensor std(bool unbiased = true) => Result(Native.lt_std(H, [], 0, unbiased ? 1 : 0, 0, out TensorHandle h), h);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false) => Result(Native.lt_std(H, [dim], 1, unbiased ? 1 : 0, keepdim ? 1 : 0, out TensorHandle h), h);

        public Tensor var(bool unbiased = true) => Result(Native.lt_var(H, [], 0, unbiased ? 1 : 0, 0, out TensorHandle h), h);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false) => Result(Native.lt_var(H, [dim], 1, unbiased ? 1 : 0, keepdim ? 1 : 0, out TensorHandle h), h);

        public Tensor max() => Result(Native.lt_max(H, out TensorHandle h), h);

        /// <summary>Along a dimension, and where.</summary>
        public (Tensor values, Tensor indices) max(long dim, bool keepdim = false) =>
            Results(Native.lt_max_dim(H, dim, keepdim ? 1 : 0, out TensorHandle values, out TensorHandle indices), values, indices);

        public Tensor min() => Result(Native.lt_min(H, out TensorHandle h), h);

        /// <summary>Along a dimension, and where.</summary>
        public (Tensor values, Tensor indices) min(long dim, bool keepdim = false) =>
            Results(Native.lt_min_dim(H, dim, keepdim ? 1 : 0, out TensorHandle values, out TensorHandle indices), values, indices);

        public (Tensor values, Tensor indices) sort(long dim = -1, bool descending = false) =>
            Results(Native.lt_sort(H, dim, descending ? 1 : 0, out TensorHandle values, out TensorHandle indices), values, indices);

        public Tensor all() => Result(Native.lt_all(H, out TensorHandle h), h);

        public Tensor any() => Result(Native.lt_any(H, out TensorHandle h), h);

        public Tensor argmax() => Result(Native.lt_argmax(H, 1, 0, 0, out TensorHandle h), h);

        public Tensor argmax(long dim, bool keepdim = false) => Result(Native.lt_argmax(H, 0, dim, keepdim ? 1 : 0, out TensorHandle h), h);

        public Tensor argmin() => Result(Native.lt_argmin(H, 1, 0, 0, out TensorHandle h), h);

        public Tensor argmin(long dim, bool keepdim = false) => Result(Native.lt_argmin(H, 0, dim, keepdim ? 1 : 0, out TensorHandle h), h);

        public Tensor norm(float p = 2) => Result(Native.lt_norm(H, NativeScalar.Of((double)p), out TensorHandle h), h);

        public Tensor logsumexp(long dim, bool keepdim = false) => Result(Native.lt_logsumexp(H, [dim], 1, keepdim ? 1 : 0, out TensorHandle h), h);

        public Tensor cumsum(long dim) => Result(Native.lt_cumsum(H, dim, out TensorHandle h), h);
    }
}
