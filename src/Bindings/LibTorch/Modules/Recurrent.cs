using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The weights of recurrent layers, named as libtorch names them: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, ..., with _reverse for the other direction.</summary>
internal sealed class RecurrentWeights
{
    private readonly List<Parameter> _weights = [];

    public RecurrentWeights(nn.Module module, int gates, long inputs, long hidden, long layers, bool hasBias, bool bidirectional)
    {
        double bound = 1 / Math.Sqrt(hidden);
        long directions = bidirectional ? 2 : 1;
        for (long layer = 0; layer < layers; layer++)
        {
            for (long direction = 0; direction < directions; direction++)
            {
                string suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
                Add($"weight_ih{suffix}", [gates * hidden, layer == 0 ? inputs : hidden * directions]);
                Add($"weight_hh{suffix}", [gates * hidden, hidden]);
                if (!hasBias)
                    continue;
                Add($"bias_ih{suffix}", [gates * hidden]);
                Add($"bias_hh{suffix}", [gates * hidden]);
            }
        }

        void Add(string name, long[] shape)
        {
            var parameter = new Parameter(empty(shape));
            nn.init.uniform_(parameter, -bound, bound);
            module.register_parameter(name, parameter);
            _weights.Add(parameter);
        }
    }

    public IReadOnlyList<Parameter> All => _weights;
}

/// <summary>Long short-term memory, Hochreiter and Schmidhuber 1997.</summary>
public sealed class LSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
{
    private readonly RecurrentWeights _weights;
    private readonly long _hidden, _layers;
    private readonly bool _bias, _batchFirst, _bidirectional;
    private readonly double _dropout;

    internal LSTM(long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional)
        : base(nameof(LSTM))
    {
        (_hidden, _layers, _bias, _batchFirst, _bidirectional, _dropout) = (hiddenSize, numLayers, bias, batchFirst, bidirectional, dropout);
        _weights = new RecurrentWeights(this, 4, inputSize, hiddenSize, numLayers, bias, bidirectional);
    }

    /// <summary>From [L, N, in] ([N, L, in] with batchFirst) and states [layers · directions, N, hidden], zero unless given: outputs and both last states.</summary>
    public override (Tensor, Tensor, Tensor) forward(Tensor input1, (Tensor, Tensor)? input2)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor h, Tensor c) = input2 ?? (Start(input1), Start(input1));
        TensorHandle output = null!, lastH = null!, lastC = null!;
        Status.Check(WithHandles(_weights.All, weights => Native.lt_lstm(
            input1.H, h.H, c.H, weights, weights.Length, _bias ? 1 : 0, _layers, _dropout, training ? 1 : 0, _bidirectional ? 1 : 0, _batchFirst ? 1 : 0, out output, out lastH, out lastC)));
        return (scope.MoveToOuter(new Tensor(output)), scope.MoveToOuter(new Tensor(lastH)), scope.MoveToOuter(new Tensor(lastC)));
    }

    public (Tensor, Tensor, Tensor) call(Tensor input) => forward(input, null);

    private Tensor Start(Tensor input) => zeros([_layers * (_bidirectional ? 2 : 1), input.size(_batchFirst ? 0 : 1), _hidden], input.dtype);
}

/// <summary>Gated recurrent units, Cho et al. 2014.</summary>
public sealed class GRU : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private readonly RecurrentWeights _weights;
    private readonly long _hidden, _layers;
    private readonly bool _bias, _batchFirst, _bidirectional;
    private readonly double _dropout;

    internal GRU(long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional)
        : base(nameof(GRU))
    {
        (_hidden, _layers, _bias, _batchFirst, _bidirectional, _dropout) = (hiddenSize, numLayers, bias, batchFirst, bidirectional, dropout);
        _weights = new RecurrentWeights(this, 3, inputSize, hiddenSize, numLayers, bias, bidirectional);
    }

    /// <summary>From [L, N, in] ([N, L, in] with batchFirst) and a state [layers · directions, N, hidden], zero unless given: outputs and the last state.</summary>
    public override (Tensor, Tensor) forward(Tensor input1, Tensor? input2)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = input2 ?? zeros([_layers * (_bidirectional ? 2 : 1), input1.size(_batchFirst ? 0 : 1), _hidden], input1.dtype);
        TensorHandle output = null!, last = null!;
        Status.Check(WithHandles(_weights.All, weights => Native.lt_gru(
            input1.H, h.H, weights, weights.Length, _bias ? 1 : 0, _layers, _dropout, training ? 1 : 0, _bidirectional ? 1 : 0, _batchFirst ? 1 : 0, out output, out last)));
        return (scope.MoveToOuter(new Tensor(output)), scope.MoveToOuter(new Tensor(last)));
    }

    public (Tensor, Tensor) call(Tensor input) => forward(input, null);
}
