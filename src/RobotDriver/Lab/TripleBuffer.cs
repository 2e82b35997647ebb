namespace Legato.RobotDriver.Lab;

/// <summary>Hands the newest value from one thread to another without either ever waiting for the other.</summary>
/// <remarks>
/// One thread writes <see cref="Back"/> and publishes, one takes and reads <see cref="Current"/>. There are three values: one of
/// the writer, one of the reader, and one in the middle that both exchange theirs for. Allocates nothing after construction.
/// </remarks>
internal sealed class TripleBuffer<T>(Func<T> create) where T : class
{
    private const int Fresh = 4;

    private readonly T[] _values = [create(), create(), create()];
    private int _back;
    private int _middle = 1;
    private int _front = 2;

    /// <summary>The writer's value. Its content is old: write all of it.</summary>
    public T Back => _values[_back];

    /// <summary>The reader's value: what it took last, or a new object before that.</summary>
    public T Current => _values[_front];

    /// <summary>Makes the writer's value the newest one.</summary>
    public void Publish() => _back = Interlocked.Exchange(ref _middle, _back | Fresh) & ~Fresh;

    /// <summary>Takes the newest value into <see cref="Current"/>. False when it has been taken before.</summary>
    public bool TryTake()
    {
        if ((Volatile.Read(ref _middle) & Fresh) == 0)
            return false;
        _front = Interlocked.Exchange(ref _middle, _front) & ~Fresh;
        return true;
    }
}
