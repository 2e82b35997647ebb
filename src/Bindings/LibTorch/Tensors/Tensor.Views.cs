using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor reshape(params long[] shape) => Result(Native.lt_reshape(H, shape, shape.Length, out TensorHandle h), h);

        public Tensor view(params long[] shape) => Result(Native.lt_view(H, shape, shape.Length, out TensorHandle h), h);

        public Tensor expand(params long[] sizes) => Result(Native.lt_expand(H, sizes, sizes.Length, out TensorHandle h), h);

        public Tensor repeat(params long[] sizes) => Result(Native.lt_repeat(H, sizes, sizes.Length, out TensorHandle h), h);

        public Tensor permute(params long[] permutation) => Result(Native.lt_permute(H, permutation, permutation.Length, out TensorHandle h), h);

        public Tensor flip(params long[] dims) => Result(Native.lt_flip(H, dims, dims.Length, out TensorHandle h), h);

        public Tensor expand_as(Tensor other) => expand(other.shape);

        public Tensor view_as(Tensor other) => view(other.shape);

        public Tensor transpose(long dim0, long dim1) => Result(Native.lt_transpose(H, dim0, dim1, out TensorHandle h), h);

        public Tensor t() => transpose(0, 1);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Result(Native.lt_flatten(H, start_dim, end_dim, out TensorHandle h), h);

        public Tensor unsqueeze(long dim) => Result(Native.lt_unsqueeze(H, dim, out TensorHandle h), h);

        public Tensor squeeze(long? dim = null) =>
            dim is { } d ? Result(Native.lt_squeeze_dim(H, d, out TensorHandle one), one) : Result(Native.lt_squeeze(H, out TensorHandle all), all);

        public Tensor narrow(long dimension, long start, long length) => Result(Native.lt_narrow(H, dimension, start, length, out TensorHandle h), h);

        public Tensor select(long dim, long index) => Result(Native.lt_select(H, dim, index, out TensorHandle h), h);

        public Tensor slice(long dim, long start, long finish, long step) => Result(Native.lt_slice(H, dim, start, finish, step, out TensorHandle h), h);

        public Tensor index_select(long dim, Tensor index) => Result(Native.lt_index_select(H, dim, index.H, out TensorHandle h), h);

        public Tensor gather(long dim, Tensor index) => Result(Native.lt_gather(H, dim, index.H, out TensorHandle h), h);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Result(Native.lt_scatter(H, dim, index.H, src.H, out TensorHandle h), h);

        public Tensor masked_fill(Tensor mask, Scalar value) => Result(Native.lt_masked_fill(H, mask.H, value.Value, out TensorHandle h), h);

        public Tensor masked_select(Tensor mask) => Result(Native.lt_masked_select(H, mask.H, out TensorHandle h), h);

        public Tensor tril(long diagonal = 0) => Result(Native.lt_tril(H, diagonal, out TensorHandle h), h);

        public Tensor triu(long diagonal = 0) => Result(Native.lt_triu(H, diagonal, out TensorHandle h), h);

        /// <summary>Equal parts along a dimension; the last may be smaller.</summary>
        public Tensor[] chunk(long chunks, long dim = 0)
        {
            long whole = size((int)dim), part = Math.Max(1, (whole + chunks - 1) / chunks);
            return [.. Enumerable.Range(0, (int)((whole + part - 1) / part)).Select(i => narrow(dim, i * part, Math.Min(part, whole - (i * part))))];
        }

        /// <summary>A view of, or, with tensors among the indices, a copy of some elements.</summary>
        public Tensor this[params TensorIndex[] indices]
        {
            get => Picked(indices, (picked, tensors) =>
                tensors.Length == 0 ? picked.alias() : WithHandles(tensors, handles => Result(Native.lt_index(picked.H, handles, handles.Length, out TensorHandle h), h)));

            set => Picked<object?>(indices, (picked, tensors) =>
            {
                if (tensors.Length == 0)
                    picked.copy_(value);
                else
                    Status.Check(WithHandles(tensors, handles => Native.lt_index_put_(picked.H, handles, handles.Length, value.H)));
                return null;
            });
        }

        // Numbers and ranges are views; tensors among the indices are left for the end, by dimension of the view.
        private T Picked<T>(TensorIndex[] indices, Func<Tensor, Tensor?[], T> use)
        {
            var steps = new List<Tensor>();
            var tensors = new List<Tensor?>();
            try
            {
                Tensor view = this;
                int dim = 0, covered = 0;
                for (int i = 0; i < indices.Length; i++)
                {
                    TensorIndex index = indices[i];
                    if (index.IsEllipsis)
                    {
                        dim = (int)view.ndim - indices[(i + 1)..].Sum(left => left.Width);
                    }
                    else if (index.Picked is { } tensor)
                    {
                        for (; covered < dim; covered++)
                            tensors.Add(null);
                        tensors.Add(tensor);
                        dim += index.Width;
                        covered = dim;
                    }
                    else
                    {
                        view = index.Apply(view, ref dim);
                        steps.Add(view);
                    }
                }
                return use(view, [.. tensors]);
            }
            finally
            {
                foreach (Tensor step in steps)
                    step.Dispose();
            }
        }
    }
}
