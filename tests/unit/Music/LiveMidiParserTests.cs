using FsCheck;
using FsCheck.Fluent;
using Legato.Music;

namespace Legato.Tests.Music;

public class LiveMidiParserTests
{
    private static Gen<LiveMidiEvent> Event =>
        from type in Gen.Elements(LiveMidiEventType.NoteOn, LiveMidiEventType.NoteOff, LiveMidiEventType.ControlChange)
        from channel in Generate.Channel
        from number in Gen.Choose(0, 119)
        from value in Gen.Choose(1, 127)
        select new LiveMidiEvent(type, channel, (byte)number, (byte)value, 0);

    private static Gen<byte[]> RealTime => Gen.Elements<byte>(0xF8, 0xFA, 0xFB, 0xFC, 0xFE).ArrayOf().Select(b => b.Take(3).ToArray());

    // Bytes that mean nothing to us and may stand between messages.
    private static Gen<byte[]> Noise => Gen.OneOf(
        Generate.SevenBits.ArrayOf().Select(d => (byte[])[0xF0, .. d, 0xF7]),
        Gen.Constant<byte[]>([0xF6]), Gen.Constant<byte[]>([0xF2, 1, 2]), Gen.Constant<byte[]>([0xC3, 5]), Gen.Constant<byte[]>([0xD3, 5, 6]), Gen.Constant<byte[]>([0xE0, 1, 2]), Gen.Constant<byte[]>([]));

    [Fact]
    public void Events_come_through_running_status_real_time_bytes_and_foreign_messages()
    {
        var streams = from events in Event.ListOf()
                      from noise in Noise.ArrayOf(events.Count)
                      from realTime in RealTime.ArrayOf(3 * events.Count)
                      from running in ArbMap.Default.GeneratorFor<bool>()
                      select (events, bytes: Encode(events, noise, realTime, running));
        Prop.ForAll(streams.ToArbitrary(), s => Parse(s.bytes).SequenceEqual(s.events)).Holds();
    }

    [Fact]
    public void Any_bytes_give_valid_events_and_after_a_status_byte_all_is_well()
    {
        Prop.ForAll(Generate.Bytes.ToArbitrary(), bytes =>
        {
            List<LiveMidiEvent> events = Parse([.. bytes, 0x92, 60, 100]);
            return events.Count > 0 && events[^1] == new LiveMidiEvent(LiveMidiEventType.NoteOn, 2, 60, 100, 0)
                && events.All(e => e.Channel < 16 && e.Number < 128 && e.Value < 128);
        }).Holds();
    }

    [Fact]
    public void Silent_note_ons_are_note_offs()
    {
        Assert.Equal([(LiveMidiEventType.NoteOn, 60), (LiveMidiEventType.NoteOff, 60)], Parse([0x90, 60, 64, 60, 0]).Select(e => (e.Type, (int)e.Number)));
    }

    [Theory]
    [InlineData(120)]
    [InlineData(123)]
    [InlineData(126)]
    public void Channel_mode_messages_end_all_notes(byte mode) => Assert.Equal(LiveMidiEventType.AllNotesOff, Parse([0xB0, mode, 0]).Single().Type);

    [Fact]
    public void Lost_bytes_are_counted()
    {
        var parser = new LiveMidiParser();
        foreach (byte b in (byte[])[64, 0x90, 60, 0x90, 61, 70])
            parser.TryParse(b, 0, out _);
        Assert.Equal((1, 2), (parser.Received, parser.Lost));

        var whole = new LiveMidiParser();
        foreach (byte b in (byte[])[0xC0, 5, 0xD0, 5, 6, 7, 0xE0, 1, 2, 0xF0, 1, 2, 0xF7, 0xF2, 1, 2, 0x90, 60, 0xFE, 64])
            whole.TryParse(b, 0, out _);
        Assert.Equal((1, 0), (whole.Received, whole.Lost));
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0xF6)]
    public void A_reset_and_system_messages_end_the_running_status(byte status) => Assert.Empty(Parse([0x90, status, 60, 64]));

    [Fact]
    public void The_stamp_is_that_of_the_last_byte_and_active_sensing_is_seen()
    {
        var parser = new LiveMidiParser();
        Assert.False(parser.TryParse(0x90, 10, out _));
        Assert.False(parser.TryParse(60, 11, out _));
        Assert.True(parser.TryParse(64, 12, out LiveMidiEvent e));
        Assert.Equal(12, e.Stamp);
        Assert.False(parser.HasActiveSensing);
        parser.TryParse(0xFE, 99, out _);
        Assert.True(parser.HasActiveSensing);
        Assert.Equal(99, parser.LastByteStamp);
    }

    [Fact]
    public void What_the_encoder_writes_the_parser_reads()
    {
        byte[] buffer = new byte[12];
        int n = LiveMidiEncoder.NoteOn(buffer, 3, 60, 100);
        n += LiveMidiEncoder.NoteOff(buffer.AsSpan(n), 3, 60);
        n += LiveMidiEncoder.Sustain(buffer.AsSpan(n), 3, down: true);
        n += LiveMidiEncoder.AllNotesOff(buffer.AsSpan(n), 3);
        Assert.Equal(
            [
                new(LiveMidiEventType.NoteOn, 3, 60, 100, 0), new(LiveMidiEventType.NoteOff, 3, 60, 0, 0),
                new(LiveMidiEventType.ControlChange, 3, 64, 127, 0), new LiveMidiEvent(LiveMidiEventType.AllNotesOff, 3, 123, 0, 0),
            ], Parse(buffer[..n]));
        Assert.ThrowsAny<ArgumentException>(() => LiveMidiEncoder.NoteOn(buffer, 0, 60, 0));
        Assert.ThrowsAny<ArgumentException>(() => LiveMidiEncoder.NoteOff(buffer, 16, 60));
        Assert.ThrowsAny<ArgumentException>(() => LiveMidiEncoder.NoteOff(buffer, 0, -1));
        Assert.ThrowsAny<ArgumentException>(() => LiveMidiEncoder.Sustain(new byte[2], 0, true));
    }

    [Fact]
    public void Parsing_and_tracking_allocate_nothing()
    {
        var parser = new LiveMidiParser();
        var held = new HeldNotes();
        byte[] bytes = [0x90, 60, 64, 0xF8, 62, 64, 0xF0, 1, 2, 0xF7, 0x80, 60, 0, 0xB0, 123, 0, 7];
        Feed(parser, held, bytes);
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int i = 0; i < 1000; i++)
                Feed(parser, held, bytes);
        }));
    }

    private static void Feed(LiveMidiParser parser, HeldNotes held, byte[] bytes)
    {
        foreach (byte b in bytes)
        {
            if (parser.TryParse(b, 0, out LiveMidiEvent e))
                held.Apply(e);
        }
        held.TryTakeStuck(1, 10, out _);
    }

    private static List<LiveMidiEvent> Parse(byte[] bytes)
    {
        var parser = new LiveMidiParser();
        var events = new List<LiveMidiEvent>();
        foreach (byte b in bytes)
        {
            if (parser.TryParse(b, 0, out LiveMidiEvent e))
                events.Add(e);
        }
        return events;
    }

    private static byte[] Encode(IList<LiveMidiEvent> events, byte[][] noise, byte[][] realTime, bool running)
    {
        var bytes = new List<byte>();
        byte last = 0;
        foreach ((int i, LiveMidiEvent e) in events.Index())
        {
            bytes.AddRange(noise[i]);
            last = noise[i].Length > 0 ? (byte)0 : last;
            byte status = (byte)((e.Type switch { LiveMidiEventType.NoteOn => 0x90, LiveMidiEventType.NoteOff => 0x80, _ => 0xB0 }) | e.Channel);
            byte[] message = running && status == last ? [e.Number, e.Value] : [status, e.Number, e.Value];
            last = status;
            foreach ((int k, byte b) in message.Index())
            {
                bytes.AddRange(realTime[(3 * i) + k]);
                bytes.Add(b);
            }
        }
        return [.. bytes];
    }
}
