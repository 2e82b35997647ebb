using Legato.Sim.Scene;

namespace Legato.Policy;

/// <summary>Remembers what was measured on the last few scenes: several songs are planned for the same hands.</summary>
/// <remarks>Thread-safe; what two threads ask for at a time is measured once. What is kept must not be changed.</remarks>
/// <typeparam name="T">What is measured.</typeparam>
internal sealed class SceneMemo<T>
{
    // A loop plans for a few rigs in turn.
    private const int Kept = 8;

    private readonly LinkedList<(string Key, Lazy<T> Value)> _known = [];

    /// <summary>What is known of a scene, or else is measured.</summary>
    /// <param name="scene">On what.</param>
    /// <param name="how">Everything else that the measurement depends on.</param>
    /// <param name="measure">Measures. An exception is not remembered.</param>
    public T Of(PianoScene scene, string how, Func<T> measure)
    {
        string key = $"{scene.ContentHash()} {how}";
        Lazy<T>? value = null;
        lock (_known)
        {
            for (LinkedListNode<(string Key, Lazy<T> Value)>? node = _known.First; node is not null && value is null; node = node.Next)
            {
                if (node.Value.Key != key)
                    continue;
                value = node.Value.Value;
                _known.Remove(node);
                _known.AddFirst(node);
            }
            if (value is null)
            {
                value = new Lazy<T>(measure);
                _known.AddFirst((key, value));
                if (_known.Count > Kept)
                    _known.RemoveLast();
            }
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
