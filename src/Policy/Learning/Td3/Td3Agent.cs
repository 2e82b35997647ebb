using Legato.Policy.Bundles;
using Legato.Policy.Learning.Torch;
using Legato.Policy.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Policy.Learning.Td3;

/// <summary>TD3 on transitions that come from outside, as a robot's do: told of them, then asked to learn.</summary>
/// <remarks>One thread at a time. Same transitions, options and seed: the same policy (libtorch's kernels depend on the processor).</remarks>
public sealed class Td3Agent : IDisposable
{
    private readonly int _observations, _actions;
    private readonly Td3Options _options;
    private readonly Generator _random;
    private readonly Td3Network _network;
    private readonly Adam _actor, _critics;
    private readonly ReplayBuffer _memory;
    private readonly RunningNormalizer _normalizer;
    private double _owed;
    private long _updates;

    /// <summary>Starts with a policy that does next to nothing.</summary>
    /// <param name="observations">Elements of an observation.</param>
    /// <param name="actions">Elements of an action.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="seed">Draws first weights, samples and noise.</param>
    public Td3Agent(int observations, int actions, Td3Options options, ulong seed)
    {
        (_observations, _actions, _options) = (observations, actions, options);
        _random = new Generator(seed);
        _network = new Td3Network(observations, actions, options, _random);
        _actor = optim.Adam(_network.Actor.parameters(), options.LearningRate);
        _critics = optim.Adam(_network.Critics.SelectMany(c => c.parameters()), options.LearningRate);
        _memory = new ReplayBuffer(options.Capacity, observations, actions, options.Minibatch);
        _normalizer = new RunningNormalizer(observations);
    }

    /// <summary>Transitions that it was told of.</summary>
    public long Transitions { get; private set; }

    /// <summary>Remembers a transition.</summary>
    /// <param name="observation">What was observed.</param>
    /// <param name="action">What was done, −1..1.</param>
    /// <param name="reward">What that earned.</param>
    /// <param name="next">What was observed at the next decision; anything if there is none.</param>
    /// <param name="isLast">Whether nothing follows.</param>
    public void Add(ReadOnlySpan<float> observation, ReadOnlySpan<float> action, float reward, ReadOnlySpan<float> next, bool isLast)
    {
        _normalizer.Observe(observation);
        _memory.Add(observation, action, reward, isLast ? 0 : (float)_options.Discount, next);
        Transitions++;
        _owed += _options.UpdatesPerTransition;
    }

    /// <summary>Takes the gradient steps that are due for what came since the last call; none while there is too little to learn from.</summary>
    /// <param name="stop">Leaves the rest for the next call.</param>
    /// <returns>Mean loss of the critics; NaN if there were no steps.</returns>
    /// <exception cref="LearningException">A loss is not a number.</exception>
    public double Learn(CancellationToken stop = default)
    {
        if (_memory.Count < _options.WarmUp)
        {
            _owed = 0;
            return double.NaN;
        }
        double sum = 0;
        int count = 0;
        for (; _owed >= 1 && !stop.IsCancellationRequested; _owed--)
        {
            sum += Step();
            count++;
        }
        return sum / count;
    }

    /// <summary>What the policy does.</summary>
    /// <param name="observation">A row.</param>
    /// <param name="action">Receives −1..1 each.</param>
    public void Act(ReadOnlySpan<float> observation, Span<float> action)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        float[] scaled = observation.ToArray();
        _normalizer.Apply(observation, scaled);
        Td3Network.Act(_network.Actor, tensor(scaled).view(1, _observations)).data<float>().CopyTo(action);
    }

    /// <summary>The policy as <see cref="Act"/> has it, to be deployed without libtorch.</summary>
    public TrainedNetwork Export() => ActorTransfer.Export(_network.Actor, _actions, _normalizer, ActivationFunction.Tanh);

    /// <inheritdoc/>
    public void Dispose()
    {
        _actor.Dispose();
        _critics.Dispose();
        _network.Dispose();
        _random.Dispose();
    }

    private double Step()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor observations, Tensor actions, Tensor rewards, Tensor discounts, Tensor next) = _memory.Sample(_random);
        (observations, next) = (_normalizer.Scale(observations), _normalizer.Scale(next));
        Tensor goal;
        using (no_grad())
        {
            Tensor noise = (randn(actions.shape, generator: _random) * _options.TargetNoise).clamp(-_options.TargetNoiseLimit, _options.TargetNoiseLimit);
            Tensor later = (Td3Network.Act(_network.TargetActor, next) + noise).clamp(-1, 1);
            goal = rewards + (discounts * minimum(_network.Value(_network.Targets[0], next, later), _network.Value(_network.Targets[1], next, later)));
        }
        Tensor loss = nn.functional.mse_loss(_network.Value(_network.Critics[0], observations, actions), goal)
            + nn.functional.mse_loss(_network.Value(_network.Critics[1], observations, actions), goal);
        double value = Descend(_critics, loss);
        if (++_updates % _options.ActorDelay == 0)
            Descend(_actor, -_network.Value(_network.Critics[0], observations, Td3Network.Act(_network.Actor, observations)).mean());
        using IDisposable frozen = no_grad();
        _network.Follow(_options.TargetRate);
        return value;
    }

    private double Descend(Adam optimizer, Tensor loss) => optimizer.Descend(loss, _options.LearningRate, $"after {Transitions} transitions");
}
