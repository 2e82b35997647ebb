using Legato.Policy.Bundles;
using Legato.Policy.Learning.Torch;
using Legato.Sim.Tasks.Batches;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Policy.Learning.Ppo;

/// <summary>Proximal policy optimisation with a clipped objective (Schulman et al. 2017), on a batch of environments.</summary>
/// <remarks>Advantages are scaled to mean 0 and variance 1 within a minibatch. Ends of episodes that might have gone on are bootstrapped from their last observation.</remarks>
public sealed class PpoLearner : ILearner
{
    private readonly BatchedTask _batch;
    private readonly PpoOptions _options;
    private readonly Generator _random;
    private readonly ActorCritic _network;
    private readonly Parameter[] _steered;
    private readonly Adam _policy, _value;
    private readonly RunningNormalizer? _normalizer;
    private readonly ReturnScale _returns;
    private readonly Rollout _rollout;
    private readonly float[] _scaled;
    private readonly PhaseClock _clock = new(TimeProvider.System);
    private int _updates, _valueUpdates;

    /// <summary>Starts with a policy that does close to nothing.</summary>
    /// <param name="batch">The environments; they stay the caller's.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="seed">Draws first weights, actions and minibatches.</param>
    public PpoLearner(BatchedTask batch, PpoOptions options, ulong seed)
    {
        (_batch, _options, _valueUpdates) = (batch, options, options.ValueUpdates);
        _random = new Generator(seed);
        _network = new ActorCritic(batch.ObservationSize, batch.ActionSize, options, _random);
        _steered = [.. _network.Actor.parameters(), _network.LogDeviation];
        _policy = optim.Adam(_steered, options.LearningRate, eps: 1e-5);
        _value = optim.Adam(_network.Critic.parameters(), options.ValueLearningRate ?? options.LearningRate, eps: 1e-5);
        _returns = new ReturnScale(options.NormalizesReturns);
        _normalizer = options.NormalizesObservations ? new RunningNormalizer(batch.ObservationSize) : null;
        _rollout = new Rollout(options.Horizon, batch.Slots, batch.ObservationSize, batch.ActionSize);
        _scaled = GC.AllocateArray<float>(batch.Slots * batch.ObservationSize, pinned: true);
    }

    /// <inheritdoc/>
    public string Name => "ppo";

    /// <inheritdoc/>
    public int StepsPerUpdate => _rollout.Count;

    /// <inheritdoc/>
    public long EnvSteps => _batch.EnvSteps;

    /// <inheritdoc/>
    /// <remarks>The value function is not a part of a policy: it alone learns at first, so that what it does not know yet spoils nothing.</remarks>
    public void Begin(TrainedNetwork network, long observed)
    {
        ActorTransfer.Import(_network.Actor, _normalizer, network, Export().Description, observed);
        _network.Average.Follow(_network.Actor, 1);
        _valueUpdates = Math.Max(1, _valueUpdates);
    }

    /// <inheritdoc/>
    public LearningProgress Advance()
    {
        _clock.Restart();
        double f1 = Gather();
        _clock.Enter(Phase.Learning);
        (double policyLoss, double valueLoss, double kl, double clipped) = Learn();
        _clock.Enter(Phase.Rest);
        _updates++;
        _network.Average.Follow(_network.Actor, 1 - _options.Averaging);
        foreach (Adam optimizer in (Adam[])[_policy, _value])
            optimizer.ParamGroups[0].LearningRate *= _options.LearningRateDecay;
        return new LearningProgress(EnvSteps, _updates, Mean(_rollout.Rewards), f1, [
            new("policy_loss", policyLoss), new("value_loss", valueLoss), new("kl", kl), new("clipped", clipped),
            new("explained_variance", ExplainedVariance()), new("deviation", MeanDeviation())], _clock.Read());
    }

    /// <inheritdoc/>
    public void Act(ReadOnlySpan<float> observations, Span<float> actions)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad(), alone = new OneThread();
        float[] scaled = new float[observations.Length];
        Scale(observations, scaled);
        _network.Average.call(tensor(scaled).view(-1, _batch.ObservationSize)).data<float>().CopyTo(actions);
    }

    /// <inheritdoc/>
    public TrainedNetwork Export() => ActorTransfer.Export(_network.Average, _batch.ActionSize, _normalizer, null);

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        using DisposeScope scope = NewDisposeScope();
        writer.Write(_updates);
        _network.save(writer);
        _policy.save_state_dict(writer);
        _value.save_state_dict(writer);
        _normalizer?.Save(writer);
        _returns.Save(writer);
        writer.Write(_random);
        _batch.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(BinaryReader reader)
    {
        using DisposeScope scope = NewDisposeScope();
        _updates = reader.ReadInt32();
        _network.load(reader);
        _policy.load_state_dict(reader);
        _value.load_state_dict(reader);
        _normalizer?.Load(reader);
        _returns.Load(reader);
        reader.Read(_random);
        _batch.Load(reader);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _policy.Dispose();
        _value.Dispose();
        _network.Dispose();
        _random.Dispose();
    }

    // Plays the policy as it explores, and returns the mean F1 of the episodes that ended.
    private double Gather()
    {
        _clock.Enter(Phase.Inference);
        using IDisposable frozen = no_grad(), alone = new OneThread();
        double f1 = 0;
        int episodes = 0, slots = _batch.Slots;
        for (int t = 0; t < _options.Horizon; t++)
        {
            using DisposeScope scope = NewDisposeScope();
            _normalizer?.Observe(_batch.Observations);
            Scale(_batch.Observations, _rollout.ObservationsAt(t));
            Tensor seen = Rows(_rollout.ObservationsAt(t), _batch.ObservationSize);
            Tensor mean = _network.Actor.call(seen);
            Tensor actions = mean + (_network.LogDeviation.exp() * randn(mean.shape, generator: _random));
            actions.data<float>().CopyTo(_rollout.ActionsAt(t));
            _network.LogProbability(mean, actions).data<float>().CopyTo(_rollout.LogProbabilities.AsSpan(t * slots));
            Values(seen, _rollout.Values.AsSpan(t * slots));
            _rollout.ActionsAt(t).CopyTo(_batch.Actions);
            _clock.Enter(Phase.Physics);
            _batch.Step();
            _clock.Enter(Phase.Inference);
            _batch.Rewards.CopyTo(_rollout.Rewards, t * slots);
            for (int e = 0; e < slots; e++)
            {
                bool ends = _batch.Terminated[e] || _batch.Truncated[e];
                _rollout.Ends[(t * slots) + e] = ends;
                if (!ends || !_batch.Episodes[e].IsScored)
                    continue;
                f1 += _batch.Episodes[e].Keys.F1;
                episodes++;
            }
            Bootstrap(t);
        }
        float[] last = new float[slots];
        using (NewDisposeScope())
        {
            Scale(_batch.Observations, _scaled);
            Values(Rows(_scaled, _batch.ObservationSize), last);
        }
        _rollout.Estimate(last, _options.Discount, _options.Lambda);
        _returns.Observe(_rollout.Returns);
        return f1 / episodes;
    }

    // What an episode that was cut off would still have earned counts as a part of its last reward.
    private void Bootstrap(int step)
    {
        if (!_batch.Truncated.AsSpan().Contains(true))
            return;
        Scale(_batch.TerminalObservations, _scaled);
        float[] values = new float[_batch.Slots];
        Values(Rows(_scaled, _batch.ObservationSize), values);
        for (int e = 0; e < values.Length; e++)
        {
            if (_batch.Truncated[e])
                _rollout.Rewards[(step * values.Length) + e] += (float)(_options.Discount * values[e]);
        }
    }

    private (double PolicyLoss, double ValueLoss, double Kl, double Clipped) Learn()
    {
        using DisposeScope all = NewDisposeScope();
        bool learnsPolicy = _updates >= _valueUpdates;
        Tensor observations = Rows(_rollout.Observations, _batch.ObservationSize), actions = Rows(_rollout.Actions, _batch.ActionSize);
        Tensor before = tensor(_rollout.LogProbabilities), advantages = tensor(_rollout.Advantages), returns = tensor(_returns.Scaled(_rollout.Returns));
        double policySum = 0, valueSum = 0, kl = 0, clipped = 0;
        int steps = 0;
        for (int epoch = 0; epoch < _options.Epochs; epoch++)
        {
            double epochKl = 0;
            int parts = 0;
            using DisposeScope pass = NewDisposeScope();
            Tensor order = randperm(_rollout.Count, generator: _random);
            for (int at = 0; at < _rollout.Count; at += _options.Minibatch)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor chosen = order.narrow(0, at, Math.Min(_options.Minibatch, _rollout.Count - at));
                Tensor seen = observations.index_select(0, chosen), advantage = advantages.index_select(0, chosen);
                advantage = (advantage - advantage.mean()) / (advantage.std(false) + 1e-8);
                Tensor after = _network.LogProbability(_network.Actor.call(seen), actions.index_select(0, chosen));
                Tensor logRatio = after - before.index_select(0, chosen), ratio = logRatio.exp();
                Tensor policyLoss = -minimum(ratio * advantage, ratio.clamp(1 - _options.Clip, 1 + _options.Clip) * advantage).mean();
                Tensor valueLoss = nn.functional.mse_loss(_network.Critic.call(seen).squeeze(-1), returns.index_select(0, chosen));
                Tensor loss = valueLoss * _options.ValueWeight;
                if (learnsPolicy)
                    loss = loss + policyLoss - (_network.Entropy() * _options.EntropyWeight);
                double total = loss.ToDouble();
                if (!double.IsFinite(total))
                    throw new LearningException($"the loss is {total} in update {_updates + 1}: the policy has fallen apart; begin again with a lower learning rate than {_options.LearningRate}");
                _policy.zero_grad();
                _value.zero_grad();
                loss.backward();
                nn.utils.clip_grad_norm_(_network.Critic.parameters(), _options.MaxGradientNorm);
                _value.step();
                if (learnsPolicy)
                {
                    nn.utils.clip_grad_norm_(_steered, _options.MaxGradientNorm);
                    _policy.step();
                }
                using IDisposable frozen = no_grad();
                // E[r - 1 - log r]: less noisy than -E[log r], and never negative (Schulman, "Approximating KL divergence", 2020).
                epochKl += (ratio - 1 - logRatio).mean().ToDouble();
                clipped += ((ratio - 1).abs() > _options.Clip).to(ScalarType.Float32).mean().ToDouble();
                (policySum, valueSum, steps, parts) = (policySum + policyLoss.ToDouble(), valueSum + valueLoss.ToDouble(), steps + 1, parts + 1);
            }
            kl = epochKl / parts;
            if (kl > _options.TargetKl)
                break;
        }
        return (policySum / steps, valueSum / steps, kl, clipped / steps);
    }

    private static Tensor Rows(ReadOnlySpan<float> rows, int width)
    {
        Tensor tensor = empty([rows.Length / width, width]);
        rows.CopyTo(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.bytes));
        return tensor;
    }

    private void Values(Tensor seen, Span<float> values)
    {
        _network.Critic.call(seen).data<float>().CopyTo(values);
        _returns.Unscale(values);
    }

    private void Scale(ReadOnlySpan<float> rows, Span<float> scaled)
    {
        if (_normalizer is null)
            rows.CopyTo(scaled);
        else
            _normalizer.Apply(rows, scaled);
    }

    private double MeanDeviation()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        return _network.LogDeviation.exp().mean().ToDouble();
    }

    // Share of the returns' variance that the value function knew.
    private double ExplainedVariance()
    {
        double mean = Mean(_rollout.Returns), total = 0, left = 0;
        for (int i = 0; i < _rollout.Count; i++)
        {
            total += Math.Pow(_rollout.Returns[i] - mean, 2);
            left += Math.Pow(_rollout.Returns[i] - _rollout.Values[i], 2);
        }
        return total == 0 ? double.NaN : 1 - (left / total);
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum / values.Length;
    }
}
