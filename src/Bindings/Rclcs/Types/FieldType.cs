using System.Globalization;

namespace Rclcs;

/// <summary>How many values a field holds.</summary>
internal enum FieldShape
{
    Single,
    Sequence,
    Array,
}

/// <summary>A built-in type of the ROS interface language.</summary>
/// <param name="Size">Bytes in memory and on the wire; for a string those of a pointer.</param>
/// <param name="MinimumCdrSize">Bytes of the shortest value on the wire.</param>
/// <param name="Op">Cyclone DDS' code for the type, as in its <c>dds_opcodes.h</c>.</param>
/// <param name="Flags">Cyclone DDS' flags: 2 floating point, 4 signed.</param>
internal sealed record Primitive(int Size, int MinimumCdrSize, uint Op, uint Flags)
{
    private const uint FloatingPoint = 2;
    private const uint Signed = 4;

    /// <summary>The built-in type of that name, or null.</summary>
    public static Primitive? Find(string name) => name switch
    {
        "bool" => new(1, 1, 0x0e, 0),
        "byte" or "char" or "uint8" => new(1, 1, 0x01, 0),
        "int8" => new(1, 1, 0x01, Signed),
        "uint16" => new(2, 2, 0x02, 0),
        "int16" => new(2, 2, 0x02, Signed),
        "uint32" => new(4, 4, 0x03, 0),
        "int32" => new(4, 4, 0x03, Signed),
        "float32" => new(4, 4, 0x03, FloatingPoint),
        "uint64" => new(8, 8, 0x04, 0),
        "int64" => new(8, 8, 0x04, Signed),
        "float64" => new(8, 8, 0x04, FloatingPoint),
        "string" => new(8, 5, 0x05, 0),
        _ => null,
    };
}

/// <summary>A field of a message: its element type, and whether it holds one, a fixed number or any number of them.</summary>
internal sealed record FieldType(FieldShape Shape, int ArrayLength, Primitive? Primitive, TypeDescriptor? Message)
{
    // dds_sequence_t: maximum, length, buffer, release.
    private const int SequenceSize = 24;

    /// <summary>Alignment in memory, in bytes.</summary>
    public int Alignment => Shape == FieldShape.Sequence ? 8 : Primitive?.Size ?? Message!.Alignment;

    /// <summary>Size in memory, in bytes.</summary>
    public int Size => Shape switch
    {
        FieldShape.Sequence => SequenceSize,
        FieldShape.Array => ArrayLength * ElementSize,
        _ => ElementSize,
    };

    /// <summary>Size of one element in memory, in bytes.</summary>
    public int ElementSize => Primitive?.Size ?? Message!.Size;

    /// <summary>Bytes of the shortest value on the wire, without padding.</summary>
    public int MinimumCdrSize => Shape switch
    {
        FieldShape.Sequence => 4,
        FieldShape.Array => ArrayLength * ElementMinimum,
        _ => ElementMinimum,
    };

    private int ElementMinimum => Primitive?.MinimumCdrSize ?? Message!.MinimumCdrSize;

    /// <summary>Reads the type part of a line of a .msg file, such as <c>float64[]</c> or <c>pkg/Name[4]</c>.</summary>
    /// <param name="text">The type; a bounded string (<c>string&lt;=9</c>) counts as a string, for it looks the same on the wire.</param>
    /// <param name="find">Gives the message type of a name, or null.</param>
    /// <exception cref="ArgumentException">The type is unknown or of a form that is not supported.</exception>
    public static FieldType Parse(string text, Func<string, TypeDescriptor?> find)
    {
        string name = text;
        var shape = FieldShape.Single;
        int length = 0;
        if (text.EndsWith(']'))
        {
            int open = text.IndexOf('[', StringComparison.Ordinal);
            string count = text[(open + 1)..^1];
            name = text[..open];
            shape = count.Length == 0 ? FieldShape.Sequence : FieldShape.Array;
            if (shape == FieldShape.Array && (!int.TryParse(count, CultureInfo.InvariantCulture, out length) || length < 1))
                throw new ArgumentException($"'{text}': only [] and [n] with n > 0 are supported.", nameof(text));
        }
        if (name.StartsWith("string<=", StringComparison.Ordinal))
            name = "string";
        Primitive? primitive = Primitive.Find(name);
        TypeDescriptor? message = primitive is null ? find(name) : null;
        if (primitive is null && message is null)
            throw new ArgumentException($"'{name}' is neither a built-in type nor among the dependencies.", nameof(text));
        return new FieldType(shape, length, primitive, message);
    }
}
