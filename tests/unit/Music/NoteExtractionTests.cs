using Legato.Music;

namespace Legato.Tests.Music;

public class NoteExtractionTests
{
    [Theory]
    [InlineData(NoteStartDetectionPolicy.FirstNoteOn, "0-30 10-40")]
    [InlineData(NoteStartDetectionPolicy.LastNoteOn, "10-30 0-40")]
    [InlineData(NoteStartDetectionPolicy.EveryNoteOn, "0-30 10-30")]
    public void Overlapping_notes_of_one_pitch_pair_by_policy(NoteStartDetectionPolicy policy, string expected)
    {
        NoteExtraction notes = Track(On(0), On(10), Off(20), Off(10)).GetNotes(policy);
        Assert.Equal(expected, string.Join(' ', notes.Notes.Select(n => $"{n.Start}-{n.End}")));
        Assert.Empty(notes.Unfinished);
    }

    [Fact]
    public void A_repeated_note_whose_off_and_on_share_a_tick_in_the_wrong_order_goes_on()
    {
        NoteExtraction notes = Track(On(0), On(10), Off(0), Off(10)).GetNotes(NoteStartDetectionPolicy.EveryNoteOn);
        Assert.Equal(["0-10", "10-20"], notes.Notes.Select(n => $"{n.Start}-{n.End}"));
    }

    [Fact]
    public void Notes_without_end_and_ends_without_note_are_reported()
    {
        NoteExtraction notes = Track(Off(0), On(5), new TextEvent("end") { DeltaTime = 20 }).GetNotes();
        Assert.Empty(notes.Notes);
        Note held = Assert.Single(notes.Unfinished);
        Assert.Equal((5L, 25L), (held.Start, held.End));
        Assert.Equal(1, notes.StrayNoteOffs);
    }

    [Fact]
    public void Channels_and_tracks_do_not_mix()
    {
        var file = new MidiFile(
            new TrackChunk(new ProgramChangeEvent(1, 7), new NoteOnEvent(0, 60, 80), new NoteOffEvent(1, 60, 0), new NoteOffEvent(0, 60, 0) { DeltaTime = 3 }),
            new TrackChunk(new NoteOffEvent(0, 60, 0), new NoteOnEvent(1, 60, 70), new NoteOffEvent(1, 60, 0) { DeltaTime = 4 }));
        NoteExtraction notes = file.GetNotes();
        Assert.Equal([new Note(0, 0, 0, 60, 80, 0, 3), new Note(1, 1, 0, 60, 70, 0, 4)], notes.Notes);
        Assert.Equal(2, notes.StrayNoteOffs);
    }

    private static MidiFile Track(params MidiEvent[] events) => new(new TrackChunk(events));

    private static NoteOnEvent On(long delta) => new(0, 60, 80) { DeltaTime = delta };

    private static NoteOffEvent Off(long delta) => new(0, 60, 0) { DeltaTime = delta };
}
