using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Tests.Contract;

/// <summary>Modules as TorchSharp has them.</summary>
public static class ModuleContract
{
    public static void Layers()
    {
        using DisposeScope scope = NewDisposeScope();
        using Linear linear = nn.Linear(4, 2, true);
        using LayerNorm norm = nn.LayerNorm(4, 1e-5, true, device: CPU), wide = nn.LayerNorm(new long[] { 3, 4 });
        using GroupNorm group = nn.GroupNorm(1, 4, 1e-5, true);
        using BatchNorm1d batch = nn.BatchNorm1d(4);
        using Conv1d convolution = nn.Conv1d(4, 8, 3, stride: 1, padding: 1, dilation: 1, groups: 2, bias: true);
        using ConvTranspose1d transposed = nn.ConvTranspose1d(4, 8, 3, 2, 1, 1, dilation: 1, groups: 1, bias: false);
        using Embedding table = nn.Embedding(5, 4, 0);
        Tensor x = ones(3, 4), sequence = ones(1, 4, 6);
        _ = (linear.call(x), norm.call(x), wide.call(x), group.call(x), batch.call(x), convolution.call(sequence), transposed.call(sequence), table.call(tensor(new long[] { 1, 2 })));
        _ = (linear.weight, linear.bias, norm.weight, norm.bias, convolution.weight, convolution.bias, table.weight, group.weight, group.bias, batch.weight, batch.bias, batch.running_mean, batch.running_var);
    }

    public static void Activations()
    {
        using DisposeScope scope = NewDisposeScope();
        using Sequential net = nn.Sequential(nn.ReLU(), nn.GELU(), nn.Tanh(), nn.Sigmoid(), nn.SiLU(), nn.Mish(), nn.Identity(), nn.Dropout(0.1));
        net.call(ones(2));
        Tensor x = ones(2, 2);
        _ = (nn.functional.relu(x), nn.functional.gelu(x), nn.functional.tanh(x), nn.functional.sigmoid(x), nn.functional.leaky_relu(x, 0.01), nn.functional.elu(x, 1.0));
        _ = (nn.functional.softplus(x, 1, 20), nn.functional.softmax(x, 0), nn.functional.log_softmax(x, 0), nn.functional.dropout(x, 0.5, true), nn.functional.linear(x, x, x[0]), nn.functional.one_hot(arange(2)));
        _ = (nn.functional.layer_norm(x, new long[] { 2 }, null, null, 1e-5), nn.functional.conv1d(ones(1, 1, 3), ones(1, 1, 2)), nn.functional.conv_transpose1d(ones(1, 1, 3), ones(1, 1, 2)));
        _ = (nn.functional.batch_norm(x, zeros(2), ones(2)), nn.functional.group_norm(x, 1));
    }

    public static void Sequences()
    {
        using DisposeScope scope = NewDisposeScope();
        using LSTM lstm = nn.LSTM(4, 3, 2, true, false, 0.0, true);
        using GRU gru = nn.GRU(4, 3, 1, true, true, 0.0, false);
        using MultiheadAttention attention = nn.MultiheadAttention(4, 2, 0.0, true);
        using TransformerEncoderLayer layer = nn.TransformerEncoderLayer(4, 2, 8, 0.1, nn.Activations.GELU);
        using TransformerEncoder encoder = nn.TransformerEncoder(layer, 2);
        Tensor x = ones(5, 1, 4), zero = zeros(4, 1, 3);
        (Tensor output, Tensor h, Tensor c) = lstm.call(x, (zero, zero));
        (Tensor without, _, _) = lstm.call(x);
        (Tensor y, Tensor last) = gru.call(x);
        (Tensor z, _) = gru.call(x, zeros(1, 5, 3));
        Tuple<Tensor, Tensor> attended = attention.call(x, x, x, null, true, null)!;
        Tensor encoded = encoder.call(x, null!, null!), one = layer.call(x, null!, null!);
        _ = (output, h, c, without, y, last, z, attended.Item1, attended.Item2, encoded, one, nn.Activations.ReLU);
    }

    public static void Losses()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2, 2), y = zeros(2, 2), classes = tensor(new long[] { 0, 1 });
        using MSELoss mse = nn.MSELoss(nn.Reduction.Sum);
        using L1Loss l1 = nn.L1Loss();
        using SmoothL1Loss smooth = nn.SmoothL1Loss(nn.Reduction.Mean, 1.0);
        using HuberLoss huber = nn.HuberLoss(1.0, nn.Reduction.Mean);
        using CrossEntropyLoss entropy = nn.CrossEntropyLoss();
        using BCEWithLogitsLoss logits = nn.BCEWithLogitsLoss();
        _ = (mse.call(x, y), l1.call(x, y), smooth.call(x, y), huber.call(x, y), entropy.call(x, classes), logits.call(x, y));
        _ = (nn.functional.mse_loss(x, y), nn.functional.l1_loss(x, y, nn.Reduction.None), nn.functional.smooth_l1_loss(x, y, nn.Reduction.Mean, 1.0), nn.functional.huber_loss(x, y, 1.0, nn.Reduction.Mean));
        _ = (nn.functional.cross_entropy(x, classes, null, -100, nn.Reduction.Mean, 0.1), nn.functional.binary_cross_entropy_with_logits(x, y));
    }

    public static void Trees()
    {
        using DisposeScope scope = NewDisposeScope();
        using var net = new Net();
        net.train(true);
        net.eval();
        net.zero_grad();
        net.to(float64).to(CPU).cpu();
        net.apply(m => _ = m.GetName());
        _ = (net.call(ones(new long[] { 2, 3 }, dtype: float64)), net.training, net.parameters().Count(), net.named_parameters().Count(), net.named_buffers().Count(), net.buffers().Count());
        _ = (net.named_modules().Count(), net.modules().Count(), net.named_children().Count(), net.children().Count());
    }

    public static void Containers()
    {
        using DisposeScope scope = NewDisposeScope();
        using Sequential net = nn.Sequential(("first", nn.Linear(2, 2)), ("second", nn.ReLU()));
        net.append("third", nn.Linear(2, 2)).append(nn.Tanh());
        using ModuleList<Linear> list = nn.ModuleList(nn.Linear(1, 1), nn.Linear(1, 1)), other = new(nn.Linear(1, 1));
        using ParameterList parameters = nn.ParameterList(new Parameter(zeros(2), true), new Parameter(zeros(2), false)), more = new(new Parameter(zeros(2)));
        foreach (Linear layer in list)
            layer.eval();
        _ = (list[0], list.Count, other.Count, more.Count, parameters[1], parameters.Count, parameters.First());
    }

    public static void States()
    {
        string file = Path.GetTempFileName();
        using var net = new Net();
        using var twin = new Net();
        (IList<string> missing, IList<string> unexpected) = twin.load_state_dict(net.state_dict(), true, Array.Empty<string>());
        net.save(file);
        twin.load(file, true);
        using (var stream = new MemoryStream())
            net.save(stream);
        using (FileStream stream = File.OpenRead(file))
            twin.load(stream);
        using (var writer = new BinaryWriter(File.Create(file)))
            net.save(writer);
        using (var reader = new BinaryReader(File.OpenRead(file)))
            twin.load(reader);
        File.Delete(file);
        _ = (missing, unexpected);
    }

    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _first = nn.Linear(3, 2);
        private readonly Parameter _scale = new(ones(1));

        public Net()
            : base(nameof(Net))
        {
            register_buffer("offset", zeros(1));
            register_parameter("extra", new Parameter(zeros(1)));
            register_module("second", new Part());
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _first.call(input) * _scale;

        protected override void Dispose(bool disposing) => base.Dispose(disposing);
    }

    private sealed class Part() : nn.Module(nameof(Part));

    private sealed class Two() : nn.Module<Tensor, Tensor, Tensor>(nameof(Two))
    {
        public override Tensor forward(Tensor input1, Tensor input2) => input1 + input2;
    }

    private sealed class Three() : nn.Module<Tensor, Tensor, Tensor, Tensor>(nameof(Three))
    {
        public override Tensor forward(Tensor input1, Tensor input2, Tensor input3) => input1 + input2 + input3;
    }

    private sealed class Four() : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor>(nameof(Four))
    {
        public override Tensor forward(Tensor input1, Tensor input2, Tensor input3, Tensor input4) => input1 + input2 + input3 + input4;
    }

    private sealed class Five() : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>(nameof(Five))
    {
        public override Tensor forward(Tensor input1, Tensor input2, Tensor input3, Tensor input4, Tensor input5) => input1 + input2 + input3 + input4 + input5;
    }

    private sealed class Six() : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>(nameof(Six))
    {
        public override Tensor forward(Tensor input1, Tensor input2, Tensor input3, Tensor input4, Tensor input5, Tensor input6) => input1 + input2 + input3 + input4 + input5 + input6;
    }

    public static void Inputs()
    {
        using DisposeScope scope = NewDisposeScope();
        using var two = new Two();
        using var three = new Three();
        using var four = new Four();
        using var five = new Five();
        using var six = new Six();
        Tensor x = ones(1);
        _ = (two.call(x, x), three.call(x, x, x), four.call(x, x, x, x), five.call(x, x, x, x, x), six.call(x, x, x, x, x, x));
    }
}
