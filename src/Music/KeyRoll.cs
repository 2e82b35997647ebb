using System.Text.Json;
using System.Text.Json.Serialization;

namespace Legato.Music;

/// <summary>A key going down or coming up, or the pedal.</summary>
/// <param name="Time">Seconds.</param>
/// <param name="Key">0..87; <see cref="Pedal"/> for the sustain pedal.</param>
/// <param name="Down">True for down.</param>
public readonly record struct TimedKeyEvent(double Time, int Key, bool Down)
{
    /// <summary>Stands for the sustain pedal in <see cref="Key"/>.</summary>
    public const int Pedal = -1;
}

/// <summary>
/// Which keys are down in each control step, and the pedal: what metrics compare. Immutable and thread-safe.
/// </summary>
/// <remarks>In JSON: <c>{"dt": 0.05, "n_steps": 2, "steps": [[39], [39, 43]], "sustain": [0, 1]}</c>.</remarks>
public sealed class KeyRoll
{
    // Seconds: simulators add up their time steps, and the sum of many falls behind the border of a control step.
    private const double Slack = 1e-6;

    private readonly UInt128[] _steps;
    private readonly byte[] _sustain;

    private KeyRoll(double dt, UInt128[] steps, byte[] sustain)
    {
        TimeStep = dt;
        _steps = steps;
        _sustain = sustain;
    }

    /// <summary>Length of a step, seconds.</summary>
    public double TimeStep { get; }

    /// <summary>Number of steps.</summary>
    public int Count => _steps.Length;

    /// <summary>Per step the keys that are down: bit k is key k.</summary>
    public ReadOnlySpan<UInt128> Steps => _steps;

    /// <summary>Per step 1 if the pedal is down, else 0.</summary>
    public ReadOnlySpan<byte> Sustain => _sustain;

    /// <summary>True if a key is down in a step.</summary>
    public bool this[int step, int key] => (_steps[step] >> key & 1) != 0;

    /// <summary>Creates a roll from lists of keys.</summary>
    /// <exception cref="ArgumentException">A key is out of 0..87, or the lengths differ.</exception>
    public static KeyRoll Create(double dt, IEnumerable<IEnumerable<int>> steps, IEnumerable<byte>? sustain = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dt);
        UInt128[] masks = [.. steps.Select(Mask)];
        byte[] pedal = sustain is null ? new byte[masks.Length] : [.. sustain];
        if (pedal.Length != masks.Length)
            throw new ArgumentException($"{masks.Length} steps but {pedal.Length} pedal values.", nameof(sustain));
        return new KeyRoll(dt, masks, pedal);
    }

    /// <summary>
    /// Samples timed events at the end of each step: what happened before or at t0 + (i + 1)·dt counts in step i.
    /// </summary>
    /// <param name="events">Events in any order; at equal times in the order given.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="dt">Length of a step, seconds.</param>
    /// <param name="t0">Start of the first step, seconds.</param>
    public static KeyRoll FromEvents(IEnumerable<TimedKeyEvent> events, int steps, double dt = NoteTrajectory.DefaultTimeStep, double t0 = 0)
    {
        TimedKeyEvent[] sorted = [.. events.OrderBy(e => e.Time)];
        var masks = new UInt128[steps];
        var sustain = new byte[steps];
        UInt128 down = 0;
        byte pedal = 0;
        int next = 0;
        for (int i = 0; i < steps; i++)
        {
            double end = t0 + ((i + 1) * dt) + Slack;
            for (; next < sorted.Length && sorted[next].Time <= end; next++)
            {
                TimedKeyEvent e = sorted[next];
                if (e.Key == TimedKeyEvent.Pedal)
                    pedal = e.Down ? (byte)1 : (byte)0;
                else
                    down = e.Down ? down | Mask(e.Key) : down & ~Mask(e.Key);
            }
            masks[i] = down;
            sustain[i] = pedal;
        }
        return new KeyRoll(dt, masks, sustain);
    }

    /// <summary>Keys that are down in a step though not in the one before, with the step's start in seconds.</summary>
    public IEnumerable<Onset> Onsets()
    {
        for (int i = 0; i < Count; i++)
        {
            UInt128 began = _steps[i] & ~(i > 0 ? _steps[i - 1] : 0);
            foreach (int key in Keys(began))
                yield return new Onset(i * TimeStep, key);
        }
    }

    /// <summary>The roll cut, or filled with silence, to a number of steps.</summary>
    public KeyRoll Resize(int steps)
    {
        UInt128[] masks = [.. _steps];
        byte[] sustain = [.. _sustain];
        Array.Resize(ref masks, steps);
        Array.Resize(ref sustain, steps);
        return new KeyRoll(TimeStep, masks, sustain);
    }

    /// <summary>Writes the roll as JSON on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(new Json(
        TimeStep, Count, [.. _steps.Select(s => Keys(s).ToArray())], [.. _sustain.Select(s => (int)s)]));

    /// <summary>Reads a roll from JSON.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">Where it comes from, for messages.</param>
    /// <exception cref="InputException">The text is not a roll.</exception>
    public static KeyRoll FromJson(string json, string name)
    {
        const string Expected = "expected {\"dt\": 0.05, \"n_steps\": n, \"steps\": [[key...]...], \"sustain\": [0|1...]}";
        Json? roll;
        try
        {
            roll = JsonSerializer.Deserialize<Json>(json);
        }
        catch (JsonException e)
        {
            throw new InputException($"{name}, line {e.LineNumber + 1}: not a key roll; {Expected}", e);
        }
        if (roll is not { Steps: { } steps } || !(roll.Dt > 0) || steps.Contains(null!))
            throw new InputException($"{name}: not a key roll; {Expected}");
        if (roll.Count is { } count && count != steps.Length)
            throw new InputException($"{name}: n_steps is {count}, but there are {steps.Length} steps; make them agree");
        if (roll.Sustain is { } sustain && sustain.Length != steps.Length)
            throw new InputException($"{name}: {steps.Length} steps but {sustain.Length} sustain values; make them agree");
        foreach ((int i, int[] keys) in steps.Index())
        {
            if (Array.FindIndex(keys, k => k is < 0 or >= Keyboard.KeyCount) is >= 0 and int at)
                throw new InputException($"{name}, step {i}: key {keys[at]}; expected 0..87 (MIDI note - 21)");
        }
        return Create(roll.Dt, steps, roll.Sustain?.Select(s => (byte)(s != 0 ? 1 : 0)));
    }

    /// <summary>Reads a roll from a JSON file.</summary>
    /// <exception cref="InputException">The file cannot be read or is not a roll.</exception>
    public static KeyRoll Load(string path) => FromJson(InputFile.ReadText(path, "a key roll in JSON"), path);

    /// <summary>The keys of a mask, ascending.</summary>
    public static IEnumerable<int> Keys(UInt128 mask)
    {
        for (; mask != 0; mask &= mask - 1)
            yield return (int)UInt128.TrailingZeroCount(mask);
    }

    /// <summary>The mask of keys that are told one by one.</summary>
    /// <param name="keys">Whether each is among them, at most 88.</param>
    public static UInt128 Mask(ReadOnlySpan<bool> keys)
    {
        UInt128 mask = 0;
        for (int k = 0; k < keys.Length; k++)
        {
            if (keys[k])
                mask |= Mask(k);
        }
        return mask;
    }

    private static UInt128 Mask(IEnumerable<int> keys) => keys.Aggregate(UInt128.Zero, (mask, key) => mask | Mask(key));

    private static UInt128 Mask(int key) => key is >= 0 and < Keyboard.KeyCount
        ? UInt128.One << key
        : throw new ArgumentException($"Key {key}: expected 0..87.", nameof(key));

    private sealed record Json(
        [property: JsonPropertyName("dt")] double Dt,
        [property: JsonPropertyName("n_steps")] int? Count,
        [property: JsonPropertyName("steps")] int[][] Steps,
        [property: JsonPropertyName("sustain")] int[]? Sustain);
}
