namespace TorchSharp;

public static partial class torch
{
    /// <summary>What to pick along a dimension: one index, a range, everything, or the indices in a tensor.</summary>
    public sealed class TensorIndex
    {
        private readonly long? _single, _start, _stop, _step;

        private TensorIndex(long? single = null, long? start = null, long? stop = null, long? step = null) =>
            (_single, _start, _stop, _step) = (single, start, stop, step);

        /// <summary>All dimensions that the other indices leave over.</summary>
        public static TensorIndex Ellipsis { get; } = new() { IsEllipsis = true };

        /// <summary>Everything along a dimension.</summary>
        public static TensorIndex Colon { get; } = new();

        /// <summary>A new dimension of size one.</summary>
        public static TensorIndex None { get; } = new() { IsNewAxis = true };

        /// <inheritdoc cref="None"/>
        public static TensorIndex Null => None;

        internal bool IsEllipsis { get; private init; }

        internal bool IsNewAxis { get; private init; }

        /// <summary>The indices, or a mask; null for other kinds.</summary>
        internal torch.Tensor? Picked { get; private init; }

        /// <summary>How many dimensions of the tensor it stands for; a mask stands for as many as it has.</summary>
        internal int Width => IsNewAxis || IsEllipsis ? 0 : Picked is { dtype: ScalarType.Bool } mask ? (int)mask.ndim : 1;

        /// <summary>From <paramref name="start"/> to before <paramref name="stop"/>; negative ones count from the end.</summary>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(null, start, stop, step ?? 1);

        public static TensorIndex Single(long? index) => new(index);

        /// <summary>Those at the indices, or where a mask of truth values is true.</summary>
        public static TensorIndex Tensor(torch.Tensor tensor) => new() { Picked = tensor };

        public static implicit operator TensorIndex(long value) => new(value);

        public static implicit operator TensorIndex(int value) => new(value);

        public static implicit operator TensorIndex(Tensor tensor) => Tensor(tensor);

        public static implicit operator TensorIndex(Index index) => new(index.IsFromEnd ? -index.Value : index.Value);

        public static implicit operator TensorIndex(Range range)
        {
            // ^0 is the end, which no negative number says.
            long? start = !range.Start.IsFromEnd ? range.Start.Value : range.Start.Value == 0 ? long.MaxValue : -range.Start.Value;
            long? stop = !range.End.IsFromEnd ? range.End.Value : range.End.Value == 0 ? null : -range.End.Value;
            return Slice(start, stop);
        }

        internal Tensor Apply(Tensor tensor, ref int dim)
        {
            if (IsNewAxis)
                return tensor.unsqueeze(dim++);
            if (_single is { } index)
                return tensor.select(dim, index);
            return tensor.slice(dim++, _start ?? 0, _stop ?? long.MaxValue, _step ?? 1);
        }
    }
}
