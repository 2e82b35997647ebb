namespace Legato.Music;

/// <summary>Which notes a keyboard holds down and since when, so that notes that never end can be found.</summary>
/// <remarks>Allocates nothing after construction. One thread at a time.</remarks>
public sealed class HeldNotes
{
    private const int Channels = 16;
    private const int Notes = 128;
    private const long Up = long.MinValue;

    private readonly long[] _since = new long[Channels * Notes];

    /// <summary>Creates it with all notes up.</summary>
    public HeldNotes() => Array.Fill(_since, Up);

    /// <summary>How many notes are down.</summary>
    public int Count { get; private set; }

    /// <summary>True if a note is down.</summary>
    public bool IsDown(int channel, int note) => _since[(channel * Notes) + note] != Up;

    /// <summary>Takes an event. A second note-on of a note that is down restarts its time.</summary>
    public void Apply(in LiveMidiEvent e)
    {
        switch (e.Type)
        {
            case LiveMidiEventType.NoteOn:
                Set(e.Channel, e.Number, e.Stamp);
                break;
            case LiveMidiEventType.NoteOff:
                Set(e.Channel, e.Number, Up);
                break;
            case LiveMidiEventType.AllNotesOff:
                for (int note = 0; note < Notes; note++)
                    Set(e.Channel, note, Up);
                break;
        }
    }

    /// <summary>
    /// Takes a note that has been down for longer than a limit, as the note-off that never came; call it until it
    /// returns false. With limit 0 it releases everything, for a keyboard that was unplugged or went silent.
    /// </summary>
    /// <param name="now">The time, as in the events' stamps.</param>
    /// <param name="limit">Longest time that a note may be down, in the same unit.</param>
    /// <param name="release">The note-off.</param>
    public bool TryTakeStuck(long now, long limit, out LiveMidiEvent release)
    {
        for (int i = 0; Count > 0 && i < _since.Length; i++)
        {
            if (_since[i] == Up || now - _since[i] < limit)
                continue;
            (int channel, int note) = Math.DivRem(i, Notes);
            Set(channel, note, Up);
            release = new LiveMidiEvent(LiveMidiEventType.NoteOff, (byte)channel, (byte)note, 0, now);
            return true;
        }
        release = default;
        return false;
    }

    private void Set(int channel, int note, long since)
    {
        ref long slot = ref _since[(channel * Notes) + note];
        Count += (since != Up ? 1 : 0) - (slot != Up ? 1 : 0);
        slot = since;
    }
}
