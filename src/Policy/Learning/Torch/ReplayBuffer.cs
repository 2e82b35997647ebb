using TorchSharp;
using static TorchSharp.torch;

namespace Legato.Policy.Learning.Torch;

/// <summary>Transitions, the oldest overwritten by the newest.</summary>
/// <remarks>One thread at a time. Samples come as tensors of the caller's scope.</remarks>
internal sealed class ReplayBuffer(int capacity, int observationSize, int actionSize, int minibatch)
{
    private readonly float[] _observations = new float[checked(capacity * observationSize)], _next = new float[checked(capacity * observationSize)];
    private readonly float[] _actions = new float[checked(capacity * actionSize)], _rewards = new float[capacity], _discounts = new float[capacity];
    private readonly float[] _rows = new float[minibatch * Math.Max(observationSize, actionSize)];
    private int _at;

    /// <summary>Transitions remembered.</summary>
    public int Count { get; private set; }

    /// <summary>Remembers one.</summary>
    public void Add(ReadOnlySpan<float> observation, ReadOnlySpan<float> action, float reward, float discount, ReadOnlySpan<float> next)
    {
        observation.CopyTo(Row(_observations, _at, observationSize));
        next.CopyTo(Row(_next, _at, observationSize));
        action.CopyTo(Row(_actions, _at, actionSize));
        (_rewards[_at], _discounts[_at]) = (reward, discount);
        _at = (_at + 1) % capacity;
        Count = Math.Min(Count + 1, capacity);
    }

    /// <summary>Draws transitions, each as likely as any other.</summary>
    public (Tensor Observations, Tensor Actions, Tensor Rewards, Tensor Discounts, Tensor Next) Sample(Generator random)
    {
        long[] chosen = randint(0, Count, [minibatch], generator: random).data<long>().ToArray();
        return (Gather(_observations, chosen, observationSize), Gather(_actions, chosen, actionSize), Gather(_rewards, chosen, 1).squeeze(-1), Gather(_discounts, chosen, 1).squeeze(-1), Gather(_next, chosen, observationSize));
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(_at);
        foreach ((float[] rows, int width) in Columns())
            writer.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(rows.AsSpan(0, Count * width)));
    }

    public void Load(BinaryReader reader)
    {
        (int count, int at) = (reader.ReadInt32(), reader.ReadInt32());
        if (count < 0 || count > capacity || at < 0 || at >= capacity)
            throw new InvalidDataException($"{count} transitions, expected at most {capacity}");
        (Count, _at) = (count, at);
        foreach ((float[] rows, int width) in Columns())
            reader.BaseStream.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(rows.AsSpan(0, Count * width)));
    }

    private (float[] Rows, int Width)[] Columns() => [(_observations, observationSize), (_next, observationSize), (_actions, actionSize), (_rewards, 1), (_discounts, 1)];

    private Tensor Gather(float[] rows, long[] chosen, int width)
    {
        for (int i = 0; i < chosen.Length; i++)
            Row(rows, (int)chosen[i], width).CopyTo(Row(_rows, i, width));
        Tensor gathered = empty([chosen.Length, width]);
        _rows.AsSpan(0, chosen.Length * width).CopyTo(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(gathered.bytes));
        return gathered;
    }

    private static Span<float> Row(float[] rows, int at, int width) => rows.AsSpan(at * width, width);
}
