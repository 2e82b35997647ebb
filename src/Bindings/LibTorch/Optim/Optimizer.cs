using System.Text;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Parameters that an optimizer changes by the same options. Each kind of optimizer has its own kind.</summary>
public abstract class ParamGroup : ILearningRateController
{
    private protected ParamGroup(IEnumerable<Parameter> parameters, double learningRate)
    {
        if (!double.IsFinite(learningRate) || learningRate < 0)
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "expected a finite learning rate, 0 or more");
        Parameters = [.. parameters];
        LearningRate = InitialLearningRate = learningRate;
    }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public double LearningRate { get; set; }

    /// <inheritdoc/>
    public double InitialLearningRate { get; set; }

    /// <summary>Momentum or what takes its place; null where there is none.</summary>
    internal virtual double? Momentum
    {
        get => null;
        set => throw new InvalidOperationException("this optimizer has no momentum");
    }
}

/// <summary>What optimizers share: groups, and a state that can be written and read.</summary>
/// <remarks>One thread at a time. Steps are taken without recording.</remarks>
public abstract class OptimizerHelper : Optimizer
{
    private const string Magic = "legato-optimizer-1";
    private readonly List<ParamGroup> _groups;
    private readonly Dictionary<Parameter, Slot> _slots = new(ReferenceEqualityComparer.Instance);

    private protected OptimizerHelper(IEnumerable<ParamGroup> groups)
    {
        _groups = [.. groups];
        if (parameters().Distinct(ReferenceEqualityComparer.Instance).Count() != parameters().Count())
            throw new ArgumentException("a parameter is in these groups twice", nameof(groups));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ParamGroup> ParamGroups => _groups;

    /// <inheritdoc/>
    public override IEnumerable<Parameter> parameters() => _groups.SelectMany(g => g.Parameters);

    /// <inheritdoc/>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        Tensor? loss;
        using (enable_grad())
            loss = closure?.Invoke();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        foreach (ParamGroup group in _groups)
        {
            foreach (Parameter parameter in group.Parameters)
            {
                if (parameter.grad is not { } gradient)
                    continue;
                if (!_slots.TryGetValue(parameter, out Slot? slot))
                    _slots.Add(parameter, slot = new Slot(CreateState(group, parameter)));
                slot.Steps++;
                Update(group, parameter, gradient, slot.State, slot.Steps);
            }
        }
        return loss;
    }

    /// <summary>Writes steps, learning rates and state, to go on from exactly here.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        writer.Write(Magic);
        writer.Write(GetType().Name);
        writer.Write(_groups.Count);
        foreach (ParamGroup group in _groups)
        {
            writer.Write(group.LearningRate);
            writer.Write(group.InitialLearningRate);
            writer.Write(group.Parameters.Count);
            foreach (Parameter parameter in group.Parameters)
            {
                bool any = _slots.TryGetValue(parameter, out Slot? slot);
                writer.Write(any ? slot!.Steps : 0);
                if (!any)
                    continue;
                foreach (Tensor tensor in slot!.State)
                    Checkpoint.WriteTensor(writer, tensor);
            }
        }
    }

    /// <inheritdoc cref="save_state_dict(BinaryWriter)"/>
    public void save_state_dict(string location) => Checkpoint.WriteFile(location, save_state_dict);

    /// <summary>Goes back to what was written.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another optimizer.</exception>
    public void load_state_dict(BinaryReader reader)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        var read = new List<(Parameter Parameter, long Steps, Tensor[] State)>();
        var rates = new List<(double Now, double Initial)>();
        try
        {
            if (reader.ReadString() != Magic || reader.ReadString() != GetType().Name || reader.ReadInt32() != _groups.Count)
                throw new InvalidDataException($"this is not the state of an {GetType().Name} with {_groups.Count} groups");
            foreach (ParamGroup group in _groups)
            {
                rates.Add((reader.ReadDouble(), reader.ReadDouble()));
                if (reader.ReadInt32() != group.Parameters.Count)
                    throw new InvalidDataException($"the state is of another number of parameters than {group.Parameters.Count}");
                foreach (Parameter parameter in group.Parameters)
                {
                    long steps = reader.ReadInt64();
                    if (steps < 0)
                        throw new InvalidDataException($"the optimizer's state is damaged: {steps} steps");
                    if (steps == 0)
                        continue;
                    Tensor[] state = CreateState(group, parameter);
                    foreach (Tensor tensor in state)
                    {
                        Tensor saved = Checkpoint.ReadTensor(reader);
                        if (!saved.shape.SequenceEqual(tensor.shape) || saved.dtype != tensor.dtype)
                            throw new InvalidDataException($"the state is of a parameter of [{string.Join(", ", saved.shape)}] {saved.dtype}, expected [{string.Join(", ", tensor.shape)}] {tensor.dtype}");
                        tensor.copy_(saved);
                    }
                    read.Add((parameter, steps, state));
                }
            }
        }
        catch (Exception e) when (Checkpoint.IsDamage(e))
        {
            throw new InvalidDataException("the optimizer's state is cut or damaged", e);
        }
        Forget();
        foreach ((Parameter parameter, long steps, Tensor[] state) in read)
            _slots.Add(parameter, new Slot(state) { Steps = steps });
        for (int i = 0; i < _groups.Count; i++)
            (_groups[i].LearningRate, _groups[i].InitialLearningRate) = rates[i];
    }

    /// <inheritdoc cref="load_state_dict(BinaryReader)"/>
    public void load_state_dict(string location)
    {
        using FileStream stream = File.OpenRead(location);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        load_state_dict(reader);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Forget();

    /// <summary>Tensors that are kept per parameter, at their first values.</summary>
    private protected abstract Tensor[] CreateState(ParamGroup group, Parameter parameter);

    /// <summary>Changes a parameter.</summary>
    private protected abstract void Update(ParamGroup group, Parameter parameter, Tensor gradient, Tensor[] state, long step);

    private protected static Tensor[] Zeros(Tensor parameter, int count) => [.. Enumerable.Range(0, count).Select(_ => zeros_like(parameter))];

    private void Forget()
    {
        foreach (Slot slot in _slots.Values)
            Array.ForEach(slot.State, t => t.Dispose());
        _slots.Clear();
    }

    private sealed class Slot(Tensor[] state)
    {
        public long Steps { get; set; }

        // State outlives the scope that it is made in.
        public Tensor[] State { get; } = [.. state.Select(t => t.DetachFromDisposeScope())];
    }
}
