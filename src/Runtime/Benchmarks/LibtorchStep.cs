using Legato.Policy.Learning.Ppo;

using TorchSharp;
using TorchSharp.Modules;

using static TorchSharp.torch;

namespace Legato.Runtime.Benchmarks;

/// <summary>How large a gradient step is.</summary>
/// <param name="Observations">Elements of an observation.</param>
/// <param name="Actions">Elements of an action.</param>
/// <param name="Batch">Samples.</param>
/// <param name="Hidden">Hidden layers of actor and critic, each of its own.</param>
public sealed record StepSize(int Observations, int Actions, int Batch, IReadOnlyList<int> Hidden)
{
    /// <summary>Those of <c>train</c> with <c>hardware/config/tasks/legato.yaml</c>.</summary>
    public static StepSize Ppo { get; } = new(638, 45, new PpoOptions().Minibatch, new PpoOptions().Hidden);
}

/// <summary>The gradient step of PPO as <c>native/bench_step.cpp</c> takes it, line by line.</summary>
internal sealed class LibtorchStep : IDisposable
{
    // So small that the networks stay as they are, however often they are stepped.
    private const double Rate = 1e-7;

    private const double Clip = 0.2, ValueWeight = 0.5, MaxNorm = 0.5, Spread = 0.05;
    private const long Seed = 1;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Sequential _actor, _critic;
    private readonly Parameter _logDeviation;
    private readonly Parameter[] _parameters;
    private readonly Adam _optimizer;
    private readonly Tensor _observations, _actions, _before, _advantages, _returns;

    public LibtorchStep(StepSize size)
    {
        _actor = Perceptron(size, size.Actions);
        _critic = Perceptron(size, 1);
        _logDeviation = new Parameter(full([size.Actions], -1, ScalarType.Float32));
        _parameters = [.. _actor.parameters(), .. _critic.parameters(), _logDeviation];
        _optimizer = optim.Adam(_parameters, Rate, eps: 1e-5);
        // What both programs draw, in this order.
        manual_seed(Seed);
        using IDisposable frozen = no_grad();
        foreach (Parameter parameter in _parameters)
        {
            if (parameter.ndim == 2)
                parameter.uniform_(-Spread, Spread);
            else if (parameter != _logDeviation)
                parameter.zero_();
        }
        _observations = randn([size.Batch, size.Observations]);
        _advantages = randn([size.Batch]);
        _returns = randn([size.Batch]);
        Tensor mean = _actor.call(_observations);
        _actions = mean + (_logDeviation.exp() * randn([size.Batch, size.Actions]));
        _before = LogProbability(mean);
    }

    /// <summary>Takes steps; gives the loss before the last of them.</summary>
    public double Take(int steps)
    {
        double loss = double.NaN;
        for (int i = 0; i < steps; i++)
            loss = Take();
        return loss;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _actor.Dispose();
        _critic.Dispose();
        _logDeviation.Dispose();
        _scope.Dispose();
    }

    private double Take()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor ratio = (LogProbability(_actor.call(_observations)) - _before).exp();
        Tensor policyLoss = -minimum(ratio * _advantages, ratio.clamp(1 - Clip, 1 + Clip) * _advantages).mean();
        Tensor valueLoss = nn.functional.mse_loss(_critic.call(_observations).squeeze(-1), _returns);
        Tensor loss = (valueLoss * ValueWeight) + policyLoss;
        _optimizer.zero_grad();
        loss.backward();
        nn.utils.clip_grad_norm_(_parameters, MaxNorm);
        _optimizer.step();
        return loss.ToDouble();
    }

    private Tensor LogProbability(Tensor mean)
    {
        Tensor z = (_actions - mean) / _logDeviation.exp();
        return ((z.square() * -0.5) - _logDeviation - (0.5 * Math.Log(2 * Math.PI))).sum(-1);
    }

    private static Sequential Perceptron(StepSize size, int outputs)
    {
        var layers = new List<nn.Module<Tensor, Tensor>>();
        int width = size.Observations;
        foreach (int hidden in size.Hidden)
        {
            layers.AddRange([nn.Linear(width, hidden), nn.GELU()]);
            width = hidden;
        }
        layers.Add(nn.Linear(width, outputs));
        return nn.Sequential([.. layers]);
    }
}
