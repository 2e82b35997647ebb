using Legato.Policy.Bundles;
using Legato.Policy.Networks;

namespace Legato.Tests.Policy.Networks;

/// <summary>What libtorch 1.13.1 gave for the same weights and observations, written by libtorch_reference.cpp beside this file.</summary>
public class LibtorchReferenceTests
{
    private const double Tolerance = 1e-5;

    private static readonly float[] Small =
    [
        -0.631005168f, -0.409677684f, 0.750968575f, -0.0841362923f, -0.228834301f, -1.12544155f, -0.687521279f, 0.059836939f, 0.0158895254f,
    ];

    private static readonly float[] Control =
    [
        -0.976420522f, -0.917334378f, 0.609155774f, -0.502347052f, -0.209465653f, -1.09700799f, -1.50756431f, 0.412460625f, 1.02812171f,
        -0.0476520956f, -1.28231466f, -0.989505529f, -0.523763716f, 0.476559103f, 0.978342891f, -0.16997844f, -0.662592471f, -0.731776416f,
        1.63467145f, 0.721990705f, -0.70509243f, -0.676324069f, 0.0502903461f, 1.02566624f, -0.986815035f, 0.234163165f, 0.503334999f,
        -1.38502145f, -0.984540939f, 0.740015924f, 0.490232021f, -0.670133829f, 0.740172446f, -0.104666695f, 1.28249836f, -1.60901213f,
        1.4451313f, 0.834978402f, -1.03900778f, 0.497334063f, -0.178649873f, 0.146883443f, -1.33457565f, -0.334979326f, 0.766321659f,
    ];

    private static readonly float[] Large =
    [
        -0.904227853f, 0.162571087f, -1.0567106f, -0.0977320671f, -0.0577771962f, -0.221761063f, 0.0501433015f, -0.114694506f, 0.289795309f,
        -0.772708356f, 0.673323214f, 1.68698406f, 0.532880664f, 0.0571829453f, 0.838152468f, 0.842020988f, 0.498360634f, 0.127236694f,
        -0.358426154f, -0.689324021f, -0.621001244f, -0.651337624f, 0.421693325f, -0.360059261f, 0.878271997f, 0.293806136f, -0.160047144f,
        0.445663393f, 0.228587121f, 0.150256708f, -0.219500437f, 0.964067638f, -0.0928132087f, -0.899320483f, -0.300482988f, 1.26908827f,
        -0.0775790513f, -0.291730225f, 1.24631131f, -0.400071442f, 0.850978017f, -0.588821888f, 0.948055506f, -0.797951996f, -1.74313736f,
    ];

    [Fact]
    public void EveryKindOfLayerGivesWhatLibtorchGives() => AssertSame(Small, 17,
    [
        new LinearLayer(33), new LayerNormLayer(), new ActivationLayer(ActivationFunction.Gelu),
        new LinearLayer(40), new ActivationLayer(ActivationFunction.Mish), new LayerNormLayer(), new ActivationLayer(ActivationFunction.Silu),
        new LinearLayer(24), new ActivationLayer(ActivationFunction.GeluTanh),
        new LinearLayer(65), new ActivationLayer(ActivationFunction.Tanh), new ActivationLayer(ActivationFunction.Relu),
        new LinearLayer(9),
    ]);

    [Fact]
    public void ThePolicyOfTheControlLoopGivesWhatLibtorchGives() => AssertSame(Control, 400, [.. Hidden(256), .. Hidden(256), .. Hidden(256), new LinearLayer(45)]);

    [Fact]
    public void TheLargePolicyGivesWhatLibtorchGives() => AssertSame(Large, 1144, [.. Hidden(1024), .. Hidden(256), new LinearLayer(45)]);

    [Fact]
    public void ActivationsGiveWhatLibtorchGivesAtInfinityToo()
    {
        float[] x = [float.NegativeInfinity, -20, -5, -1, -0.5f, -1e-3f, 0, 1e-3f, 0.5f, 1, 5, 20, 100, float.PositiveInfinity, float.NaN];
        var expected = new Dictionary<ActivationFunction, float[]>
        {
            [ActivationFunction.Relu] = [0, 0, 0, 0, 0, 0, 0, 0.00100000005f, 0.5f, 1, 5, 20, 100, float.PositiveInfinity, float.NaN],
            [ActivationFunction.Tanh] = [-1, -1, -0.999909222f, -0.761594176f, -0.462117165f, -0.000999999698f, 0, 0.000999999698f, 0.462117165f, 0.761594176f, 0.999909222f, 1, 1, 1, float.NaN],
            [ActivationFunction.Gelu] = [float.NaN, 0, -1.49011612e-06f, -0.158655286f, -0.154268786f, -0.000499601127f, 0, 0.000500398921f, 0.345731199f, 0.841344714f, 4.99999857f, 20, 100, float.PositiveInfinity, float.NaN],
            [ActivationFunction.GeluTanh] = [float.NaN, -0, -2.98023224e-07f, -0.158807993f, -0.154285997f, -0.000499601068f, 0, 0.000500398979f, 0.345714003f, 0.841192007f, 4.99999952f, 20, 100, float.PositiveInfinity, float.NaN],
            [ActivationFunction.Silu] = [float.NaN, -4.12230747e-08f, -0.0334642529f, -0.268941432f, -0.188770339f, -0.000499750022f, 0, 0.000500250026f, 0.311229676f, 0.731058598f, 4.96653557f, 20, 100, float.PositiveInfinity, float.NaN],
            [ActivationFunction.Mish] = [float.NaN, -4.12230747e-08f, -0.0335762352f, -0.30340144f, -0.22074376f, -0.000599680003f, 0, 0.000600320054f, 0.375245243f, 0.865098357f, 4.99955225f, 20, 100, float.PositiveInfinity, float.NaN],
        };
        foreach ((ActivationFunction function, float[] values) in expected)
        {
            foreach (float[] y in EvaluateAll(new NetworkDescription { Inputs = x.Length, Layers = [new ActivationLayer(function)] }, new Dictionary<string, SafeTensor>(), x))
            {
                for (int i = 0; i < x.Length; i++)
                    Assert.True(values[i].Equals(y[i]) || Math.Abs(values[i] - y[i]) < 1e-6, $"{function} of {x[i]}: {y[i]}, libtorch {values[i]}");
            }
        }
    }

    private static LayerDescription[] Hidden(int outputs) => [new LinearLayer(outputs), new LayerNormLayer(), new ActivationLayer(ActivationFunction.Gelu)];

    private static void AssertSame(float[] expected, int inputs, IReadOnlyList<LayerDescription> layers)
    {
        var description = new NetworkDescription { Inputs = inputs, Layers = layers };
        uint number = 0;
        float[] x = [.. Hashed(inputs, number++).Select(v => 4 * v)];
        var tensors = new Dictionary<string, SafeTensor>();
        foreach (TensorRequirement tensor in description.Tensors())
        {
            float[] values = Hashed(NetworkSamples.Volume(tensor.Shape), number++);
            bool isMatrix = tensor.Shape.Count == 2, isScale = !isMatrix && tensor.Name.EndsWith("weight", StringComparison.Ordinal);
            float factor = isMatrix ? 4 / MathF.Sqrt(tensor.Shape[1]) : 1, offset = isScale ? 1 : 0;
            tensors[tensor.Name] = new SafeTensor<float>(tensor.Shape, [.. values.Select(v => (v * factor) + offset)]);
        }
        foreach (float[] y in EvaluateAll(description, tensors, x))
            Assert.InRange(NetworkSamples.Error(expected.Select(v => (double)v), y), 0, Tolerance);
    }

    private static IEnumerable<float[]> EvaluateAll(NetworkDescription description, Dictionary<string, SafeTensor> tensors, float[] x)
    {
        NetworkWeights weights = NetworkWeights.Load(description, tensors, "test");
        return NetworkSamples.Widths.Select(width =>
        {
            var y = new float[description.Outputs];
            new FeedForwardNetwork(weights, width).Evaluate(x, y);
            return y;
        });
    }

    // The same numbers as in the reference.
    private static float[] Hashed(int count, uint tensor)
    {
        var values = new float[count];
        for (uint i = 0; i < count; i++)
        {
            uint h = (i * 2654435761u) + (tensor * 40503u);
            h ^= h >> 15;
            h *= 2246822519u;
            h ^= h >> 13;
            values[i] = ((h >> 8) * (1 / 16777216f)) - 0.5f;
        }
        return values;
    }
}
