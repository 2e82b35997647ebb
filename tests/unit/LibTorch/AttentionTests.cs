using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>Attention against loops over sequences, heads and pairs.</summary>
public sealed class AttentionTests : LibTorchTest
{
    private const int L = 3, S = 4, N = 2, E = 4, Heads = 2;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void AttentionWeighsValuesByQueriesAndKeys(bool masksKeys, bool masksPairs)
    {
        using MultiheadAttention attention = Filled(nn.MultiheadAttention(E, Heads), 5);
        double[] q = Numbers(1, L * N * E), k = Numbers(2, S * N * E), v = Numbers(3, S * N * E);
        bool[] keys = [false, false, true, false, false, true, false, false];
        bool[] pairs = [false, true, false, false, true, false, false, false, false, false, false, true];
        (double[] expected, double[] weights) = Attend(attention.state_dict(), "", q, k, v, L, S, (n, _, s) => masksKeys && keys[(n * S) + s] ? double.NegativeInfinity : 0, (l, s) => masksPairs && pairs[(l * S) + s] ? double.NegativeInfinity : 0);
        Tensor? keyMask = masksKeys ? tensor(keys).reshape(N, S) : null, pairMask = masksPairs ? tensor(pairs).reshape(L, S) : null;

        Tuple<Tensor, Tensor?> result = attention.call(Of(q, L, N, E), Of(k, S, N, E), Of(v, S, N, E), keyMask, true, pairMask);

        Assert.Equal([L, N, E], result.Item1.shape);
        Near(expected, result.Item1);
        Assert.Equal([N, L, S], result.Item2!.shape);
        Near(weights, result.Item2);
        Assert.Null(attention.call(Of(q, L, N, E), Of(k, S, N, E), Of(v, S, N, E), keyMask, false, pairMask).Item2);
    }

    [Fact]
    public void AMaskOfNumbersIsAddedToTheScores()
    {
        using MultiheadAttention attention = Filled(nn.MultiheadAttention(E, Heads, bias: false), 5);
        double[] q = Numbers(1, L * N * E), k = Numbers(2, S * N * E), v = Numbers(3, S * N * E), added = Numbers(4, L * S);
        (double[] expected, _) = Attend(attention.state_dict(), "", q, k, v, L, S, (_, _, _) => 0, (l, s) => added[(l * S) + s]);

        Near(expected, attention.call(Of(q, L, N, E), Of(k, S, N, E), Of(v, S, N, E), null, false, Of(added, L, S)).Item1);
        double[] byHead = Numbers(6, N * Heads * L * S);
        (expected, _) = Attend(attention.state_dict(), "", q, k, v, L, S, (_, _, _) => 0, null, byHead);
        Near(expected, attention.call(Of(q, L, N, E), Of(k, S, N, E), Of(v, S, N, E), null, false, Of(byHead, N * Heads, L, S)).Item1);
        Assert.Equal(["in_proj_weight", "out_proj.weight"], attention.state_dict().Keys);
    }

    [Theory]
    [InlineData(nn.Activations.ReLU)]
    [InlineData(nn.Activations.GELU)]
    public void TheEncoderIsItsLayersOneAfterAnother(nn.Activations activation)
    {
        using TransformerEncoderLayer layer = nn.TransformerEncoderLayer(E, Heads, 5, 0.1, activation);
        using TransformerEncoder encoder = nn.TransformerEncoder(layer, 2);
        Assert.Equal(Values(layer.linear1.weight), Values(encoder.layers[1].linear1.weight));
        Filled(encoder, 9).eval();
        Dictionary<string, Tensor> state = encoder.state_dict();
        double[] x = Numbers(1, L * N * E);
        bool[] keys = [false, false, true, false, true, false];
        bool[] pairs = [false, true, true, false, false, true, false, false, false];
        double[] expected = x;
        for (int i = 0; i < 2; i++)
            expected = Layer(state, $"layers.{i}.", expected, keys, pairs, activation);

        Near(expected, encoder.call(Of(x, L, N, E), tensor(pairs).reshape(L, L), tensor(keys).reshape(N, L)), 1e-6);
        Assert.NotEqual(expected, Values(encoder.call(Of(x, L, N, E))));
        encoder.train();
        Assert.NotEqual(Values(encoder.call(Of(x, L, N, E))), Values(encoder.call(Of(x, L, N, E))));
    }

    [Fact]
    public void NamesOfTheStateAreLibtorchs()
    {
        using TransformerEncoder encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(E, Heads, 5), 1);

        Assert.Equal(
            [
                "self_attn.in_proj_weight", "self_attn.in_proj_bias", "self_attn.out_proj.weight", "self_attn.out_proj.bias", "linear1.weight", "linear1.bias",
                "linear2.weight", "linear2.bias", "norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias",
            ],
            encoder.state_dict().Keys.Select(k => k["layers.0.".Length..]));
    }

    // Attention and feed-forward, each added to its input and normalised.
    private static double[] Layer(Dictionary<string, Tensor> state, string prefix, double[] x, bool[] keys, bool[] pairs, nn.Activations activation)
    {
        (double[] attended, _) = Attend(state, prefix + "self_attn.", x, x, x, L, L, (n, _, s) => keys[(n * L) + s] ? double.NegativeInfinity : 0, (l, s) => pairs[(l * L) + s] ? double.NegativeInfinity : 0);
        double[] first = Norm("norm1", [.. x.Zip(attended, (a, b) => a + b)]);
        double[] inner = [.. Affine(first, Weight("linear1.weight"), Weight("linear1.bias"), E).Select(v => activation == nn.Activations.ReLU ? Math.Max(0, v) : v * Phi(v))];
        return Norm("norm2", [.. first.Zip(Affine(inner, Weight("linear2.weight"), Weight("linear2.bias"), 5), (a, b) => a + b)]);

        double[] Weight(string name) => Values(state[prefix + name]);

        double[] Norm(string name, double[] rows) => [.. rows.Chunk(E).SelectMany(row =>
        {
            double mean = row.Average(), deviation = Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + 1e-5);
            return row.Select((v, i) => ((v - mean) / deviation * Weight($"{name}.weight")[i]) + Weight($"{name}.bias")[i]);
        })];
    }

    // The distribution of the normal, by Simpson's rule from 0.
    private static double Phi(double x)
    {
        const int steps = 2000;
        double h = x / steps, sum = 1 + Math.Exp(-x * x / 2);
        for (int i = 1; i < steps; i++)
            sum += (i % 2 == 1 ? 4 : 2) * Math.Exp(-i * h * i * h / 2);
        return 0.5 + (sum * h / 3 / Math.Sqrt(2 * Math.PI));
    }

    private static double[] Affine(double[] rows, double[] w, double[]? b, int inputs)
    {
        int outputs = w.Length / inputs;
        double[] y = new double[rows.Length / inputs * outputs];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = b?[i % outputs] ?? 0;
            for (int j = 0; j < inputs; j++)
                y[i] += w[(i % outputs * inputs) + j] * rows[(i / outputs * inputs) + j];
        }
        return y;
    }

    private static (double[] Output, double[] Weights) Attend(
        Dictionary<string, Tensor> state, string prefix, double[] query, double[] key, double[] value, int length, int keys, Func<int, int, int, double> keyMask, Func<int, int, double>? pairMask, double[]? headMask = null)
    {
        double[] w = Values(state[prefix + "in_proj_weight"]);
        double[]? b = state.TryGetValue(prefix + "in_proj_bias", out Tensor? bias) ? Values(bias) : null;
        double[] q = Part(query, 0), k = Part(key, 1), v = Part(value, 2), mixed = new double[length * N * E], mean = new double[N * length * keys];
        const int width = E / Heads;
        for (int n = 0; n < N; n++)
        {
            for (int head = 0; head < Heads; head++)
            {
                for (int l = 0; l < length; l++)
                {
                    double[] scores = new double[keys];
                    for (int s = 0; s < keys; s++)
                    {
                        for (int i = head * width; i < (head + 1) * width; i++)
                            scores[s] += q[(((l * N) + n) * E) + i] * k[(((s * N) + n) * E) + i] / Math.Sqrt(width);
                        scores[s] += keyMask(n, l, s) + (pairMask?.Invoke(l, s) ?? headMask![(((((n * Heads) + head) * length) + l) * keys) + s]);
                    }
                    double total = scores.Sum(Math.Exp);
                    for (int s = 0; s < keys; s++)
                    {
                        double share = Math.Exp(scores[s]) / total;
                        mean[(((n * length) + l) * keys) + s] += share / Heads;
                        for (int i = head * width; i < (head + 1) * width; i++)
                            mixed[(((l * N) + n) * E) + i] += share * v[(((s * N) + n) * E) + i];
                    }
                }
            }
        }
        return (Affine(mixed, Values(state[prefix + "out_proj.weight"]), state.TryGetValue(prefix + "out_proj.bias", out Tensor? last) ? Values(last) : null, E), mean);

        double[] Part(double[] rows, int which) => Affine(rows, w[(which * E * E)..((which + 1) * E * E)], b?[(which * E)..((which + 1) * E)], E);
    }
}
