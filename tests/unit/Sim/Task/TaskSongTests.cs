using Legato.Music;
using Legato.Sim.Tasks;

namespace Legato.Tests.Sim.Tasks;

public sealed class TaskSongTests
{
    [Fact]
    public void TheLeadInIsSilentAndTheSongFollows()
    {
        TaskSong song = TaskSong.From(Scenes.Chord, leadIn: 3);
        Assert.Equal((14, 3, false), (song.Steps, song.LeadIn, song.HasFingering));
        Assert.Equal([0, 4, 4, 0, 0], ((int[])[4, 5, 12, 13, 14]).Select(t => (int)UInt128.PopCount(song.Keys(t))));
        Assert.Equal(Scenes.Pressed, KeyRoll.Keys(song.Keys(5)));
    }

    [Fact]
    public void NotesThatAllNameOneFingerAreNotAnnotated()
    {
        Assert.True(Scenes.Song.HasFingering);
        Assert.False(TaskSong.From(Scenes.Notes([new ScoreNote(0, 1, 40, 80, Part: 3), new ScoreNote(1, 2, 41, 80, Part: 3)])).HasFingering);
    }

    [Fact]
    public void APlansFingersAreCountedFromTheSongsFirstStep()
    {
        TaskSong song = TaskSong.From(Scenes.Chord, leadIn: 3).WithFingering([(new FingeredKey(52, 2), 2, 4), (new FingeredKey(33, 7), 3, 99), (new FingeredKey(35, 8), -9, -4)]);
        Assert.True(song.HasFingering);
        Assert.True(song.Fingers(4).IsEmpty);
        Assert.Equal([new FingeredKey(52, 2)], song.Fingers(5).ToArray());
        Assert.Equal([new FingeredKey(52, 2), new FingeredKey(33, 7)], song.Fingers(6).ToArray());
        Assert.Equal([new FingeredKey(33, 7)], song.Fingers(13).ToArray());
        Assert.Throws<ArgumentException>(() => song.WithFingering([(new FingeredKey(52, 10), 0, 1)]));
    }
}
