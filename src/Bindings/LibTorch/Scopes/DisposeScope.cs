using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Disposes at its end what was created in it.</summary>
/// <remarks>Belongs to the thread that opened it. Scopes nest; a tensor belongs to the innermost one that was open when it was created.</remarks>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    // Locked: others may dispose of tensors that this scope holds.
    private readonly HashSet<Tensor> _tensors = new(ReferenceEqualityComparer.Instance);
    private bool _disposed;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer) => (_manager, OuterScope) = (manager, outer);

    /// <summary>The open scope around this one, if any; those that were closed before this one are stepped over.</summary>
    public DisposeScope? OuterScope
    {
        get
        {
            while (field is { _disposed: true })
                field = field.OuterScope;
            return field;
        }
    }

    /// <summary>Tensors that this scope will dispose.</summary>
    public int DisposablesCount
    {
        get
        {
            lock (_tensors)
                return _tensors.Count;
        }
    }

    /// <summary>True if this scope will dispose the tensor.</summary>
    public bool Contains(Tensor tensor)
    {
        lock (_tensors)
            return _tensors.Contains(tensor);
    }

    /// <summary>Makes this scope the one that disposes the tensor.</summary>
    public Tensor Attach(Tensor tensor)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        tensor.OwningDisposeScope?.Forget(tensor);
        tensor.OwningDisposeScope = this;
        lock (_tensors)
            _tensors.Add(tensor);
        return tensor;
    }

    /// <summary>Leaves the tensor to the scope around this one, or to nobody. One that is not this scope's stays where it is.</summary>
    public Tensor MoveToOuter(Tensor tensor) => OuterScope is { } outer && Contains(tensor) ? outer.Attach(tensor) : Detach(tensor);

    /// <inheritdoc cref="MoveToOuter(Tensor)"/>
    public void MoveToOuter(params Tensor[] tensors) => Array.ForEach(tensors, t => MoveToOuter(t));

    /// <summary>Leaves the tensor to its holder. One that is not this scope's stays where it is.</summary>
    public Tensor Detach(Tensor tensor)
    {
        if (Forget(tensor))
            tensor.OwningDisposeScope = null;
        return tensor;
    }

    /// <inheritdoc cref="Detach(Tensor)"/>
    public void Detach(params Tensor[] tensors) => Array.ForEach(tensors, t => Detach(t));

    /// <summary>Disposes what it holds and stays open.</summary>
    public void DisposeEverything() => DisposeEverythingBut();

    /// <summary>Disposes what it holds but for some, and stays open.</summary>
    public void DisposeEverythingBut(params Tensor[] kept)
    {
        Tensor[] all;
        lock (_tensors)
            all = [.. _tensors.Except(kept)];
        Array.ForEach(all, t => t.Dispose());
    }

    /// <summary>Disposes what it holds and closes.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        DisposeEverything();
        _manager.Close(this);
    }

    internal bool Forget(Tensor tensor)
    {
        lock (_tensors)
            return _tensors.Remove(tensor);
    }
}
