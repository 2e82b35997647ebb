namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>First values of parameters; they change the tensor and return it.</summary>
        public static class init
        {
            /// <summary>Which size keeps its variance.</summary>
            public enum FanInOut
            {
                FanIn,
                FanOut,
            }

            /// <summary>What follows the layer.</summary>
            public enum NonlinearityType
            {
                Linear,
                Conv1D,
                Conv2D,
                Conv3D,
                ConvTranspose1D,
                ConvTranspose2D,
                ConvTranspose3D,
                Sigmoid,
                Tanh,
                ReLU,
                LeakyReLU,
            }

            /// <summary>Factor that keeps the variance behind a nonlinearity.</summary>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + (param * param))),
                _ => 1,
            };

            public static Tensor zeros_(Tensor tensor) => Quietly(tensor, t => t.zero_());

            public static Tensor ones_(Tensor tensor) => Quietly(tensor, t => t.fill_(1));

            public static Tensor constant_(Tensor tensor, Scalar val) => Quietly(tensor, t => t.fill_(val));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) => Quietly(tensor, t => t.normal_(mean, std, generator));

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) => Quietly(tensor, t => t.uniform_(low, high, generator));

            /// <summary>Normal, drawn again outside [a, b]: by the inverse of the distribution.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null) => Quietly(tensor, t =>
            {
                double low = (2 * NormalCdf((a - mean) / std)) - 1, high = (2 * NormalCdf((b - mean) / std)) - 1;
                using Tensor quantiles = t.uniform_(low, high, generator).erfinv();
                t.copy_(quantiles).mul_(std * Math.Sqrt(2)).add_(mean).clamp_(a, b);
            });

            /// <summary>Glorot and Bengio 2010: U(±gain · √(6 / (in + out))).</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1, Generator? generator = null)
            {
                (long fanIn, long fanOut) = Fans(tensor);
                double bound = gain * Math.Sqrt(6.0 / (fanIn + fanOut));
                return uniform_(tensor, -bound, bound, generator);
            }

            /// <summary>Glorot and Bengio 2010: N(0, gain² · 2 / (in + out)).</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1, Generator? generator = null)
            {
                (long fanIn, long fanOut) = Fans(tensor);
                return normal_(tensor, 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut)), generator);
            }

            /// <summary>He et al. 2015: U(±gain · √(3 / fan)).</summary>
            public static Tensor kaiming_uniform_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU, Generator? generator = null)
            {
                (long fanIn, long fanOut) = Fans(tensor);
                double bound = calculate_gain(nonlinearity, a) * Math.Sqrt(3.0 / (mode == FanInOut.FanIn ? fanIn : fanOut));
                return uniform_(tensor, -bound, bound, generator);
            }

            /// <summary>Orthonormal rows or columns, times a gain: Saxe et al. 2013, by Gram and Schmidt, twice.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1, Generator? generator = null) => Quietly(tensor, t =>
            {
                long rows = t.size(0), columns = t.NumberOfElements / rows;
                using DisposeScope scope = NewDisposeScope();
                Tensor normal = randn([Math.Max(rows, columns), Math.Min(rows, columns)], ScalarType.Float64, generator: generator);
                // A row per basis vector: rows lie together in memory.
                Tensor basis = normal.t().contiguous();
                for (long c = 0; c < basis.size(0); c++)
                {
                    using DisposeScope step = NewDisposeScope();
                    Tensor v = basis.select(0, c), before = basis.narrow(0, 0, c), across = before.t();
                    for (int pass = 0; pass < 2 && c > 0; pass++)
                        v.sub_(across.matmul(before.matmul(v)));
                    v.div_(v.norm());
                }
                t.copy_((rows < columns ? basis : basis.t()).reshape(t.shape)).mul_(gain);
            });

            private static Tensor Quietly(Tensor tensor, Action<Tensor> change)
            {
                using IDisposable frozen = no_grad();
                change(tensor);
                return tensor;
            }

            private static (long In, long Out) Fans(Tensor tensor)
            {
                long[] shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException($"[{string.Join(", ", shape)}] has no fans: expected two dimensions or more", nameof(tensor));
                long field = shape[2..].Aggregate(1L, (a, b) => a * b);
                return (shape[1] * field, shape[0] * field);
            }

            // Abramowitz and Stegun 7.1.26 is too coarse for the tails: libtorch has the function.
            private static double NormalCdf(double x)
            {
                using Tensor t = tensor(x / Math.Sqrt(2), ScalarType.Float64), e = t.erf();
                return 0.5 * (1 + e.ToDouble());
            }
        }
    }
}
