using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>Training that is stopped and resumed is the training that was not, bit for bit.</summary>
public sealed class OptimizerStateTests : LibTorchTest
{
    public static TheoryData<string> Kinds() => [.. Create.Keys];

    private static Dictionary<string, Func<nn.Module, OptimizerHelper>> Create { get; } = new()
    {
        ["Adam"] = net => optim.Adam(net.parameters(), 0.01, weight_decay: 0.1),
        ["AMSGrad"] = net => optim.Adam(net.parameters(), 0.01, amsgrad: true),
        ["AdamW"] = net => optim.AdamW(net.parameters(), 0.01, weight_decay: 0.1),
        ["SGD"] = net => optim.SGD(net.parameters(), 0.01),
        ["momentum"] = net => optim.SGD(net.parameters(), 0.01, 0.9, nesterov: true),
        ["RMSProp"] = net => optim.RMSProp(net.parameters(), 0.01, momentum: 0.5, centered: true),
        ["groups"] = net => optim.SGD([new SGD.ParamGroup(net.parameters().Take(1), 0.1, 0.9), new SGD.ParamGroup(net.parameters().Skip(1), 0.02, 0.5)], 0.1),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AResumedSequenceIsTheUninterruptedOne(string kind)
    {
        using Sequential whole = Net(), first = Net(), second = Net();
        using OptimizerHelper uninterrupted = Create[kind](whole), before = Create[kind](first), after = Create[kind](second);
        using var state = new MemoryStream();
        using var weights = new MemoryStream();

        Train(whole, uninterrupted, 0, 12);
        Train(first, before, 0, 7);
        before.save_state_dict(new BinaryWriter(state));
        first.save(weights);
        // What it was before it is loaded is gone.
        Train(second, after, 3, 5);
        second.load(new MemoryStream(weights.ToArray()));
        state.Position = 0;
        after.load_state_dict(new BinaryReader(state));
        Train(second, after, 7, 12);

        Assert.Equal(state.Length, state.Position);
        Assert.Equal(whole.parameters().SelectMany(Values), second.parameters().SelectMany(Values));
        Assert.Equal(uninterrupted.ParamGroups.Select(g => g.LearningRate), after.ParamGroups.Select(g => g.LearningRate));
    }

    [Fact]
    public void StatesAreWrittenToFilesAsWell()
    {
        string file = Path.GetTempFileName();
        using Sequential net = Net();
        using OptimizerHelper one = Create["Adam"](net), other = Create["Adam"](net);
        Train(net, one, 0, 2);
        one.ParamGroups[0].LearningRate = 0.5;

        one.save_state_dict(file);
        other.load_state_dict(file);

        Assert.Equal(0.5, other.ParamGroups[0].LearningRate);
        Assert.Equal(0.01, other.ParamGroups[0].InitialLearningRate);
        Assert.False(File.Exists(file + ".part"));
        File.Delete(file);
    }

    [Fact]
    public void AStateThatIsCutOrAnothersChangesNothing()
    {
        using Sequential net = Net(), wide = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1));
        using OptimizerHelper adam = Create["Adam"](net), twin = Create["Adam"](net), sgd = Create["momentum"](net), groups = Create["groups"](net), other = Create["Adam"](wide);
        Train(net, adam, 0, 3);
        Train(net, twin, 0, 3);
        byte[] state = Saved(adam);
        long before = Settled();

        for (int length = 0; length < state.Length; length++)
            Assert.Throws<InvalidDataException>(() => adam.load_state_dict(new BinaryReader(new MemoryStream(state[..length]))));
        foreach (OptimizerHelper wrong in (OptimizerHelper[])[sgd, groups, other])
            Assert.Throws<InvalidDataException>(() => wrong.load_state_dict(new BinaryReader(new MemoryStream(state))));

        Assert.Equal(before, LiveTensors.Count);
        Assert.Equal(Saved(twin).Length, state.Length);
        Assert.Equal(state, Saved(adam));
        using OptimizerHelper fresh = Create["Adam"](net);
        Assert.NotEqual(state, Saved(fresh));

        static byte[] Saved(OptimizerHelper optimizer)
        {
            using var stream = new MemoryStream();
            optimizer.save_state_dict(new BinaryWriter(stream));
            return stream.ToArray();
        }
    }

    private static Sequential Net() => Filled(nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)), 1);

    // On data by number of step; the rate goes down as well.
    private static void Train(Sequential net, optim.Optimizer optimizer, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            optimizer.zero_grad();
            net.call(Some(100 + i, 5, 2)).square().sum().backward();
            optimizer.step();
            foreach (ParamGroup group in optimizer.ParamGroups)
                group.LearningRate *= 0.9;
        }
    }
}
