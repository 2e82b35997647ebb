using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>An array of numbers in native memory, with the record of how it came about where gradients are wanted.</summary>
    /// <remarks>
    /// Dispose it, or create it inside <see cref="NewDisposeScope"/>: the collector sees little of what it holds. One thread at a time; disposing is safe on
    /// any. Views share memory with what they were made from.
    /// </remarks>
    public partial class Tensor : IDisposable
    {
        private readonly TensorHandle _handle;

        internal Tensor(TensorHandle handle)
        {
            _handle = handle.Weighed();
            DisposeScopeManager.Current.Scope?.Attach(this);
        }

        /// <summary>Tensors that live in the whole process.</summary>
        public static long TotalCount => LiveTensors.Count;

        /// <summary>Most tensors that lived at once.</summary>
        public static long PeakCount => LiveTensors.Peak;

        /// <summary>Address of the native tensor, for as long as this object is kept.</summary>
        public nint Handle => H.DangerousGetHandle();

        /// <summary>True once it is disposed.</summary>
        public bool IsInvalid => _handle.IsClosed;

        /// <summary>Sizes, outermost first.</summary>
        public long[] shape
        {
            get
            {
                long[] sizes = new long[Native.lt_dim(H)];
                if (sizes.Length > 0)
                    Native.lt_shape(H, sizes);
                return sizes;
            }
        }

        /// <summary>Number of dimensions.</summary>
        public long ndim => Native.lt_dim(H);

        /// <inheritdoc cref="ndim"/>
        public long Dimensions => ndim;

        /// <summary>Number of elements.</summary>
        public long NumberOfElements => Native.lt_numel(H);

        /// <summary>Bytes of an element.</summary>
        public long ElementSize => Native.lt_element_size(H);

        /// <summary>Type of the elements.</summary>
        public ScalarType dtype => (ScalarType)Native.lt_dtype(H);

        /// <summary>Where it lives.</summary>
        public Device device => CPU;

        public DeviceType device_type => DeviceType.CPU;

        internal TensorHandle H
        {
            get
            {
                ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
                return _handle;
            }
        }

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>Size of a dimension; negative ones count from the end.</summary>
        public long size(int dim)
        {
            long[] sizes = shape;
            int at = dim < 0 ? dim + sizes.Length : dim;
            return at >= 0 && at < sizes.Length ? sizes[at] : throw new TorchIndexException($"dimension {dim} of a tensor with {sizes.Length}");
        }

        /// <inheritdoc cref="shape"/>
        public long[] size() => shape;

        /// <inheritdoc cref="NumberOfElements"/>
        public long numel() => NumberOfElements;

        /// <inheritdoc cref="ndim"/>
        public long dim() => ndim;

        public bool is_floating_point() => dtype is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

        /// <summary>Elements from one index to the next, by dimension.</summary>
        public long[] stride()
        {
            long[] strides = new long[ndim];
            if (strides.Length > 0)
                Native.lt_strides(H, strides);
            return strides;
        }

        /// <summary>True if the elements lie in order without gaps.</summary>
        public bool is_contiguous() => Native.lt_is_contiguous(H) != 0;

        /// <summary>Frees the native tensor; its memory goes with the last view of it.</summary>
        public void Dispose()
        {
            GC.SuppressFinalize(this);
            OwningDisposeScope?.Forget(this);
            OwningDisposeScope = null;
            _handle.Dispose();
        }

        /// <summary>Leaves it to the scope around its own.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Leaves it to its holder.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        /// <inheritdoc/>
        public override string ToString() => _handle.IsClosed ? "Tensor (disposed)" : $"[{string.Join('x', shape)}], type = {dtype}, device = cpu";
    }

    // Wraps what a call gave, or throws what it said.
    internal static Tensor Result(int status, TensorHandle handle)
    {
        Status.Check(status);
        return new Tensor(handle);
    }

    internal static (Tensor First, Tensor Second) Results(int status, TensorHandle first, TensorHandle second)
    {
        Status.Check(status);
        return (new Tensor(first), new Tensor(second));
    }

    internal static TensorHandle Optional(Tensor? tensor) => tensor?.H ?? TensorHandle.Undefined;

    // Calls with the addresses of many tensors, which stay alive meanwhile.
    internal static T WithHandles<T>(IReadOnlyList<Tensor?> tensors, Func<nint[], T> call)
    {
        nint[] handles = new nint[tensors.Count];
        for (int i = 0; i < handles.Length; i++)
            handles[i] = Optional(tensors[i]).DangerousGetHandle();
        T result = call(handles);
        GC.KeepAlive(tensors);
        return result;
    }
}
