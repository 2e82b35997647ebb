using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);

        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);

        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);

        public static Tensor operator -(Scalar left, Tensor right) => Result(Native.lt_rsub_scalar(right.H, left.Value, out TensorHandle h), h);

        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);

        public static Tensor operator /(Scalar left, Tensor right)
        {
            using Tensor inverse = right.reciprocal();
            return inverse.mul(left);
        }

        public static Tensor operator -(Tensor tensor) => tensor.neg();

        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);

        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);

        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);

        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);

        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);

        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);

        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);

        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);

        /// <summary>This + <paramref name="alpha"/> · <paramref name="target"/>.</summary>
        public Tensor add(Tensor target, Scalar? alpha = null) => Result(Native.lt_add(H, target.H, (alpha ?? 1).Value, out TensorHandle h), h);

        public Tensor add(Scalar scalar) => Result(Native.lt_add_scalar(H, scalar.Value, out TensorHandle h), h);

        public Tensor sub(Tensor target) => Result(Native.lt_sub(H, target.H, NativeScalar.Of(1L), out TensorHandle h), h);

        public Tensor sub(Scalar scalar) => Result(Native.lt_sub_scalar(H, scalar.Value, out TensorHandle h), h);

        public Tensor mul(Tensor target) => Result(Native.lt_mul(H, target.H, out TensorHandle h), h);

        public Tensor mul(Scalar scalar) => Result(Native.lt_mul_scalar(H, scalar.Value, out TensorHandle h), h);

        public Tensor div(Tensor target) => Result(Native.lt_div(H, target.H, out TensorHandle h), h);

        public Tensor div(Scalar scalar) => Result(Native.lt_div_scalar(H, scalar.Value, out TensorHandle h), h);

        public Tensor pow(Tensor target) => Result(Native.lt_pow(H, target.H, out TensorHandle h), h);

        public Tensor pow(Scalar scalar) => Result(Native.lt_pow_scalar(H, scalar.Value, out TensorHandle h), h);

        public Tensor eq(Tensor target) => Result(Native.lt_eq(H, target.H, out TensorHandle h), h);

        public Tensor eq(Scalar scalar) => Result(Native.lt_eq_scalar(H, scalar.Value, out TensorHandle h), h);

        public Tensor ne(Tensor target) => Result(Native.lt_ne(H, target.H, out TensorHandle h), h);

        public Tensor ne(Scalar scalar) => Result(Native.lt_ne_scalar(H, scalar.Value, out TensorHandle h), h);

        public Tensor lt(Tensor target) => Result(Native.lt_lt(H, target.H, out TensorHandle h), h);

        public Tensor lt(Scalar scalar) => Result(Native.lt_lt_scalar(H, scalar.Value, out TensorHandle h), h);

        public Tensor le(Tensor target) => Result(Native.lt_le(H, target.H, out TensorHandle h), h);

        public Tensor le(Scalar scalar) => Result(Native.lt_le_scalar(H, scalar.Value, out TensorHandle h), h);

        public Tensor gt(Tensor target) => Result(Native.lt_gt(H, target.H, out TensorHandle h), h);

        public Tensor gt(Scalar scalar) => Result(Native.lt_gt_scalar(H, scalar.Value, out TensorHandle h), h);

        public Tensor ge(Tensor target) => Result(Native.lt_ge(H, target.H, out TensorHandle h), h);

        public Tensor ge(Scalar scalar) => Result(Native.lt_ge_scalar(H, scalar.Value, out TensorHandle h), h);

        public Tensor maximum(Tensor other) => Result(Native.lt_maximum(H, other.H, out TensorHandle h), h);

        public Tensor minimum(Tensor other) => Result(Native.lt_minimum(H, other.H, out TensorHandle h), h);

        public Tensor logical_and(Tensor other) => Result(Native.lt_logical_and(H, other.H, out TensorHandle h), h);

        public Tensor logical_or(Tensor other) => Result(Native.lt_logical_or(H, other.H, out TensorHandle h), h);

        public Tensor matmul(Tensor other) => Result(Native.lt_matmul(H, other.H, out TensorHandle h), h);

        public Tensor mm(Tensor other) => Result(Native.lt_mm(H, other.H, out TensorHandle h), h);

        public Tensor bmm(Tensor other) => Result(Native.lt_bmm(H, other.H, out TensorHandle h), h);

        public Tensor mv(Tensor other) => Result(Native.lt_mv(H, other.H, out TensorHandle h), h);

        /// <summary>beta · this + alpha · matrix · vector.</summary>
        public Tensor addmv(Tensor matrix, Tensor vector, float beta = 1, float alpha = 1) =>
            Result(Native.lt_addmv(H, matrix.H, vector.H, NativeScalar.Of((double)beta), NativeScalar.Of((double)alpha), out TensorHandle h), h);

        /// <summary>beta · this + alpha · a · b.</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Result(Native.lt_addmm(H, mat1.H, mat2.H, NativeScalar.Of((double)beta), NativeScalar.Of((double)alpha), out TensorHandle h), h);
    }
}
