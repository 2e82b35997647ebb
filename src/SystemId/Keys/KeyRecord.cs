using System.Globalization;

using Legato.Music;
using Legato.Sim.Piano;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Keys;

/// <summary>A recorded stretch of motion and the keys that were heard meanwhile.</summary>
/// <remarks>Immutable as long as nobody changes the motion's arrays; thread-safe then.</remarks>
public sealed class KeyRecord
{
    /// <summary>Creates a record.</summary>
    /// <param name="motion">Commands and joint states.</param>
    /// <param name="events">Keys that went down or came up, by the clock of the motion, s, in order; the pedal's are left out.</param>
    /// <exception cref="InputException">Times fall, or there is no such key.</exception>
    public KeyRecord(MotionRecord motion, IEnumerable<TimedKeyEvent> events)
    {
        (Motion, Events) = (motion, [.. events.Where(e => e.Key != TimedKeyEvent.Pedal)]);
        double before = double.NegativeInfinity;
        foreach (TimedKeyEvent e in Events)
        {
            if (e.Key is < 0 or >= PianoGeometry.KeyCount)
                throw new InputException($"key {e.Key} was heard; expected 0..{PianoGeometry.KeyCount - 1}. Check the keyboard's lowest note in the robot's file");
            if (!(e.Time >= before))
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"key events must be in order of time; key {e.Key} at {e.Time} s is not"));
            before = e.Time;
        }
        Spans = [.. Enumerable.Range(0, PianoGeometry.KeyCount).Select(SpansOf)];
    }

    /// <summary>Commands and joint states.</summary>
    public MotionRecord Motion { get; }

    /// <summary>Key events in order of time.</summary>
    public IReadOnlyList<TimedKeyEvent> Events { get; }

    /// <summary>When each key was down, s; from −∞ where only its release was heard, to +∞ where that is missing.</summary>
    internal (double Down, double Up)[][] Spans { get; }

    /// <summary>Whether a key was down within some time of a moment.</summary>
    internal bool IsDown(int key, double time, double margin) => Spans[key].Any(s => time >= s.Down - margin && time <= s.Up + margin);

    private (double Down, double Up)[] SpansOf(int key)
    {
        var spans = new List<(double Down, double Up)>();
        foreach (TimedKeyEvent e in Events.Where(e => e.Key == key))
        {
            bool isOpen = spans.Count > 0 && double.IsPositiveInfinity(spans[^1].Up);
            if (e.Down)
                spans.Add((e.Time, double.PositiveInfinity));
            else if (isOpen)
                spans[^1] = (spans[^1].Down, e.Time);
            else
                spans.Add((double.NegativeInfinity, e.Time));
        }
        return [.. spans];
    }
}
