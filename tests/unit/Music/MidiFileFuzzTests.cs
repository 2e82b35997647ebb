using FsCheck;
using FsCheck.Fluent;
using Legato.Music;

namespace Legato.Tests.Music;

/// <summary>Whatever the bytes are, reading ends, in a file or in one of the documented exceptions, without much memory.</summary>
public class MidiFileFuzzTests
{
    private const int BytesPerByte = 100;
    private const int FixedBytes = 64 * 1024;

    private static readonly ReadingSettings[] Settings =
    [
        new(),
        new()
        {
            NotEnoughBytesPolicy = ReadingPolicy.Ignore,
            InvalidChunkSizePolicy = ReadingPolicy.Ignore,
            NoHeaderChunkPolicy = ReadingPolicy.Ignore,
            UnknownChannelEventPolicy = UnknownChannelEventPolicy.SkipStatusByte,
            InvalidChannelEventParameterValuePolicy = InvalidChannelEventParameterValuePolicy.SnapToLimits,
            InvalidMetaEventParameterValuePolicy = InvalidParameterValuePolicy.SnapToLimits,
            InvalidSystemCommonEventParameterValuePolicy = InvalidParameterValuePolicy.SnapToLimits,
        },
    ];

    [Fact]
    public void Random_bytes() =>
        Prop.ForAll(Generate.Bytes.ToArbitrary(), bytes => Survives(bytes) && Survives([.. "MThd\0\0\0\x06\0\x01\0\x01\0\x60MTrk\0\0\0\x40"u8, .. bytes])).Holds();

    [Fact]
    public void Every_truncation_of_a_song()
    {
        byte[] song = File.ReadAllBytes(Path.Combine(Reference.Songs, "bach-minuet-g.mid"));
        for (int length = 0; length < song.Length; length++)
            Assert.True(Survives(song[..length]));
    }

    [Fact]
    public void Every_bit_of_a_song_flipped()
    {
        byte[] song = File.ReadAllBytes(Path.Combine(Reference.Songs, "twinkle.mid"));
        for (int bit = 0; bit < song.Length * 8; bit++)
        {
            byte[] mutant = [.. song];
            mutant[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(Survives(mutant));
        }
    }

    [Fact]
    public void Generated_files_with_bytes_replaced_inserted_and_removed()
    {
        var mutation = from file in Generate.File
                       from places in Gen.Choose(0, int.MaxValue).ListOf(4)
                       from values in ArbMap.Default.GeneratorFor<byte>().ListOf(4)
                       select Mutate(file, places, values);
        Prop.ForAll(mutation.ToArbitrary(), Survives).Holds();
    }

    [Fact]
    public void A_huge_declared_length_allocates_nothing_of_that_size()
    {
        byte[] sysEx = [.. "MThd\0\0\0\x06\0\x01\0\x01\0\x60MTrk"u8, 0x7F, 0xFF, 0xFF, 0xFF, 0x00, 0xF0, 0xFF, 0xFF, 0xFF, 0x7F, 1, 2, 3];
        Assert.True(Survives(sysEx));
        byte[] unknown = [.. "MThd\0\0\0\x06\0\x01\0\x01\0\x60XXXX"u8, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3];
        Assert.True(Survives(unknown));
    }

    [Fact]
    public void A_score_of_many_notes_on_one_key_is_made_without_quadratic_effort()
    {
        var events = Enumerable.Range(0, 100_000).Select(_ => (MidiEvent)new NoteOnEvent(0, 60, 80))
            .Concat(Enumerable.Range(0, 100_000).Select(_ => (MidiEvent)new NoteOffEvent(0, 60, 0) { DeltaTime = 1 }));
        var file = new MidiFile(new TrackChunk(events));
        foreach (NoteStartDetectionPolicy policy in Enum.GetValues<NoteStartDetectionPolicy>())
            Assert.Equal(100_000, file.GetNotes(policy).Notes.Count);
    }

    private static bool Survives(byte[] bytes)
    {
        bool isFrugal = true;
        foreach (ReadingSettings settings in Settings)
        {
            using var stream = new MemoryStream(bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                MidiFile file = MidiFile.Read(stream, settings);
                isFrugal &= GC.GetAllocatedBytesForCurrentThread() - before <= FixedBytes + ((long)BytesPerByte * bytes.Length);
                Convert(file);
            }
            catch (MidiFileException e) when (e.Offset >= 0 && e.Offset <= bytes.Length)
            {
                isFrugal &= GC.GetAllocatedBytesForCurrentThread() - before <= FixedBytes + ((long)BytesPerByte * bytes.Length);
            }
        }
        return isFrugal;
    }

    // What can be read can be converted, unless its times are beyond any music.
    private static void Convert(MidiFile file)
    {
        Score score = Score.FromMidi(file, "fuzz");
        if (score.TotalTime > NoteTrajectory.MaxDuration)
            Assert.Throws<InputException>(() => NoteTrajectory.FromScore(score));
        else if (score.TotalTime < 60)
            Assert.NotEqual(0, NoteTrajectory.FromScore(score).Count);
    }

    private static byte[] Mutate(MidiFile file, IList<int> places, IList<byte> values)
    {
        using var output = new MemoryStream();
        file.Write(output);
        List<byte> bytes = [.. output.ToArray()];
        foreach (((int place, byte value), int i) in places.Zip(values).Select((p, i) => (p, i)))
        {
            int at = place % bytes.Count;
            switch (i % 3)
            {
                case 0: bytes[at] = value; break;
                case 1: bytes.Insert(at, value); break;
                default: bytes.RemoveAt(at); break;
            }
        }
        return [.. bytes];
    }
}
