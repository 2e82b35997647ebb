namespace TorchSharp;

/// <summary>libtorch under the names of TorchSharp: the part of its interface that is the same in its releases 0.99 and 0.106.</summary>
/// <remarks>
/// Modes, scopes and errors belong to the calling thread: no <c>await</c> inside them. Errors of libtorch are <see cref="TorchException"/>s. Only the
/// processor's memory (<see cref="CPU"/>) is supported.
/// </remarks>
public static partial class torch
{
    public const ScalarType uint8 = ScalarType.Byte;
    public const ScalarType int8 = ScalarType.Int8;
    public const ScalarType int16 = ScalarType.Int16;
    public const ScalarType int32 = ScalarType.Int32;
    public const ScalarType int64 = ScalarType.Int64;
    public const ScalarType float32 = ScalarType.Float32;
    public const ScalarType float64 = ScalarType.Float64;
    public const ScalarType @bool = ScalarType.Bool;

    /// <summary>Type of elements; the numbers are libtorch's and stand in checkpoints.</summary>
    public enum ScalarType : sbyte
    {
        Byte = 0,
        Int8 = 1,
        Int16 = 2,
        Int32 = 3,
        Int64 = 4,
        Float16 = 5,
        Float32 = 6,
        Float64 = 7,
        ComplexFloat32 = 9,
        ComplexFloat64 = 10,
        Bool = 11,
        BFloat16 = 15,
    }

    /// <summary>The processor's memory.</summary>
    public static Device CPU { get; } = new("cpu");

    /// <summary>A device by its name.</summary>
    public static Device device(string name) => new(name);

    /// <summary>Where tensors live.</summary>
    public sealed class Device
    {
        /// <summary>A device by its name.</summary>
        /// <exception cref="ArgumentException">It is not <c>cpu</c>.</exception>
        public Device(string description)
        {
            if (description is not ("cpu" or "cpu:0"))
                throw new ArgumentException($"device '{description}': only 'cpu' is supported", nameof(description));
        }

        public DeviceType type => DeviceType.CPU;

        public int index => -1;

        /// <inheritdoc/>
        public override string ToString() => "cpu";
    }
}

/// <summary>Kinds of devices.</summary>
public enum DeviceType
{
    CPU = 0,
}
