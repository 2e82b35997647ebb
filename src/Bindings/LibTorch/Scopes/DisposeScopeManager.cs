namespace TorchSharp;

/// <summary>The open scopes of a thread.</summary>
internal sealed class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? threadManager;

    /// <summary>The calling thread's.</summary>
    internal static DisposeScopeManager Current => threadManager ??= new DisposeScopeManager();

    /// <summary>The innermost open scope.</summary>
    internal DisposeScope? Scope { get; private set; }

    internal DisposeScope Open() => Scope = new DisposeScope(this, Scope);

    internal void Close(DisposeScope scope)
    {
        if (Scope == scope)
            Scope = scope.OuterScope;
    }
}
