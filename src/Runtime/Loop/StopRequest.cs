namespace Legato.Runtime.Loop;

/// <summary>The one flag that ends a run early: signals, the space bar and an e-stop raise it, the loop looks every cycle.</summary>
/// <remarks>Thread-safe and free of locks; once raised it stays.</remarks>
public sealed class StopRequest
{
    private volatile string? _source;

    /// <summary>True once someone asked to stop.</summary>
    public bool IsRequested => _source is not null;

    /// <summary>Who asked first, or null.</summary>
    public string? Source => _source;

    /// <summary>Asks to stop.</summary>
    /// <param name="source">Who asks, for the report: <c>SIGINT</c>, <c>space bar</c>, <c>e-stop</c>.</param>
    public void Request(string source) => Interlocked.CompareExchange(ref _source, source, null);
}
