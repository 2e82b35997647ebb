using FsCheck;
using FsCheck.Fluent;
using Legato.Music;

namespace Legato.Tests.Music;

public sealed class MidiFileRoundTripTests : IDisposable
{
    private static readonly ReadingSettings AsWritten = new() { SilentNoteOnPolicy = SilentNoteOnPolicy.NoteOn };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("legato-midi");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_is_read_again(bool runningStatus) =>
        Prop.ForAll(Generate.File.ToArbitrary(), file =>
        {
            MidiFile read = Read(Bytes(file, new WritingSettings { UseRunningStatus = runningStatus }), AsWritten);
            return Equals(read.TimeDivision, file.TimeDivision)
                && read.TrackChunks.Select(t => t.Events).Zip(file.TrackChunks.Select(t => t.Events)).All(p => p.First.SequenceEqual(p.Second))
                && read.Chunks.Count == file.Chunks.Count;
        }).Holds();

    [Fact]
    public void Running_status_never_makes_a_file_longer_and_leaves_out_repeated_status_bytes()
    {
        Prop.ForAll(Generate.File.ToArbitrary(), file =>
            Bytes(file, new WritingSettings { UseRunningStatus = true }).Length <= Bytes(file, new WritingSettings()).Length).Holds();

        var two = new MidiFile(new TrackChunk(new NoteOnEvent(3, 60, 64), new NoteOnEvent(3, 64, 64) { DeltaTime = 5 }));
        Assert.Equal(
            "4D546864000000060001000100604D54726B0000000B00933C4005404000FF2F00",
            Convert.ToHexString(Bytes(two, new WritingSettings { UseRunningStatus = true })));
    }

    [Fact]
    public void A_file_has_exactly_the_bytes_of_the_standard()
    {
        // The example of a format 0 file in the standard's appendix: 96 ticks, 4/4, 120 bpm, three notes.
        byte[] example = Convert.FromHexString(
            "4D54686400000006000000010060"
            + "4D54726B0000003B" + "00FF580404021808" + "00FF510307A120" + "00C005" + "00C12E" + "00C246"
            + "00923060" + "003C60" + "60914340" + "60904C20" + "8140823040" + "003C40" + "00814340" + "00804C40" + "00FF2F00");
        MidiFile file = Read(example, new ReadingSettings());
        Assert.Equal(MidiFileFormat.SingleTrack, file.OriginalFormat);
        Assert.Equal(new TimeSignatureEvent(4, 4), file.TrackChunks.Single().Events[0]);
        Assert.Equal(new NoteOffEvent(2, 48, 64) { DeltaTime = 192 }, file.TrackChunks.Single().Events[9]);
        using var output = new MemoryStream();
        file.Write(output, MidiFileFormat.SingleTrack, new WritingSettings { UseRunningStatus = true });
        Assert.Equal(example, output.ToArray());
    }

    [Fact]
    public void Unknown_chunks_and_the_silence_before_the_end_survive_when_they_are_asked_for()
    {
        var file = new MidiFile(new UnknownChunk("XFIH", [1, 2, 3]), new TrackChunk(new EndOfTrackEvent { DeltaTime = 77 }));
        MidiFile read = Read(Bytes(file, new WritingSettings()), new ReadingSettings { EndOfTrackStoringPolicy = EndOfTrackStoringPolicy.Store });
        Assert.Equal([1, 2, 3], Assert.IsType<UnknownChunk>(read.Chunks[0]).Data);
        Assert.Equal([new EndOfTrackEvent { DeltaTime = 77 }], read.TrackChunks.Single().Events);
    }

    [Fact]
    public void Note_offs_can_be_written_as_silent_note_ons_and_come_back_as_note_offs()
    {
        var file = new MidiFile(new TrackChunk(new NoteOnEvent(0, 60, 80), new NoteOffEvent(0, 60, 0) { DeltaTime = 9 }));
        byte[] bytes = Bytes(file, new WritingSettings { NoteOffAsSilentNoteOn = true });
        Assert.DoesNotContain((byte)0x80, bytes);
        Assert.Equal(file.TrackChunks.Single().Events, Read(bytes, new ReadingSettings()).TrackChunks.Single().Events);
    }

    [Fact]
    public void A_file_appears_complete_and_nothing_else_stays_in_the_folder()
    {
        var file = new MidiFile(new TrackChunk(new NoteOnEvent(0, 60, 80)));
        string path = Path.Combine(_folder.FullName, "a.mid");
        file.Write(path);
        Assert.Equal(Bytes(file, new WritingSettings()), File.ReadAllBytes(path));
        Assert.Contains("exists", Assert.Throws<InputException>(() => file.Write(path)).Message, StringComparison.Ordinal);
        file.Write(path, overwriteFile: true);
        Assert.Contains("folder", Assert.Throws<InputException>(() => file.Write(Path.Combine(_folder.FullName, "none", "a.mid"))).Message, StringComparison.Ordinal);
        Assert.Equal(["a.mid"], _folder.EnumerateFiles().Select(f => f.Name));
    }

    [Fact]
    public void Values_that_a_file_cannot_hold_are_refused()
    {
        MidiEvent[] impossible =
        [
            new NoteOnEvent(16, 0, 0), new NoteOnEvent(0, 128, 0), new PitchBendEvent(0, 0x4000), new SetTempoEvent(0),
            new TimeSignatureEvent(4, 3), new KeySignatureEvent(8, 0), new NoteOnEvent(0, 0, 0) { DeltaTime = -1 },
            new NoteOnEvent(0, 0, 0) { DeltaTime = 0x10000000 }, new SystemCommonEvent(0xF1, 200, 0), new SystemRealTimeEvent(0x90),
        ];
        Assert.All(impossible, e => Assert.ThrowsAny<ArgumentException>(() => Bytes(new MidiFile(new TrackChunk(e)), new WritingSettings())));
        Assert.Throws<ArgumentException>(() => new MidiFile().Write(Stream.Null, MidiFileFormat.SingleTrack));
        Assert.Throws<ArgumentException>(() => Bytes(new MidiFile(new TrackChunk(new EndOfTrackEvent(), new TextEvent(""))), new WritingSettings()));
    }

    private static byte[] Bytes(MidiFile file, WritingSettings settings)
    {
        using var output = new MemoryStream();
        file.Write(output, MidiFileFormat.MultiTrack, settings);
        return output.ToArray();
    }

    private static MidiFile Read(byte[] bytes, ReadingSettings settings) => MidiFile.Read(new MemoryStream(bytes), settings);
}
