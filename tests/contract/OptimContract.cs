using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.optim.lr_scheduler;

namespace Legato.Tests.Contract;

/// <summary>Optimizers, schedulers, first values and distributions as TorchSharp has them.</summary>
public static class OptimContract
{
    public static void Optimizers()
    {
        using DisposeScope scope = NewDisposeScope();
        using Linear net = Linear(2, 1);
        using Adam adam = optim.Adam(net.parameters(), 1e-3, 0.9, 0.999, 1e-8, 0, false, false), named = optim.Adam(net.named_parameters(), 1e-3);
        using AdamW decoupled = optim.AdamW(net.parameters(), 1e-3, 0.9, 0.999, 1e-8, 0.01);
        using AdamW byName = optim.AdamW(net.named_parameters(), 1e-3, 0.9, 0.999);
        using SGD sgd = optim.SGD(net.parameters(), 0.1, 0.9, 0, 0, true, false), sgdByName = optim.SGD(net.named_parameters(), 0.1);
        using RMSProp rms = optim.RMSProp(net.parameters(), 0.01, 0.99, 1e-8, 0, 0, true, false), rmsByName = optim.RMSProp(net.named_parameters());
        foreach (optim.Optimizer optimizer in new optim.Optimizer[] { adam, named, decoupled, byName, sgd, sgdByName, rms, rmsByName })
        {
            optimizer.zero_grad();
            net.call(ones(3, 2)).sum().backward();
            optimizer.step();
            foreach (optim.ILearningRateController group in optimizer.ParamGroups)
                (group.LearningRate, group.InitialLearningRate) = (group.InitialLearningRate, group.LearningRate);
            _ = optimizer.parameters().Count();
        }
        adam.step(() =>
        {
            Tensor loss = net.call(ones(3, 2)).sum();
            loss.backward();
            return loss;
        });
    }

    public static void Groups()
    {
        using Linear net = Linear(2, 1);
        IEnumerable<Parameter> weight = new[] { net.weight! }, bias = new[] { net.bias! };
        using Adam adam = optim.Adam(new Adam.ParamGroup[] { new(weight, 1e-3), new(bias, 1e-2, 0.9, 0.999, 1e-8, 0) });
        using AdamW decoupled = optim.AdamW(new AdamW.ParamGroup[] { new(weight, 1e-3), new(bias, 1e-2, 0.9, 0.999, 1e-8, 0.1) });
        using SGD sgd = optim.SGD(new SGD.ParamGroup[] { new(weight, 1e-3, 0.9), new(bias, 1e-2) }, 1e-3);
        using RMSProp rms = optim.RMSProp(new RMSProp.ParamGroup[] { new(weight, 1e-3), new(bias, 1e-2) });
        _ = new[] { new SGD.ParamGroup(weight, 1e-3).Parameters.Count(), adam.ParamGroups.Count(), decoupled.ParamGroups.Count(), sgd.ParamGroups.Count(), rms.ParamGroups.Count() };
    }

    public static void States()
    {
        string file = Path.GetTempFileName();
        using Linear net = Linear(2, 1);
        using Adam adam = optim.Adam(net.parameters());
        net.call(ones(3, 2)).sum().backward();
        adam.step();
        adam.save_state_dict(file);
        adam.load_state_dict(file);
        using (var writer = new BinaryWriter(File.Create(file)))
            adam.save_state_dict(writer);
        using (var reader = new BinaryReader(File.OpenRead(file)))
            adam.load_state_dict(reader);
        File.Delete(file);
    }

    public static void Schedulers()
    {
        using Linear net = Linear(2, 1);
        using SGD sgd = optim.SGD(net.parameters(), 0.1, 0.9);
        LRScheduler[] all =
        [
            StepLR(sgd, 2, 0.5), MultiStepLR(sgd, new int[] { 1, 2 }, 0.5), ExponentialLR(sgd, 0.9), ConstantLR(sgd, 0.5, 2), LambdaLR(sgd, t => 1.0 / (t + 1)), CosineAnnealingLR(sgd, 10, 0),
            OneCycleLR(sgd, 1, 10, -1, -1, 0.3, impl.OneCycleLR.AnnealStrategy.Cos, true, 0.85, 0.95, 25, 1e4), OneCycleLR(sgd, 1, epochs: 2, steps_per_epoch: 5, anneal_strategy: impl.OneCycleLR.AnnealStrategy.Linear),
            SequentialLR(sgd, new LRScheduler[] { ConstantLR(sgd, 0.5, 2), ExponentialLR(sgd, 0.9) }, new int[] { 2 }),
        ];
        foreach (LRScheduler scheduler in all)
        {
            scheduler.step();
            _ = scheduler.get_last_lr().First();
        }
        ReduceLROnPlateau(sgd, "min", 0.5, 2, 1e-4, "rel", 0, new double[] { 0 }, 1e-8).step(1.0);
    }

    public static void FirstValues()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor t = empty(3, 4);
        init.zeros_(t);
        init.ones_(t);
        init.constant_(t, 0.5);
        init.normal_(t, 0, 1);
        init.uniform_(t, 0, 1);
        init.trunc_normal_(t, 0, 1, -2, 2);
        init.xavier_uniform_(t, 1);
        init.xavier_normal_(t, 1);
        init.kaiming_uniform_(t, 0, init.FanInOut.FanIn, init.NonlinearityType.LeakyReLU);
        init.orthogonal_(t, 1);
        _ = init.calculate_gain(init.NonlinearityType.Tanh, 0);
    }

    public static void Utilities()
    {
        using DisposeScope scope = NewDisposeScope();
        using Linear net = Linear(2, 1);
        net.call(ones(3, 2)).sum().backward();
        _ = utils.clip_grad_norm_(net.parameters(), 1.0, 2.0);
        utils.clip_grad_value_(net.parameters(), 1.0);
        using Tensor row = utils.parameters_to_vector(net.parameters());
        utils.vector_to_parameters(row, net.parameters());
    }

    public static void Distributions()
    {
        using DisposeScope scope = NewDisposeScope();
        Normal normal = distributions.Normal(zeros(2), ones(2));
        _ = (normal.mean, normal.stddev, normal.variance, normal.sample(3), normal.rsample(3, 2), normal.log_prob(zeros(2)), normal.entropy(), normal.cdf(zeros(2)), normal.icdf(full(new long[] { 2 }, 0.5)));
    }
}
