using System.Text;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module
        {
            /// <summary>All parameters and buffers by path; own parameters, own buffers, then those of the parts.</summary>
            public virtual Dictionary<string, Tensor> state_dict()
            {
                var state = new Dictionary<string, Tensor>();
                Collect(state, "");
                return state;
            }

            /// <summary>Overwrites parameters and buffers. Everything is checked before anything is overwritten.</summary>
            /// <param name="source">Tensors by path.</param>
            /// <param name="strict">Names must be the same on both sides.</param>
            /// <param name="skip">Names to leave alone.</param>
            /// <returns>Names that are missing in the source, and names that this module does not have.</returns>
            /// <exception cref="ArgumentException">Names or shapes do not fit. Types are converted.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                Dictionary<string, Tensor> own = state_dict();
                string[] missing = [.. own.Keys.Where(k => !source.ContainsKey(k) && skip?.Contains(k) != true)];
                string[] unexpected = [.. source.Keys.Where(k => !own.ContainsKey(k) && skip?.Contains(k) != true)];
                if (strict && missing.Length + unexpected.Length > 0)
                    throw new ArgumentException($"state does not fit: missing [{string.Join(", ", missing)}], unexpected [{string.Join(", ", unexpected)}]", nameof(source));
                string[] common = [.. own.Keys.Where(k => source.ContainsKey(k) && skip?.Contains(k) != true)];
                foreach (string key in common)
                {
                    if (!own[key].shape.SequenceEqual(source[key].shape))
                        throw new ArgumentException($"'{key}': expected [{string.Join(", ", own[key].shape)}], found [{string.Join(", ", source[key].shape)}]", nameof(source));
                }
                using IDisposable frozen = no_grad();
                foreach (string key in common)
                    own[key].copy_(source[key]);
                return (missing, unexpected);
            }

            /// <summary>Writes a checkpoint in TorchSharp's framing.</summary>
            public virtual Module save(string location, IList<string>? skip = null)
            {
                Checkpoint.WriteFile(location, writer => save(writer, skip));
                return this;
            }

            /// <inheritdoc cref="save(string, IList{string})"/>
            public virtual Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                Checkpoint.Write(writer, state_dict().Where(entry => skip?.Contains(entry.Key) != true));
                return this;
            }

            /// <inheritdoc cref="save(string, IList{string})"/>
            /// <remarks>Closes the stream.</remarks>
            public virtual Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream, Encoding.UTF8);
                return save(writer, skip);
            }

            /// <summary>Reads a checkpoint in TorchSharp's framing. Everything is read and checked before anything is overwritten.</summary>
            /// <exception cref="InvalidDataException">It is cut or damaged.</exception>
            /// <exception cref="ArgumentException">Names or shapes do not fit.</exception>
            public virtual Module load(string location, bool strict = true, IList<string>? skip = null)
            {
                using FileStream stream = File.OpenRead(location);
                using var reader = new BinaryReader(stream, Encoding.UTF8);
                return load(reader, strict, skip);
            }

            /// <inheritdoc cref="load(string, bool, IList{string})"/>
            /// <remarks>Closes the stream.</remarks>
            public virtual Module load(Stream stream, bool strict = true, IList<string>? skip = null)
            {
                using var reader = new BinaryReader(stream, Encoding.UTF8);
                return load(reader, strict, skip);
            }

            /// <inheritdoc cref="load(string, bool, IList{string})"/>
            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null)
            {
                using DisposeScope scope = NewDisposeScope();
                load_state_dict(Checkpoint.Read(reader), strict, skip);
                return this;
            }

            private void Collect(Dictionary<string, Tensor> state, string prefix)
            {
                foreach ((string name, Parameter parameter) in _parameters)
                    state.Add(prefix + name, parameter);
                foreach ((string name, Tensor buffer) in _buffers)
                    state.Add(prefix + name, buffer);
                foreach ((string name, Module child) in _children)
                    child.Collect(state, $"{prefix}{name}.");
            }
        }
    }
}
