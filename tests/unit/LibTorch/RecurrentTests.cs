using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>Recurrent layers against their equations, one step and one sequence at a time.</summary>
public sealed class RecurrentTests : LibTorchTest
{
    private const int Length = 4, Batch = 2, Inputs = 3, Hidden = 2;

    private delegate (double[] H, double[] C) Cell(double[] x, double[] h, double[] c, string suffix);

    [Theory]
    [InlineData(1, false, false, true)]
    [InlineData(2, false, true, true)]
    [InlineData(2, true, false, true)]
    [InlineData(2, true, true, false)]
    public void LstmFollowsItsEquations(int layers, bool bidirectional, bool batchFirst, bool bias)
    {
        using LSTM lstm = Filled(nn.LSTM(Inputs, Hidden, layers, bias, batchFirst, 0, bidirectional), 3);
        Dictionary<string, Tensor> weights = lstm.state_dict();
        int states = layers * (bidirectional ? 2 : 1);
        double[] x = Numbers(70, Length * Batch * Inputs), h = Numbers(71, states * Batch * Hidden), c = Numbers(72, states * Batch * Hidden);
        Cell cell = (input, before, memory, suffix) =>
        {
            double[] gates = Gates(weights, 4, input, before, suffix, out double[] fromState);
            double[] next = new double[Hidden], output = new double[Hidden];
            for (int i = 0; i < Hidden; i++)
            {
                double At(int gate) => gates[(gate * Hidden) + i] + fromState[(gate * Hidden) + i];
                next[i] = (Sigmoid(At(1)) * memory[i]) + (Sigmoid(At(0)) * Math.Tanh(At(2)));
                output[i] = Sigmoid(At(3)) * Math.Tanh(next[i]);
            }
            return (output, next);
        };
        (double[] expected, double[] lastH, double[] lastC) = Unrolled(cell, x, h, c, layers, bidirectional);

        Tensor input = Of(x, Length, Batch, Inputs);
        (Tensor y, Tensor hn, Tensor cn) = lstm.call(batchFirst ? input.transpose(0, 1) : input, (Of(h, states, Batch, Hidden), Of(c, states, Batch, Hidden)));

        Near(expected, batchFirst ? y.transpose(0, 1) : y);
        Near(lastH, hn);
        Near(lastC, cn);
        Tensor none = zeros([states, Batch, Hidden], float64), given = batchFirst ? input.transpose(0, 1) : input;
        Near(Values(lstm.call(given, (none, none)).Item1), lstm.call(given).Item1);
    }

    [Theory]
    [InlineData(1, false, false, true)]
    [InlineData(2, true, true, true)]
    [InlineData(3, false, false, false)]
    public void GruFollowsItsEquations(int layers, bool bidirectional, bool batchFirst, bool bias)
    {
        using GRU gru = Filled(nn.GRU(Inputs, Hidden, layers, bias, batchFirst, 0, bidirectional), 3);
        Dictionary<string, Tensor> weights = gru.state_dict();
        int states = layers * (bidirectional ? 2 : 1);
        double[] x = Numbers(70, Length * Batch * Inputs), h = Numbers(71, states * Batch * Hidden);
        Cell cell = (input, before, _, suffix) =>
        {
            double[] gates = Gates(weights, 3, input, before, suffix, out double[] fromState);
            double[] output = new double[Hidden];
            for (int i = 0; i < Hidden; i++)
            {
                double reset = Sigmoid(gates[i] + fromState[i]), update = Sigmoid(gates[Hidden + i] + fromState[Hidden + i]);
                double proposed = Math.Tanh(gates[(2 * Hidden) + i] + (reset * fromState[(2 * Hidden) + i]));
                output[i] = ((1 - update) * proposed) + (update * before[i]);
            }
            return (output, output);
        };
        (double[] expected, double[] last, _) = Unrolled(cell, x, h, h, layers, bidirectional);

        Tensor input = Of(x, Length, Batch, Inputs), given = batchFirst ? input.transpose(0, 1) : input;
        (Tensor y, Tensor hn) = gru.call(given, Of(h, states, Batch, Hidden));

        Near(expected, batchFirst ? y.transpose(0, 1) : y);
        Near(last, hn);
        Near(Values(gru.call(given, zeros([states, Batch, Hidden], float64)).Item1), gru.call(given).Item1);
    }

    [Fact]
    public void WeightsHaveTheNamesAndBoundsOfLibtorch()
    {
        using LSTM lstm = nn.LSTM(3, 16, 2, bidirectional: true);

        Assert.Equal(
            ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse", "bias_hh_l0_reverse"],
            lstm.named_parameters().Select(p => p.name).Take(8));
        Assert.Equal(16, lstm.named_parameters().Count());
        Assert.Equal([64, 32], lstm.state_dict()["weight_ih_l1"].shape);
        double[] all = [.. lstm.parameters().SelectMany(Values)];
        Assert.InRange(all.Max(Math.Abs), 0.24, 0.25);
    }

    [Fact]
    public void DropoutBetweenLayersIsForTraining()
    {
        using GRU gru = Filled(nn.GRU(3, 8, 2, dropout: 0.5), 3);
        Tensor x = Some(1, 5, 1, 3);

        Assert.NotEqual(Values(gru.call(x).Item1), Values(gru.call(x).Item1));
        gru.eval();
        Assert.Equal(Values(gru.call(x).Item1), Values(gru.call(x).Item1));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    // What the input and what the state give to all gates, each with its bias.
    private static double[] Gates(Dictionary<string, Tensor> weights, int gates, double[] x, double[] h, string suffix, out double[] fromState)
    {
        fromState = Product("hh", h);
        return Product("ih", x);

        double[] Product(string name, double[] from)
        {
            double[] w = Values(weights[$"weight_{name}{suffix}"]);
            double[] sums = weights.TryGetValue($"bias_{name}{suffix}", out Tensor? bias) ? Values(bias) : new double[gates * Hidden];
            for (int i = 0; i < w.Length; i++)
                sums[i / from.Length] += w[i] * from[i % from.Length];
            return sums;
        }
    }

    // Outputs [L, N, directions · hidden] and last states [layers · directions, N, hidden].
    private static (double[] Y, double[] H, double[] C) Unrolled(Cell cell, double[] x, double[] h, double[] c, int layers, bool bidirectional)
    {
        int directions = bidirectional ? 2 : 1;
        double[][][] sequence = [.. Enumerable.Range(0, Length).Select(t => Enumerable.Range(0, Batch).Select(n => x.AsSpan(((t * Batch) + n) * Inputs, Inputs).ToArray()).ToArray())];
        double[] lastH = [.. h], lastC = [.. c];
        for (int layer = 0; layer < layers; layer++)
        {
            double[][][] next = [.. Enumerable.Range(0, Length).Select(_ => Enumerable.Range(0, Batch).Select(_ => new double[Hidden * directions]).ToArray())];
            for (int direction = 0; direction < directions; direction++)
            {
                for (int n = 0; n < Batch; n++)
                {
                    int state = ((((layer * directions) + direction) * Batch) + n) * Hidden;
                    double[] before = h[state..(state + Hidden)], memory = c[state..(state + Hidden)];
                    for (int step = 0; step < Length; step++)
                    {
                        int t = direction == 0 ? step : Length - 1 - step;
                        (before, memory) = cell(sequence[t][n], before, memory, $"_l{layer}{(direction == 1 ? "_reverse" : "")}");
                        before.CopyTo(next[t][n], direction * Hidden);
                    }
                    before.CopyTo(lastH, state);
                    memory.CopyTo(lastC, state);
                }
            }
            sequence = next;
        }
        return ([.. sequence.SelectMany(t => t.SelectMany(n => n))], lastH, lastC);
    }
}
