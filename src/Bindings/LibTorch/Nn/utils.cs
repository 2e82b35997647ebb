using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Gradients and parameters as a whole.</summary>
        public static class utils
        {
            /// <summary>Scales all gradients down so that their common norm is at most <paramref name="max_norm"/>; returns the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> parameters, double max_norm, double norm_type = 2)
            {
                using DisposeScope scope = NewDisposeScope();
                using IDisposable frozen = no_grad();
                Tensor[] gradients = [.. parameters.Select(p => p.grad).OfType<Tensor>()];
                if (gradients.Length == 0)
                    return 0;
                double total = stack([.. gradients.Select(g => g.norm((float)norm_type))]).norm((float)norm_type).ToDouble();
                double factor = max_norm / (total + 1e-6);
                if (factor < 1)
                {
                    foreach (Tensor gradient in gradients)
                        gradient.mul_(factor);
                }
                return total;
            }

            /// <summary>Keeps every element of the gradients within ±<paramref name="clip_value"/>.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> parameters, double clip_value)
            {
                using DisposeScope scope = NewDisposeScope();
                using IDisposable frozen = no_grad();
                foreach (Parameter parameter in parameters)
                    parameter.grad?.clamp_(-clip_value, clip_value);
            }

            /// <summary>All elements in one row.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Tensor> parameters) => WrappedTensorDisposeScope(() => cat([.. parameters.Select(p => p.reshape(-1))]));

            /// <summary>Overwrites the parameters by the elements of a row.</summary>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Tensor> parameters)
            {
                using DisposeScope scope = NewDisposeScope();
                using IDisposable frozen = no_grad();
                Tensor[] all = [.. parameters];
                long at = 0, needed = all.Sum(p => p.NumberOfElements);
                if (vec.NumberOfElements != needed)
                    throw new ArgumentException($"{vec.NumberOfElements} elements for parameters of {needed}", nameof(vec));
                foreach (Tensor parameter in all)
                {
                    long count = parameter.NumberOfElements;
                    parameter.copy_(vec.narrow(0, at, count).view(parameter.shape));
                    at += count;
                }
            }
        }
    }
}
