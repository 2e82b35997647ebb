using System.Buffers.Binary;
using System.Text;

namespace Legato.Music;

/// <summary>Reads header and chunks of one file held in memory. Used once.</summary>
internal sealed class MidiFileReader(byte[] bytes, string name, ReadingSettings settings)
{
    private const int ChunkHeaderLength = 8;
    private const int HeaderLength = 6;

    private readonly List<MidiChunk> _chunks = [];
    private int _position;
    private int _tracks;

    public MidiFile Read()
    {
        (MidiFileFormat format, int announced, TimeDivision division) = ReadHeader();
        while (_position < bytes.Length)
        {
            if (settings.StopReadingOnExpectedTrackChunksCountReached && _tracks >= announced)
                break;
            if (bytes.Length - _position < ChunkHeaderLength)
            {
                RequireBytes("a chunk's header");
                break;
            }
            ReadChunk(announced);
        }
        if (_tracks != announced && announced >= 0 && settings.UnexpectedTrackChunksCountPolicy == ReadingPolicy.Abort)
            throw new UnexpectedTrackChunksCountException(name, _position, announced, _tracks);
        return new MidiFile(_chunks) { TimeDivision = division, OriginalFormat = format };
    }

    private (MidiFileFormat Format, int Tracks, TimeDivision Division) ReadHeader()
    {
        bool isHeader = bytes.AsSpan().StartsWith("MThd"u8);
        if (!isHeader && bytes.Length >= 4 && settings.NoHeaderChunkPolicy == ReadingPolicy.Abort)
            throw new NoHeaderChunkException(name, 0);
        var none = (MidiFileFormat.MultiTrack, int.MaxValue, new TicksPerQuarterNoteTimeDivision());
        if (isHeader ? bytes.Length < ChunkHeaderLength + HeaderLength : bytes.Length < 4)
        {
            RequireBytes("the header");
            _position = bytes.Length;
            return none with { Item2 = -1 };
        }
        if (!isHeader)
            return none with { Item2 = -1 };

        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4));
        if (length < HeaderLength && settings.InvalidChunkSizePolicy == ReadingPolicy.Abort)
            throw new InvalidChunkSizeException(name, 4, "MThd", length, HeaderLength);
        ReadOnlySpan<byte> header = bytes.AsSpan(ChunkHeaderLength);
        ushort format = BinaryPrimitives.ReadUInt16BigEndian(header);
        if (format > 2 && settings.UnknownFileFormatPolicy == ReadingPolicy.Abort)
            throw new UnknownFileFormatException(name, ChunkHeaderLength, format);
        short division = BinaryPrimitives.ReadInt16BigEndian(header[4..]);
        TimeDivision time = TimeDivision.FromInt16(division)
            ?? throw new InvalidTimeDivisionException(name, ChunkHeaderLength + 4, division);
        // Later versions of the format may have longer headers; what they add is passed over.
        _position = (int)Math.Min(bytes.Length, ChunkHeaderLength + Math.Max(length, (long)HeaderLength));
        return ((MidiFileFormat)format, BinaryPrimitives.ReadUInt16BigEndian(header[2..]), time);
    }

    private void ReadChunk(int announced)
    {
        string id = Encoding.Latin1.GetString(bytes, _position, 4);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(_position + 4));
        int chunk = _position;
        _position += ChunkHeaderLength;
        long end = _position + (long)length;
        int limit = (int)Math.Min(end, bytes.Length);

        if (id == "MTrk")
        {
            bool extra = announced >= 0 && _tracks >= announced;
            _tracks++;
            if (extra && settings.ExtraTrackChunkPolicy == ExtraTrackChunkPolicy.Skip)
            {
                _position = limit;
                return;
            }
            var reader = new TrackReader(bytes, _position, limit, name, settings);
            TrackChunk track = reader.Read(isCutOff: end > bytes.Length);
            _chunks.Add(track);
            if (reader.Consumed != length && reader.IsComplete && settings.InvalidChunkSizePolicy == ReadingPolicy.Abort)
                throw new InvalidChunkSizeException(name, chunk + 4, id, length, reader.Consumed);
        }
        else
        {
            if (settings.UnknownChunkIdPolicy == UnknownChunkIdPolicy.Abort)
                throw new UnknownChunkException(name, chunk, Printable(id));
            if (end > bytes.Length)
                RequireBytes($"chunk '{Printable(id)}'");
            if (settings.UnknownChunkIdPolicy == UnknownChunkIdPolicy.ReadAsUnknownChunk)
                _chunks.Add(new UnknownChunk(id, bytes[_position..limit]));
        }
        _position = limit;
    }

    private void RequireBytes(string what)
    {
        if (settings.NotEnoughBytesPolicy == ReadingPolicy.Abort)
            throw new NotEnoughBytesException(name, bytes.Length, what);
    }

    private static string Printable(string id) => string.Concat(id.Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
