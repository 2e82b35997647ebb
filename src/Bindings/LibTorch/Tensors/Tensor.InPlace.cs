using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // These change the tensor and return it: it is not to be disposed twice.
    public partial class Tensor
    {
        /// <summary>Adds <paramref name="alpha"/> · <paramref name="target"/>.</summary>
        public Tensor add_(Tensor target, Scalar? alpha = null) => Changed(Native.lt_add_(H, target.H, (alpha ?? 1).Value));

        public Tensor add_(Scalar scalar) => Changed(Native.lt_add_scalar_(H, scalar.Value));

        public Tensor sub_(Tensor target) => Changed(Native.lt_sub_(H, target.H, NativeScalar.Of(1L)));

        public Tensor mul_(Tensor target) => Changed(Native.lt_mul_(H, target.H));

        public Tensor mul_(Scalar scalar) => Changed(Native.lt_mul_scalar_(H, scalar.Value));

        public Tensor div_(Tensor target) => Changed(Native.lt_div_(H, target.H));

        public Tensor div_(Scalar scalar) => Changed(Native.lt_div_scalar_(H, scalar.Value));

        /// <summary>Adds value · tensor1 · tensor2.</summary>
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Changed(Native.lt_addcmul_(H, tensor1.H, tensor2.H, value.Value));

        /// <summary>Adds value · tensor1 / tensor2.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Changed(Native.lt_addcdiv_(H, tensor1.H, tensor2.H, value.Value));

        /// <summary>Moves towards <paramref name="end"/> by a share of the distance.</summary>
        public Tensor lerp_(Tensor end, Scalar weight) => Changed(Native.lt_lerp_(H, end.H, weight.Value));

        public Tensor sqrt_() => Changed(Native.lt_sqrt_(H));

        public Tensor exp_() => Changed(Native.lt_exp_(H));

        public Tensor clamp_(Scalar min, Scalar max) => Changed(Native.lt_clamp_(H, min.Value, max.Value));

        internal Tensor maximum_(Tensor other) => Changed(Native.lt_maximum_(H, other.H));

        /// <summary>Overwrites the elements; shapes are broadcast, types converted.</summary>
        public Tensor copy_(Tensor source) => Changed(Native.lt_copy_(H, source.H));

        public Tensor fill_(Scalar value) => Changed(Native.lt_fill_(H, value.Value));

        public Tensor zero_() => Changed(Native.lt_fill_(H, NativeScalar.Of(0L)));

        public Tensor normal_(double mean = 0, double stddev = 1, Generator? generator = null) => Changed(Native.lt_normal_(H, mean, stddev, Generator.HandleOf(generator)));

        public Tensor uniform_(double from = 0, double to = 1, Generator? generator = null) => Changed(Native.lt_uniform_(H, from, to, Generator.HandleOf(generator)));

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Changed(Native.lt_bernoulli_(H, p, Generator.HandleOf(generator)));

        private Tensor Changed(int status)
        {
            Status.Check(status);
            return this;
        }
    }
}
