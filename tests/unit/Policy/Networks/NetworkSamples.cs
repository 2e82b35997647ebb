using Legato.Policy.Bundles;
using Legato.Policy.Networks;
using Legato.Policy.Networks.Vectors;

namespace Legato.Tests.Policy.Networks;

/// <summary>Networks and observations at random.</summary>
internal static class NetworkSamples
{
    public static readonly VectorWidth[] Widths = [VectorWidth.Bits128, VectorWidth.Bits256, VectorWidth.Bits512];

    public static int Volume(IEnumerable<int> shape) => shape.Aggregate(1, (a, b) => a * b);

    public static float[] Vector(Random random, int length, float size = 2) => [.. Enumerable.Range(0, length).Select(_ => size * ((2 * random.NextSingle()) - 1))];

    /// <summary>Weights that keep values near 1.</summary>
    public static Dictionary<string, SafeTensor> Tensors(NetworkDescription description, Random random, string prefix = "") =>
        description.Tensors(prefix).ToDictionary(t => t.Name, t => (SafeTensor)new SafeTensor<float>(t.Shape, t.Name.EndsWith(ObservationNormalization.Std, StringComparison.Ordinal)
            ? [.. Vector(random, t.Shape[0]).Select(v => 0.1f + Math.Abs(v))]
            : Vector(random, Volume(t.Shape), t.Shape.Count == 2 ? 1 / MathF.Sqrt(t.Shape[1]) : 1)));

    /// <summary>Any layers in any order; narrow ones are not normalised, for there rounding is amplified.</summary>
    public static NetworkDescription Network(Random random, params int[] sizes)
    {
        var layers = new List<LayerDescription>();
        int inputs = sizes[random.Next(sizes.Length)], width = inputs;
        for (int i = random.Next(1, 8); i > 0; i--)
        {
            switch (random.Next(3))
            {
                case 0:
                    layers.Add(new LinearLayer(width = sizes[random.Next(sizes.Length)], random.Next(4) > 0));
                    break;
                case 1 when width > 8:
                    layers.Add(new LayerNormLayer(random.Next(2) == 0 ? 1e-5 : 1e-3));
                    break;
                default:
                    layers.Add(new ActivationLayer((ActivationFunction)random.Next(Enum.GetValues<ActivationFunction>().Length)));
                    break;
            }
        }
        return new NetworkDescription
        {
            Inputs = inputs,
            Layers = layers,
            Normalization = random.Next(3) switch { 0 => null, 1 => new(), _ => new(1.5) },
        };
    }

    /// <summary>The largest error, in units of 1 + |expected|; infinite if one is not a number.</summary>
    public static double Error(IEnumerable<double> expected, IEnumerable<float> actual) =>
        expected.Zip(actual, (e, a) => float.IsNaN(a) ? double.PositiveInfinity : Math.Abs(e - a) / (1 + Math.Abs(e))).Max();
}
