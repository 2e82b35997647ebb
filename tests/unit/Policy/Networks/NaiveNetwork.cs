using Legato.Policy.Bundles;
using Legato.Policy.Networks;

namespace Legato.Tests.Policy.Networks;

/// <summary>The same networks in double precision, one sum after the other, with nothing of the code that is tested.</summary>
internal static class NaiveNetwork
{
    public static double[] Evaluate(NetworkDescription description, IReadOnlyDictionary<string, SafeTensor> tensors, IEnumerable<float> input, string prefix = "")
    {
        double[] x = [.. input.Select(v => (double)v)];
        if (description.Normalization is { } normalization)
        {
            double[] mean = Values("normalization.mean"), std = Values("normalization.std");
            double clip = normalization.Clip ?? double.PositiveInfinity;
            x = [.. x.Select((v, i) => Math.Clamp((v - mean[i]) / std[i], -clip, clip))];
        }
        for (int n = 0; n < description.Layers.Count; n++)
        {
            x = description.Layers[n] switch
            {
                LinearLayer linear => Linear(x, Values($"{n}.weight"), linear.Bias ? Values($"{n}.bias") : new double[linear.Outputs]),
                LayerNormLayer norm => LayerNorm(x, Values($"{n}.weight"), Values($"{n}.bias"), norm.Epsilon),
                ActivationLayer activation => [.. x.Select(v => Activate(activation.Function, v))],
                _ => throw new NotSupportedException(),
            };
        }
        return x;

        double[] Values(string name)
        {
            var floats = new float[tensors[prefix + name].Count];
            tensors[prefix + name].CopyTo(0, floats);
            return [.. floats.Select(v => (double)v)];
        }
    }

    public static double Activate(ActivationFunction function, double x) => function switch
    {
        ActivationFunction.Identity => x,
        ActivationFunction.Relu => double.IsNaN(x) ? x : Math.Max(x, 0),
        ActivationFunction.Tanh => Math.Tanh(x),
        ActivationFunction.Gelu => 0.5 * x * (1 + Erf(x / Math.Sqrt(2))),
        ActivationFunction.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        ActivationFunction.Silu => x / (1 + Math.Exp(-x)),
        ActivationFunction.Mish => x * Math.Tanh(x > 30 ? x : Math.Log(1 + Math.Exp(x))),
        _ => throw new NotSupportedException(),
    };

    /// <summary>By its Taylor series near 0, by the continued fraction of its complement elsewhere.</summary>
    public static double Erf(double x)
    {
        double size = Math.Abs(x);
        if (double.IsNaN(x) || size > 6)
            return double.IsNaN(x) ? x : Math.Sign(x);
        double value;
        if (size < 2.5)
        {
            double term = size;
            value = 0;
            for (int n = 0; Math.Abs(term) > 1e-18 * size; n++)
            {
                value += term / ((2 * n) + 1);
                term *= -size * size / (n + 1);
            }
            value *= 2 / Math.Sqrt(Math.PI);
        }
        else
        {
            double fraction = 0;
            for (int n = 100; n > 0; n--)
                fraction = 0.5 * n / (size + fraction);
            value = 1 - (Math.Exp(-size * size) / Math.Sqrt(Math.PI) / (size + fraction));
        }
        return Math.CopySign(value, x);
    }

    private static double[] Linear(double[] x, double[] weight, double[] bias) =>
        [.. bias.Select((b, row) => b + Enumerable.Range(0, x.Length).Sum(k => weight[(row * x.Length) + k] * x[k]))];

    private static double[] LayerNorm(double[] x, double[] weight, double[] bias, double epsilon)
    {
        double mean = x.Average(), variance = x.Average(v => (v - mean) * (v - mean));
        return [.. x.Select((v, i) => ((v - mean) / Math.Sqrt(variance + epsilon) * weight[i]) + bias[i])];
    }
}
