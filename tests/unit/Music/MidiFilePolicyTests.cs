using Legato.Music;

namespace Legato.Tests.Music;

/// <summary>Each departure from the format: its exception by default, and what its policy makes of it.</summary>
public class MidiFilePolicyTests
{
    private const string Header = "4D546864" + "00000006" + "0001" + "0001" + "0060";
    private const string NoteOnAndEnd = "00903C40" + "00FF2F00";

    [Theory]
    [InlineData("", typeof(NotEnoughBytesException), 0)]
    [InlineData("4D5468640000", typeof(NotEnoughBytesException), 6)]
    [InlineData("52494646000000000000000000000000", typeof(NoHeaderChunkException), 0)]
    [InlineData("4D54686400000002000100010060", typeof(InvalidChunkSizeException), 4)]
    [InlineData("4D54686400000006000100010000", typeof(InvalidTimeDivisionException), 12)]
    [InlineData("4D5468640000000600010001E600", typeof(InvalidTimeDivisionException), 12)]
    [InlineData(Header + "4D54", typeof(NotEnoughBytesException), 16)]
    [InlineData(Header + "4D54726B00000008" + "00903C40", typeof(NotEnoughBytesException), 26)]
    [InlineData(Header + "4D54726B00000007" + NoteOnAndEnd, typeof(InvalidChunkSizeException), 18)]
    [InlineData(Header + "4D54726B00000009" + NoteOnAndEnd + "00", typeof(InvalidChunkSizeException), 18)]
    [InlineData(Header + "4D54726B00000004" + "003C4000", typeof(UnexpectedRunningStatusException), 23)]
    [InlineData(Header + "4D54726B00000005" + "00F4903C40", typeof(UnknownChannelEventException), 23)]
    [InlineData(Header + "4D54726B00000008" + "00903CC8" + "00FF2F00", typeof(InvalidChannelEventParameterValueException), 25)]
    [InlineData(Header + "4D54726B00000007" + "00F3C8" + "00FF2F00", typeof(InvalidSystemCommonEventParameterValueException), 24)]
    [InlineData(Header + "4D54726B0000000A" + "00FF59020900" + "00FF2F00", typeof(InvalidMetaEventParameterValueException), 23)]
    [InlineData(Header + "4D54726B00000009" + "00FF510107" + "00FF2F00", typeof(InvalidMetaEventParameterValueException), 23)]
    [InlineData(Header + "4D54726B00000009" + "8180808000" + "00FF2F00", typeof(InvalidVariableLengthNumberException), 22)]
    [InlineData(Header + "58585858000000FF00", typeof(NotEnoughBytesException), 23)]
    public void Refused_by_default_with_type_and_place(string hex, Type exception, long offset)
    {
        var thrown = Assert.IsAssignableFrom<MidiFileException>(Assert.Throws(exception, () => Read(hex)));
        Assert.Equal(offset, thrown.Offset);
        Assert.StartsWith($"(stream), byte {offset}: ", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', thrown.Message);
    }

    [Theory]
    [InlineData("4D54686400000006000700010060" + "4D54726B00000008" + NoteOnAndEnd)]
    [InlineData("4D54686400000006000100050060" + "4D54726B00000008" + NoteOnAndEnd)]
    [InlineData("4D54686400000006000100000060" + "4D54726B00000008" + NoteOnAndEnd)]
    [InlineData(Header + "5858585800000001FF" + "4D54726B00000008" + NoteOnAndEnd)]
    [InlineData(Header + "4D54726B00000004" + "00903C40")]
    [InlineData("4D54686400000008000100010060FFFF" + "4D54726B00000008" + NoteOnAndEnd)]
    public void Harmless_departures_are_accepted_by_default(string hex) => Assert.Equal([new NoteOnEvent(0, 60, 64)], Read(hex).TrackChunks.Single().Events);

    [Fact]
    public void The_running_status_outlives_a_text() => Assert.Equal(
        [new NoteOnEvent(0, 60, 64), new TextEvent("x"), new NoteOnEvent(0, 62, 64)],
        Read(Header + "4D54726B00000010" + "00903C40" + "00FF010178" + "003E40" + "00FF2F00").TrackChunks.Single().Events);

    [Fact]
    public void They_are_refused_when_the_policies_say_so()
    {
        Assert.Throws<UnknownFileFormatException>(() => Read("4D54686400000006000700010060", new() { UnknownFileFormatPolicy = ReadingPolicy.Abort }));
        Assert.Throws<UnexpectedTrackChunksCountException>(() => Read(Header, new() { UnexpectedTrackChunksCountPolicy = ReadingPolicy.Abort }));
        Assert.Throws<UnknownChunkException>(() => Read(Header + "5858585800000001FF", new() { UnknownChunkIdPolicy = UnknownChunkIdPolicy.Abort }));
        Assert.Throws<MissedEndOfTrackException>(() => Read(Header + "4D54726B00000004" + "00903C40", new() { MissedEndOfTrackPolicy = ReadingPolicy.Abort }));
    }

    [Fact]
    public void A_cut_file_keeps_its_complete_events_when_that_is_wanted()
    {
        var lenient = new ReadingSettings { NotEnoughBytesPolicy = ReadingPolicy.Ignore, InvalidChunkSizePolicy = ReadingPolicy.Ignore };
        MidiFile file = Read(Header + "4D54726B000000FF" + "00903C40" + "10803C40" + "0090", lenient);
        Assert.Equal([new NoteOnEvent(0, 60, 64), new NoteOffEvent(0, 60, 64) { DeltaTime = 16 }], file.TrackChunks.Single().Events);
        Assert.Empty(Read("4D54", lenient).Chunks);
    }

    [Fact]
    public void A_wrong_chunk_length_can_be_passed_over()
    {
        var ignore = new ReadingSettings { InvalidChunkSizePolicy = ReadingPolicy.Ignore };
        Assert.Equal(2, Read(Header + "4D54726B0000000A" + NoteOnAndEnd + "0000" + "4D54726B00000008" + NoteOnAndEnd, ignore).Chunks.Count);
        Assert.Single(Read(Header + "4D54726B00000006" + "00903C400090" + "4D54726B00000008" + NoteOnAndEnd, ignore).TrackChunks.First().Events);
    }

    [Fact]
    public void A_file_without_header_is_read_as_format_1_with_96_ticks()
    {
        MidiFile file = Read("4D54726B00000008" + NoteOnAndEnd, new() { NoHeaderChunkPolicy = ReadingPolicy.Ignore });
        Assert.Equal(new TicksPerQuarterNoteTimeDivision(96), file.TimeDivision);
        Assert.Single(file.TrackChunks);
    }

    [Theory]
    [InlineData(InvalidChannelEventParameterValuePolicy.ReadValid, 72)]
    [InlineData(InvalidChannelEventParameterValuePolicy.SnapToLimits, 127)]
    public void Data_bytes_above_127_can_be_mended(InvalidChannelEventParameterValuePolicy policy, byte velocity) =>
        Assert.Equal(new NoteOnEvent(0, 60, velocity), Read(Header + "4D54726B00000008" + "00903CC8" + "00FF2F00",
            new() { InvalidChannelEventParameterValuePolicy = policy }).TrackChunks.Single().Events.Single());

    [Fact]
    public void Meta_and_system_common_values_can_be_mended()
    {
        var snap = new ReadingSettings
        {
            InvalidMetaEventParameterValuePolicy = InvalidParameterValuePolicy.SnapToLimits,
            InvalidSystemCommonEventParameterValuePolicy = InvalidParameterValuePolicy.SnapToLimits,
        };
        Assert.Equal(
            [new KeySignatureEvent(7, 1), new SetTempoEvent(1), new UnknownMetaEvent(0x51, [7]), new SystemCommonEvent(0xF3, 127, 0)],
            Read(Header + "4D54726B0000001D" + "00FF59020902" + "00FF5103000000" + "00FF510107" + "00F3C8" + "00FF2F0000000000", snap with { InvalidChunkSizePolicy = ReadingPolicy.Ignore }).TrackChunks.Single().Events);
    }

    [Theory]
    [InlineData(UnknownChannelEventPolicy.SkipStatusByte, "")]
    [InlineData(UnknownChannelEventPolicy.SkipStatusByteAndOneDataByte, "11")]
    [InlineData(UnknownChannelEventPolicy.SkipStatusByteAndTwoDataBytes, "1122")]
    [InlineData(UnknownChannelEventPolicy.UseCallback, "112233")]
    public void Impossible_status_bytes_can_be_skipped(UnknownChannelEventPolicy policy, string data)
    {
        string track = "00F4" + data + NoteOnAndEnd;
        MidiFile file = Read(Header + "4D54726B" + (track.Length / 2).ToString("X8", null) + track,
            new() { UnknownChannelEventPolicy = policy, UnknownChannelEventCallback = status => status == 0xF4 ? 3 : -1 });
        Assert.Equal([new NoteOnEvent(0, 60, 64)], file.TrackChunks.Single().Events);
    }

    [Fact]
    public void Extra_tracks_can_be_skipped_or_left_unread()
    {
        string two = Header + "4D54726B00000008" + NoteOnAndEnd + "4D54726B00000008" + NoteOnAndEnd;
        Assert.Equal(2, Read(two).Chunks.Count);
        Assert.Single(Read(two, new() { ExtraTrackChunkPolicy = ExtraTrackChunkPolicy.Skip }).Chunks);
        Assert.Single(Read(two + "FF", new() { StopReadingOnExpectedTrackChunksCountReached = true }).Chunks);
    }

    [Fact]
    public void Silent_note_ons_and_empty_texts_are_read_as_the_policies_say()
    {
        const string Hex = Header + "4D54726B0000000C" + "00903C00" + "00FF0100" + "00FF2F00";
        Assert.Equal([new NoteOffEvent(0, 60, 0), new TextEvent("")], Read(Hex).TrackChunks.Single().Events);
        var other = new ReadingSettings { SilentNoteOnPolicy = SilentNoteOnPolicy.NoteOn, ZeroLengthDataPolicy = ZeroLengthDataPolicy.ReadAsNull };
        Assert.Equal([new NoteOnEvent(0, 60, 0), new TextEvent(null)], Read(Hex, other).TrackChunks.Single().Events);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var e = Assert.Throws<InputException>(() => MidiFile.Read("/no/such/song.mid"));
        Assert.StartsWith("/no/such/song.mid: ", e.Message, StringComparison.Ordinal);
    }

    private static MidiFile Read(string hex, ReadingSettings? settings = null) => MidiFile.Read(new MemoryStream(Convert.FromHexString(hex)), settings);
}
