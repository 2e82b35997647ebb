using Legato.Sim.Scene;

namespace Legato.Policy;

/// <summary>Remembers what was measured on the last few scenes: several songs are planned for the same hands.</summary>
/// <remarks>Thread-safe; what two threads ask for at a time is measured once. What is kept must not be changed.</remarks>
/// <typeparam name="T">What is measured.</typeparam>
internal sealed class SceneMemo<T>
{
    // A loop plans for a few rigs in turn.
    private const int Kept = 8;

    // The last one asked for comes first.
    private readonly List<(string Key, Lazy<T> Value)> _known = [];

    /// <summary>What is known of a scene, or else is measured.</summary>
    /// <param name="scene">On what.</param>
    /// <param name="how">Everything else that the measurement depends on.</param>
    /// <param name="measure">Measures. An exception is not remembered.</param>
    public T Of(PianoScene scene, string how, Func<T> measure)
    {
        string key = $"{scene.ContentHash()} {how}";
        Lazy<T> value;
        lock (_known)
        {
            int place = _known.FindIndex(known => known.Key == key);
            value = place >= 0 ? _known[place].Value : new Lazy<T>(measure);
            if (place >= 0)
                _known.RemoveAt(place);
            else if (_known.Count == Kept)
                _known.RemoveAt(Kept - 1);
            _known.Insert(0, (key, value));
        }
        try
        {
            return value.Value;
        }
        catch
        {
            lock (_known)
                _known.Remove((key, value));
            throw;
        }
    }
}
