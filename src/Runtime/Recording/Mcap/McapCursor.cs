using System.Buffers.Binary;
using System.Text;

namespace Legato.Runtime.Recording.Mcap;

/// <summary>Reads the fields of records from a piece of a file.</summary>
/// <param name="bytes">The piece.</param>
/// <param name="file">The file's name, for errors.</param>
/// <param name="origin">Where the piece starts in the file.</param>
internal ref struct McapCursor(ReadOnlySpan<byte> bytes, string file, long origin)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    public readonly bool AtEnd => _position == _bytes.Length;

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    /// <summary>A 64-bit length, offset or time; none of them comes near the sign bit in a valid file.</summary>
    public long U64()
    {
        long value = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
        return value >= 0 ? value : throw new CorruptRecordingException(file, origin + _position - sizeof(long), "a number is out of range");
    }

    public string String() => Encoding.UTF8.GetString(Take(U32()));

    public Dictionary<string, string> Map()
    {
        uint length = U32();
        McapCursor entries = new(Take(length), file, origin + _position - length);
        Dictionary<string, string> map = [];
        while (!entries.AtEnd) map[entries.String()] = entries.String();
        return map;
    }

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count > _bytes.Length - _position)
            throw new CorruptRecordingException(file, origin + _position, $"a field of {count} bytes does not fit into its record");
        _position += (int)count;
        return _bytes.Slice(_position - (int)count, (int)count);
    }

    /// <summary>Reads a record's prefix if the whole record is here and can be one.</summary>
    /// <returns>False, without moving, if it is not.</returns>
    public bool TryRecord(out McapOpcode opcode, out int length)
    {
        opcode = McapOpcode.None;
        length = 0;
        ReadOnlySpan<byte> rest = _bytes[_position..];
        if (rest.Length < McapFormat.RecordPrefix || rest[0] == 0) return false;
        long announced = BinaryPrimitives.ReadInt64LittleEndian(rest[1..]);
        if (announced < 0 || announced > rest.Length - McapFormat.RecordPrefix) return false;
        opcode = (McapOpcode)rest[0];
        length = (int)announced;
        _position += McapFormat.RecordPrefix;
        return true;
    }
}
