using System.Collections;
using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules one behind another.</summary>
public sealed class Sequential : nn.Module<Tensor, Tensor>
{
    private readonly List<nn.Module<Tensor, Tensor>> _modules = [];

    internal Sequential(IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> modules)
        : base(nameof(Sequential))
    {
        foreach ((string name, nn.Module<Tensor, Tensor> module) in modules)
            append(name, module);
    }

    /// <summary>How many.</summary>
    public int Count => _modules.Count;

    public Sequential append(string name, nn.Module<Tensor, Tensor> module)
    {
        register_module(name, module);
        _modules.Add(module);
        return this;
    }

    public Sequential append(nn.Module<Tensor, Tensor> module) => append(_modules.Count.ToString(CultureInfo.InvariantCulture), module);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (_modules.Count == 0)
            return input.alias();
        using DisposeScope scope = NewDisposeScope();
        Tensor x = input;
        foreach (nn.Module<Tensor, Tensor> module in _modules)
            x = module.call(x);
        return scope.MoveToOuter(x);
    }
}

/// <summary>Modules by number.</summary>
public sealed class ModuleList<T> : nn.Module, IReadOnlyList<T>
    where T : nn.Module
{
    private readonly List<T> _modules = [];

    public ModuleList(params T[] modules)
        : base(nameof(ModuleList<>))
    {
        foreach (T module in modules)
            append(module);
    }

    /// <inheritdoc/>
    public int Count => _modules.Count;

    /// <inheritdoc/>
    public T this[int index] => _modules[index];

    public void append(T module)
    {
        register_module(_modules.Count.ToString(CultureInfo.InvariantCulture), module);
        _modules.Add(module);
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _modules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Parameters by number.</summary>
public sealed class ParameterList : nn.Module, IReadOnlyList<Parameter>
{
    private readonly List<Parameter> _parameters = [];

    public ParameterList(params Parameter[] parameters)
        : base(nameof(ParameterList))
    {
        foreach (Parameter parameter in parameters)
            append(parameter);
    }

    /// <inheritdoc/>
    public int Count => _parameters.Count;

    /// <inheritdoc/>
    public Parameter this[int index] => _parameters[index];

    public void append(Parameter parameter)
    {
        register_parameter(_parameters.Count.ToString(CultureInfo.InvariantCulture), parameter);
        _parameters.Add(parameter);
    }

    /// <inheritdoc/>
    public IEnumerator<Parameter> GetEnumerator() => _parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
