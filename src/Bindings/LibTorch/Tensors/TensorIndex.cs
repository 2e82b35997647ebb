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
        public static TensorIndex Null { get; } = new() { IsNewAxis = true };

        internal bool IsEllipsis { get; private init; }

        internal bool IsNewAxis { get; private init; }

        internal torch.Tensor? Tensor { get; private init; }

        /// <summary>From <paramref name="start"/> to before <paramref name="stop"/>; negative ones count from the end.</summary>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(null, start, stop, step ?? 1);

        public static TensorIndex Single(long? index) => new(index);

        public static implicit operator TensorIndex(long value) => new(value);

        public static implicit operator TensorIndex(int value) => new(value);

        public static implicit operator TensorIndex(Tensor tensor) => new() { Tensor = tensor };

        public static implicit operator TensorIndex(Range range)
        {
            long start = range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value;
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
