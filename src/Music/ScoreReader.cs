namespace Legato.Music;

/// <summary>Turns a MIDI file into a score by pretty_midi's and note_seq's rules. Stateless.</summary>
internal static class ScoreReader
{
    /// <summary>Channel 10 for musicians.</summary>
    public const int PercussionChannel = 9;

    private const int SustainController = 64;
    private const double SecondsPerMinute = 60;
    private const double MicrosecondsPerMinute = 6e7;

    /// <summary>An instrument is what plays one program on one channel of one track.</summary>
    private readonly record struct Voice(int Track, byte Channel, byte Program);

    public static Score Read(MidiFile file, string name, int transpose)
    {
        NoteExtraction extraction = file.GetNotes(NoteStartDetectionPolicy.EveryNoteOn);
        Func<long, double> seconds = Clock(file);
        // Instruments count in the order in which they finish their first note.
        var voices = new OrderedDictionary<Voice, List<ScoreNote>>();
        var outside = new List<int>();
        foreach (Note note in extraction.Notes.Concat(extraction.Unfinished))
        {
            var voice = new Voice(note.Track, note.Channel, note.Program);
            if (!voices.TryGetValue(voice, out List<ScoreNote>? notes))
                voices[voice] = notes = [];
            int number = note.NoteNumber + (note.Channel == PercussionChannel ? 0 : transpose);
            if (!Keyboard.Contains(number))
                outside.Add(number);
            else
                notes.Add(new ScoreNote(seconds(note.Start), seconds(note.End), number - Keyboard.LowestNoteNumber, note.Velocity, 0, voices.IndexOf(voice)));
        }
        string[] names = [.. file.TrackChunks.Select(TrackName)];
        return new Score(name, voices.Values.SelectMany(n => n), Pedal(file, voices.Keys, seconds))
        {
            Title = names.Length > 0 && names[0].Length > 0 ? names[0] : name,
            Instruments = [.. voices.Keys.Select(v => new ScoreInstrument(names[v.Track], v.Channel))],
            Warnings = [.. Warnings(extraction, outside)],
        };
    }

    public static string OutsideKeyboard(IEnumerable<int> noteNumbers)
    {
        int[] all = [.. noteNumbers];
        return $"dropped {all.Length} notes outside the keyboard (21..108): {string.Join(", ", all.Distinct().Order())}";
    }

    /// <summary>
    /// Ticks to seconds in the very arithmetic of pretty_midi, last digit included: a note on the border of two
    /// control steps falls into the same step as there. <see cref="TempoMap.SecondsAt"/> is the exact time.
    /// </summary>
    private static Func<long, double> Clock(MidiFile file)
    {
        var map = file.GetTempoMap();
        if (file.TimeDivision is not TicksPerQuarterNoteTimeDivision { TicksPerQuarterNote: var ticks })
            return map.SecondsAt;
        var segments = new List<(long Tick, double Start, double Scale)>();
        foreach ((long tick, int tempo) in map.TempoChanges)
        {
            double scale = SecondsPerMinute / (MicrosecondsPerMinute / tempo * ticks);
            if (segments.Count == 0)
                segments.Add((tick, 0, scale));
            else if (segments[^1] is var last && scale != last.Scale)
                segments.Add((tick, last.Start + (last.Scale * (tick - last.Tick)), scale));
        }
        long[] starts = [.. segments.Select(s => s.Tick)];
        return tick =>
        {
            int i = Array.BinarySearch(starts, tick);
            (long from, double start, double scale) = segments[i >= 0 ? i : ~i - 1];
            return start + (scale * (tick - from));
        };
    }

    // Pedal movements belong to the first instrument on their channel of their track; without notes there they are void.
    private static List<SustainChange> Pedal(MidiFile file, IList<Voice> voices, Func<long, double> seconds)
    {
        var changes = new List<SustainChange>();
        foreach ((int index, TrackChunk track) in file.TrackChunks.Index())
        {
            long tick = 0;
            foreach (MidiEvent e in track.Events)
            {
                tick += e.DeltaTime;
                if (e is not ControlChangeEvent { ControlNumber: SustainController } pedal)
                    continue;
                int instrument = voices.TakeWhile(v => v.Track != index || v.Channel != pedal.Channel).Count();
                if (instrument < voices.Count)
                    changes.Add(new SustainChange(seconds(tick), pedal.ControlValue, instrument));
            }
        }
        return [.. changes.OrderBy(c => c.Instrument)];
    }

    private static IEnumerable<string> Warnings(NoteExtraction extraction, List<int> outside)
    {
        if (outside.Count > 0)
            yield return OutsideKeyboard(outside);
        if (extraction.Unfinished.Count > 0)
        {
            string names = string.Join(", ", extraction.Unfinished.Select(n => Keyboard.NoteName(n.NoteNumber)).Distinct());
            yield return $"{extraction.Unfinished.Count} notes have no note-off and are held to the end of their track: {names}";
        }
        if (extraction.StrayNoteOffs > 0)
            yield return $"{extraction.StrayNoteOffs} note-offs end no note and are ignored";
        int percussion = extraction.Notes.Concat(extraction.Unfinished).Count(n => n.Channel == PercussionChannel);
        if (percussion > 0)
            yield return $"{percussion} notes are on the percussion channel and are played as piano keys";
    }

    private static string TrackName(TrackChunk track) =>
        track.Events.OfType<SequenceTrackNameEvent>().FirstOrDefault()?.Text ?? "";
}
