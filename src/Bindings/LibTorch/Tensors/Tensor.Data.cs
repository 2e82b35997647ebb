using System.Runtime.InteropServices;
using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements' memory; contiguous tensors only. It is valid for as long as this tensor is kept.</summary>
        /// <exception cref="InvalidOperationException">The tensor is not contiguous.</exception>
        public Span<byte> bytes
        {
            get => Memory<byte>();
            set
            {
                Span<byte> own = bytes;
                if (value.Length != own.Length)
                    throw new ArgumentException($"{value.Length} bytes for a tensor of {own.Length}", nameof(value));
                value.CopyTo(own);
            }
        }

        /// <summary>The elements, to read and to write.</summary>
        /// <typeparam name="T">The type that <see cref="dtype"/> says.</typeparam>
        /// <exception cref="ArgumentException">Another type.</exception>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            RequireType<T>();
            return new TensorAccessor<T>(this);
        }

        /// <summary>The value of a tensor with one element.</summary>
        public T item<T>()
            where T : unmanaged
        {
            RequireType<T>();
            Status.Check(Native.lt_item(H, out NativeScalar value));
            object boxed = value.Kind switch
            {
                ScalarKind.Real when typeof(T) == typeof(Half) => (Half)value.Real,
                ScalarKind.Real => Convert.ChangeType(value.Real, typeof(T), System.Globalization.CultureInfo.InvariantCulture),
                ScalarKind.Boolean => value.Integer != 0,
                _ => Convert.ChangeType(value.Integer, typeof(T), System.Globalization.CultureInfo.InvariantCulture),
            };
            return (T)boxed;
        }

        /// <summary>The value of a tensor with one element.</summary>
        public Scalar ToScalar()
        {
            Status.Check(Native.lt_item(H, out NativeScalar value));
            return Scalar.Of(value);
        }

        public float ToSingle() => ToScalar().ToSingle();

        public double ToDouble() => ToScalar().ToDouble();

        public long ToInt64() => ToScalar().ToInt64();

        public int ToInt32() => ToScalar().ToInt32();

        public bool ToBoolean() => ToScalar().ToBoolean();

        /// <summary>The same elements as another type; another handle to this tensor if it has that type.</summary>
        public Tensor to(ScalarType type, bool copy = false) => Result(Native.lt_to_type(H, (int)type, copy ? 1 : 0, out TensorHandle h), h);

        public Tensor to_type(ScalarType type) => to(type);

        /// <summary>Another handle to this tensor: there is one device.</summary>
        public Tensor to(Device device) => alias();

        /// <summary>Another handle to this tensor: there is one device.</summary>
        public Tensor cpu() => alias();

        /// <summary>A copy of its own memory.</summary>
        public Tensor clone() => Result(Native.lt_clone(H, out TensorHandle h), h);

        /// <summary>Another handle to the same tensor.</summary>
        public Tensor alias() => Result(Native.lt_alias(H, out TensorHandle h), h);

        /// <summary>The elements in order without gaps.</summary>
        public Tensor contiguous() => Result(Native.lt_contiguous(H, out TensorHandle h), h);

        /// <summary>Where the first element is.</summary>
        internal nint Address
        {
            get
            {
                Status.Check(Native.lt_data(H, out nint data));
                return data;
            }
        }

        internal unsafe Span<T> Memory<T>()
            where T : unmanaged
        {
            if (!is_contiguous())
                throw new InvalidOperationException("the tensor is not contiguous: call contiguous() first");
            return new Span<T>((void*)Address, checked((int)(NumberOfElements * ElementSize / sizeof(T))));
        }

        private void RequireType<T>()
        {
            if (TypeOf<T>() != dtype)
                throw new ArgumentException($"elements are {dtype}, not {typeof(T).Name}");
        }
    }

    internal static ScalarType TypeOf<T>() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Byte => ScalarType.Byte,
        TypeCode.SByte => ScalarType.Int8,
        TypeCode.Int16 => ScalarType.Int16,
        TypeCode.Int32 => ScalarType.Int32,
        TypeCode.Int64 => ScalarType.Int64,
        TypeCode.Single => ScalarType.Float32,
        TypeCode.Double => ScalarType.Float64,
        TypeCode.Boolean => ScalarType.Bool,
        _ when typeof(T) == typeof(Half) => ScalarType.Float16,
        _ => throw new ArgumentException($"tensors have no elements of type {typeof(T).Name}"),
    };
}
