using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Legato.Music;

namespace Legato.Tests.Music;

public class TempoMapTests
{
    [Fact]
    public void Times_are_exact_for_any_tempo_changes()
    {
        var cases = from ticks in Gen.Choose(1, short.MaxValue)
                    from changes in Gen.Zip(Gen.Choose(0, 100_000), Gen.Choose(1, 0xFFFFFF)).ListOf()
                    from at in Gen.Choose(0, 5_000_000)
                    select (ticks, changes, at);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            TempoMap map = File(c.ticks, c.changes.Select(p => (MidiEvent)new SetTempoEvent(p.Item2) { DeltaTime = p.Item1 })).GetTempoMap();
            // The definition, one stretch of constant tempo after the other, in microseconds times ticks per quarter note.
            BigInteger expected = 0;
            long tick = 0;
            int tempo = 500_000;
            foreach ((int delta, int next) in c.changes)
            {
                long until = Math.Min(c.at, tick + delta);
                expected += (BigInteger)(until - Math.Min(tick, c.at)) * tempo;
                tick += delta;
                tempo = next;
            }
            expected += (BigInteger)Math.Max(0, c.at - tick) * tempo;
            (Int128 numerator, Int128 denominator) = map.ExactSecondsAt(c.at);
            return expected * (BigInteger)denominator == (BigInteger)numerator * c.ticks * 1_000_000;
        }).Holds();
    }

    [Fact]
    public void Seconds_are_the_nearest_double()
    {
        TempoMap map = File(96, []).GetTempoMap();
        for (int tick = 0; tick < 10_000; tick++)
        {
            // Parsing decimals rounds correctly; casting them does not.
            string exact = (tick * 500_000m / 96m / 1_000_000m).ToString(CultureInfo.InvariantCulture);
            Assert.Equal(double.Parse(exact, CultureInfo.InvariantCulture), map.SecondsAt(tick));
        }
    }

    [Theory]
    [InlineData(SmpteFormat.TwentyFour, 80, 1920, 1.0)]
    [InlineData(SmpteFormat.TwentyFive, 40, 1000, 1.0)]
    [InlineData(SmpteFormat.Thirty, 4, 60, 0.5)]
    [InlineData(SmpteFormat.ThirtyDrop, 100, 3000, 1.001)]
    public void Under_smpte_time_the_tempo_does_not_matter(SmpteFormat format, byte resolution, long tick, double seconds)
    {
        var file = new MidiFile(new TrackChunk(new SetTempoEvent(1))) { TimeDivision = new SmpteTimeDivision(format, resolution) };
        Assert.Equal(seconds, file.GetTempoMap().SecondsAt(tick));
    }

    [Fact]
    public void Tempo_events_count_in_every_track_and_the_last_of_a_tick_wins()
    {
        var file = new MidiFile(
            new TrackChunk(new SetTempoEvent(1_000_000), new SetTempoEvent(250_000)),
            new TrackChunk(new SetTempoEvent(2_000_000) { DeltaTime = 96 }));
        TempoMap map = file.GetTempoMap();
        Assert.Equal([(0, 250_000), (96, 2_000_000)], map.TempoChanges);
        Assert.Equal(0.25 + 2, map.SecondsAt(192));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.SecondsAt(-1));
    }

    private static MidiFile File(int ticks, IEnumerable<MidiEvent> events) =>
        new(new TrackChunk(events)) { TimeDivision = new TicksPerQuarterNoteTimeDivision((short)ticks) };
}
