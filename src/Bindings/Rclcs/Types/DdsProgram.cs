namespace Rclcs;

/// <summary>
/// Compiles a message type to the instruction words by which Cyclone DDS 0.10 walks its samples.
/// </summary>
/// <remarks>
/// The instruction set is documented in Cyclone's <c>dds_opcodes.h</c>: [ADR | type | subtype | flags] [offset] [...].
/// A type's instructions stand once, in order of first use, and end in RTS; jumps to them are relative to the jumping instruction.
/// </remarks>
internal sealed class DdsProgram
{
    private const uint Return = 0;
    private const uint Address = 0x01 << 24;
    private const uint Sequence = 0x07 << 16;
    private const uint Array = 0x08 << 16;
    private const uint External = 0x0d << 16;
    private const uint StructSubtype = 0x0a << 8;

    private readonly List<uint> _words = [];
    private readonly Dictionary<TypeDescriptor, int> _starts = [];
    private readonly List<(int Instruction, int Word, int Length, TypeDescriptor Target)> _jumps = [];

    private DdsProgram() { }

    /// <summary>The program.</summary>
    public uint[] Words { get; private set; } = [];

    /// <summary>How many instructions it has.</summary>
    public int Instructions { get; private set; }

    public static DdsProgram Compile(TypeDescriptor type)
    {
        var program = new DdsProgram();
        program.EmitType(type);
        foreach (var (instruction, word, length, target) in program._jumps)
            program._words[word] = ((uint)length << 16) | (ushort)(program._starts[target] - instruction);
        program.Words = [.. program._words];
        return program;
    }

    private void EmitType(TypeDescriptor type)
    {
        if (!_starts.TryAdd(type, _words.Count))
            return;
        for (int i = 0; i < type.Fields.Count; i++)
            EmitField(type.Fields[i], (uint)type.Offsets[i]);
        Emit(Return);
        foreach (FieldType field in type.Fields)
        {
            if (field.Message is not null)
                EmitType(field.Message);
        }
    }

    private void EmitField(FieldType field, uint offset)
    {
        int instruction = _words.Count;
        uint subtype = field.Primitive is { } primitive ? (primitive.Op << 8) | primitive.Flags : StructSubtype;
        switch (field.Shape)
        {
            case FieldShape.Single when field.Primitive is { } single:
                Emit(Address | (single.Op << 16) | single.Flags, offset);
                break;
            case FieldShape.Single:
                Emit(Address | External, offset, 0);
                Jump(instruction, 2, 3, field.Message!);
                break;
            case FieldShape.Sequence when field.Message is null:
                Emit(Address | Sequence | subtype, offset);
                break;
            case FieldShape.Sequence:
                Emit(Address | Sequence | subtype, offset, (uint)field.ElementSize, 0);
                Jump(instruction, 3, 4, field.Message);
                break;
            case FieldShape.Array when field.Message is null:
                Emit(Address | Array | subtype, offset, (uint)field.ArrayLength);
                break;
            default:
                Emit(Address | Array | subtype, offset, (uint)field.ArrayLength, 0, (uint)field.ElementSize);
                Jump(instruction, 3, 5, field.Message!);
                break;
        }
    }

    private void Emit(params ReadOnlySpan<uint> words)
    {
        Instructions++;
        foreach (uint word in words)
            _words.Add(word);
    }

    private void Jump(int instruction, int word, int length, TypeDescriptor target) => _jumps.Add((instruction, instruction + word, length, target));
}
