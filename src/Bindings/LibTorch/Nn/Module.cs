using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: parameters, buffers, and parts of its own.</summary>
        /// <remarks>
        /// Derive from <see cref="Module{T, TResult}"/>, and end the constructor with <see cref="RegisterComponents"/>: the names of fields are then the names in
        /// <see cref="state_dict"/>. One thread at a time.
        /// </remarks>
        public abstract partial class Module : IDisposable
        {
            private readonly string _name;
            private readonly List<(string Name, Parameter Value)> _parameters = [];
            private readonly List<(string Name, Tensor Value)> _buffers = [];
            private readonly List<(string Name, Module Value)> _children = [];
            private bool _disposed;

            protected Module(string name) => _name = name;

            /// <summary>True while training: dropout drops, statistics are gathered.</summary>
            public bool training { get; private set; } = true;

            public virtual string GetName() => _name;

            /// <summary>Switches this module and its parts to training, or to evaluation.</summary>
            public virtual void train(bool on = true)
            {
                training = on;
                foreach ((_, Module child) in _children)
                    child.train(on);
            }

            /// <summary>Switches to evaluation.</summary>
            public void eval() => train(false);

            public virtual void zero_grad()
            {
                foreach (Parameter parameter in parameters())
                    parameter.grad = null;
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) => Distinct(m => m._parameters, recurse);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true) => Distinct(m => m._buffers, recurse);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true) => named_buffers(recurse).Select(b => b.buffer);

            public virtual IEnumerable<(string name, Module module)> named_children() => _children;

            public virtual IEnumerable<Module> children() => _children.Select(c => c.Value);

            /// <summary>All parts, by path.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach ((string name, Module child) in _children)
                {
                    yield return (name, child);
                    foreach ((string inner, Module module) in child.named_modules())
                        yield return ($"{name}.{inner}", module);
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            /// <summary>Does something to all parts, then to this module.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (Module child in children())
                    child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void register_parameter(string name, Parameter param) => Register(_parameters, name, param);

            public virtual void register_buffer(string name, Tensor tensor) => Register(_buffers, name, tensor.DetachFromDisposeScope());

            public virtual void register_module(string name, Module submodule) => Register(_children, name, submodule);

            /// <summary>Registers the parameters, modules and tensors in this object's fields under the fields' names, in order of declaration.</summary>
            protected virtual void RegisterComponents()
            {
                foreach (FieldInfo field in Fields(GetType()))
                {
                    switch (field.GetValue(this))
                    {
                        case Parameter parameter when !Has(field.Name):
                            register_parameter(field.Name, parameter);
                            break;
                        case Tensor buffer when !Has(field.Name):
                            register_buffer(field.Name, buffer);
                            break;
                        case Module module when !Has(field.Name):
                            register_module(field.Name, module);
                            break;
                        default:
                            break;
                    }
                }
            }

            /// <summary>Frees parameters, buffers and parts.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed)
                    return;
                _disposed = true;
                foreach ((_, Parameter parameter) in _parameters)
                    parameter.Dispose();
                foreach ((_, Tensor buffer) in _buffers)
                    buffer.Dispose();
                foreach ((_, Module child) in _children)
                    child.Dispose();
            }

            private bool Has(string name) => _parameters.Any(p => p.Name == name) || _buffers.Any(b => b.Name == name) || _children.Any(c => c.Name == name);

            private void Register<T>(List<(string, T)> list, string name, T value)
            {
                if (name.Length == 0 || name.Contains('.', StringComparison.Ordinal))
                    throw new ArgumentException($"'{name}' cannot name a part: expected a name without dots", nameof(name));
                if (Has(name))
                    throw new ArgumentException($"'{name}' is registered already", nameof(name));
                list.Add((name, value));
            }

            // Those of base classes first; private ones are found only in the class that declares them.
            private static IEnumerable<FieldInfo> Fields(Type type) => type == typeof(Module)
                ? []
                : [.. Fields(type.BaseType!), .. type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).OrderBy(f => f.MetadataToken)];

            // What two parts share is named once, as an optimizer is to change it once.
            private IEnumerable<(string, T)> Distinct<T>(Func<Module, List<(string Name, T Value)>> own, bool recurse)
                where T : Tensor => Named(own, recurse).DistinctBy(n => n.Item2, ReferenceEqualityComparer.Instance);

            // Own ones first, then those of the parts, each under the part's name.
            private IEnumerable<(string, T)> Named<T>(Func<Module, List<(string Name, T Value)>> own, bool recurse)
            {
                foreach ((string name, T value) in own(this))
                    yield return (name, value);
                if (!recurse)
                    yield break;
                foreach ((string name, Module child) in _children)
                {
                    foreach ((string inner, T value) in child.Named(own, true))
                        yield return ($"{name}.{inner}", value);
                }
            }
        }
    }
}
