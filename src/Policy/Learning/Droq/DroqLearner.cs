using Legato.Policy.Bundles;
using Legato.Policy.Learning.Torch;
using Legato.Policy.Networks;
using Legato.Sim.Tasks.Batches;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Policy.Learning.Droq;

/// <summary>DroQ on a batch of environments: targets are the lower of two critics', the actor climbs their mean (RoboPianist's variant), dropout stays on throughout.</summary>
public sealed class DroqLearner : ILearner
{
    private readonly BatchedTask _batch;
    private readonly DroqOptions _options;
    private readonly Generator _random;
    private readonly SoftActorCritic _network;
    private readonly Adam _actor, _critics, _temperature;
    private readonly ReplayBuffer _memory;
    private readonly RunningNormalizer? _normalizer;
    private readonly float[] _seen;
    private readonly PhaseClock _clock = new(TimeProvider.System);
    private double _owed;
    private int _updates;
    private bool _hasBegun;

    /// <summary>Starts with a random policy.</summary>
    /// <param name="batch">The environments; they stay the caller's.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="seed">Draws first weights, actions and samples.</param>
    public DroqLearner(BatchedTask batch, DroqOptions options, ulong seed)
    {
        (_batch, _options) = (batch, options);
        _random = new Generator(seed);
        _network = new SoftActorCritic(batch.ObservationSize, batch.ActionSize, options, _random);
        _actor = optim.Adam(_network.Actor.parameters(), options.LearningRate);
        _critics = optim.Adam(_network.Critics.SelectMany(c => c.parameters()), options.LearningRate);
        _temperature = optim.Adam([_network.LogTemperature], options.LearningRate);
        _memory = new ReplayBuffer(options.Capacity, batch.ObservationSize, batch.ActionSize, options.Minibatch);
        _normalizer = options.NormalizesObservations ? new RunningNormalizer(batch.ObservationSize) : null;
        _seen = new float[batch.Slots * batch.ObservationSize];
    }

    /// <inheritdoc/>
    public string Name => "droq";

    /// <inheritdoc/>
    public int StepsPerUpdate => (_options.StepsPerAdvance + _batch.Slots - 1) / _batch.Slots * _batch.Slots;

    /// <inheritdoc/>
    public long EnvSteps => _batch.EnvSteps;

    /// <inheritdoc/>
    /// <remarks>The critics are not a part of a policy: it gathers the first experience itself, and stays as it is until they have learnt for as many steps again.</remarks>
    public void Begin(TrainedNetwork network, long observed)
    {
        ActorTransfer.Import(_network.Actor, _normalizer, network, Export().Description, observed);
        _network.ResetDeviation();
        _hasBegun = true;
    }

    /// <inheritdoc/>
    public LearningProgress Advance()
    {
        _clock.Restart();
        double reward = 0, f1 = 0;
        int episodes = 0, steps = 0;
        var sums = new Losses();
        while (steps < StepsPerUpdate)
        {
            Play();
            for (int e = 0; e < _batch.Slots; e++)
            {
                reward += _batch.Rewards[e];
                if ((!_batch.Terminated[e] && !_batch.Truncated[e]) || !_batch.Episodes[e].IsScored)
                    continue;
                f1 += _batch.Episodes[e].Keys.F1;
                episodes++;
            }
            steps += _batch.Slots;
            if (EnvSteps < _options.WarmUp)
                continue;
            _clock.Enter(Phase.Learning);
            for (_owed += _batch.Slots * _options.UpdatesPerStep; _owed >= 1; _owed--)
                sums.Add(Learn());
            _clock.Enter(Phase.Rest);
        }
        _updates++;
        return new LearningProgress(EnvSteps, _updates, reward / steps, f1 / episodes, [
            new("critic_loss", sums.Critic / sums.Count), new("actor_loss", sums.Actor / sums.Count),
            new("temperature", sums.Temperature / sums.Count), new("entropy", sums.Entropy / sums.Count)], _clock.Read());
    }

    /// <inheritdoc/>
    public void Act(ReadOnlySpan<float> observations, Span<float> actions)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad(), alone = new OneThread();
        float[] scaled = observations.ToArray();
        _normalizer?.Apply(observations, scaled);
        _network.Best(tensor(scaled).view(-1, _batch.ObservationSize)).data<float>().CopyTo(actions);
    }

    /// <inheritdoc/>
    public TrainedNetwork Export() => ActorTransfer.Export(_network.Actor, _batch.ActionSize, _normalizer, ActivationFunction.Tanh);

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        using DisposeScope scope = NewDisposeScope();
        writer.Write(_updates);
        writer.Write(_owed);
        _network.save(writer);
        foreach (Adam optimizer in (Adam[])[_actor, _critics, _temperature])
            optimizer.save_state_dict(writer);
        _normalizer?.Save(writer);
        writer.Write(_random);
        _memory.Save(writer);
        _batch.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(BinaryReader reader)
    {
        using DisposeScope scope = NewDisposeScope();
        (_updates, _owed) = (reader.ReadInt32(), reader.ReadDouble());
        _network.load(reader);
        foreach (Adam optimizer in (Adam[])[_actor, _critics, _temperature])
            optimizer.load_state_dict(reader);
        _normalizer?.Load(reader);
        reader.Read(_random);
        _memory.Load(reader);
        _batch.Load(reader);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _actor.Dispose();
        _critics.Dispose();
        _temperature.Dispose();
        _network.Dispose();
        _random.Dispose();
    }

    private void Play()
    {
        _clock.Enter(Phase.Inference);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad(), alone = new OneThread();
        _batch.Observations.CopyTo(_seen, 0);
        _normalizer?.Observe(_seen);
        Tensor actions = EnvSteps < _options.WarmUp && !_hasBegun
            ? (rand([_batch.Slots, _batch.ActionSize], generator: _random) * 2) - 1
            : _network.Draw(_normalizer.Scale(tensor(_seen).view(_batch.Slots, -1)), _random).Actions;
        actions.data<float>().CopyTo(_batch.Actions);
        _clock.Enter(Phase.Physics);
        _batch.Step();
        _clock.Enter(Phase.Rest);
        for (int e = 0; e < _batch.Slots; e++)
        {
            bool ends = _batch.Terminated[e] || _batch.Truncated[e];
            _memory.Add(
                Row(_seen, e, _batch.ObservationSize), Row(_batch.Actions, e, _batch.ActionSize), _batch.Rewards[e],
                _batch.Terminated[e] ? 0 : (float)_options.Discount, Row(ends ? _batch.TerminalObservations : _batch.Observations, e, _batch.ObservationSize));
        }
    }

    private Losses Learn()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor observations, Tensor actions, Tensor rewards, Tensor discounts, Tensor next) = _memory.Sample(_random);
        (observations, next) = (_normalizer.Scale(observations), _normalizer.Scale(next));
        Tensor temperature = _network.LogTemperature.exp().detach(), goal;
        using (no_grad())
        {
            (Tensor later, Tensor laterDensity) = _network.Draw(next, _random);
            (Tensor a, Tensor b) = SoftActorCritic.Values(_network.Targets, next, later);
            goal = rewards + (discounts * (minimum(a, b) - (temperature * laterDensity)));
        }
        (Tensor first, Tensor second) = SoftActorCritic.Values(_network.Critics, observations, actions);
        Tensor criticLoss = nn.functional.mse_loss(first, goal) + nn.functional.mse_loss(second, goal);
        double criticValue = Descend(_critics, criticLoss);

        if (_hasBegun && EnvSteps < 2L * _options.WarmUp)
            return new Losses(criticLoss.ToDouble(), double.NaN, temperature.ToDouble(), double.NaN);

        (Tensor drawn, Tensor density) = _network.Draw(observations, _random);
        (Tensor one, Tensor two) = SoftActorCritic.Values(_network.Critics, observations, drawn);
        Tensor actorLoss = ((temperature * density) - ((one + two) * 0.5)).mean();
        double actorValue = Descend(_actor, actorLoss);

        double entropy = -density.mean().ToDouble();
        Tensor temperatureLoss = _network.LogTemperature.exp() * (entropy - (_options.TargetEntropy * _batch.ActionSize));
        Descend(_temperature, temperatureLoss);
        using IDisposable frozen = no_grad();
        _network.Follow(_options.TargetRate);
        return new Losses(criticValue, actorValue, temperature.ToDouble(), entropy);
    }

    private double Descend(Adam optimizer, Tensor loss) => optimizer.Descend(loss, _options.LearningRate, $"at step {EnvSteps}");

    private static Span<float> Row(float[] rows, int at, int width) => rows.AsSpan(at * width, width);

    private record struct Losses(double Critic, double Actor, double Temperature, double Entropy, int Count = 1)
    {
        public void Add(Losses other) => this = new(Critic + other.Critic, Actor + other.Actor, Temperature + other.Temperature, Entropy + other.Entropy, Count + other.Count);
    }
}
