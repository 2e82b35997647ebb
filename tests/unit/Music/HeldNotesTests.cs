using Legato.Music;

namespace Legato.Tests.Music;

public class HeldNotesTests
{
    [Fact]
    public void Notes_that_never_end_are_found_once_each()
    {
        var held = new HeldNotes();
        held.Apply(new LiveMidiEvent(LiveMidiEventType.NoteOn, 0, 60, 64, 100));
        held.Apply(new LiveMidiEvent(LiveMidiEventType.NoteOn, 1, 60, 64, 150));
        held.Apply(new LiveMidiEvent(LiveMidiEventType.NoteOn, 0, 62, 64, 190));
        Assert.Equal(3, held.Count);

        Assert.True(held.TryTakeStuck(200, 50, out LiveMidiEvent first));
        Assert.Equal(new LiveMidiEvent(LiveMidiEventType.NoteOff, 0, 60, 0, 200), first);
        Assert.True(held.TryTakeStuck(200, 50, out LiveMidiEvent second));
        Assert.Equal(new LiveMidiEvent(LiveMidiEventType.NoteOff, 1, 60, 0, 200), second);
        Assert.False(held.TryTakeStuck(200, 50, out _));
        Assert.True(held.IsDown(0, 62));

        Assert.True(held.TryTakeStuck(200, 0, out _));
        Assert.Equal(0, held.Count);
    }

    [Fact]
    public void All_notes_off_ends_one_channel_only()
    {
        var held = new HeldNotes();
        held.Apply(new LiveMidiEvent(LiveMidiEventType.NoteOn, 0, 60, 64, 0));
        held.Apply(new LiveMidiEvent(LiveMidiEventType.NoteOn, 0, 60, 64, 5));
        held.Apply(new LiveMidiEvent(LiveMidiEventType.NoteOn, 1, 61, 64, 0));
        held.Apply(new LiveMidiEvent(LiveMidiEventType.ControlChange, 0, 64, 127, 0));
        held.Apply(new LiveMidiEvent(LiveMidiEventType.AllNotesOff, 0, 123, 0, 0));
        Assert.False(held.IsDown(0, 60));
        Assert.True(held.IsDown(1, 61));
        Assert.Equal(1, held.Count);
    }
}
