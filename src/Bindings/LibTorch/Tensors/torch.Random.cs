using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Seeds libtorch's own generator, and returns it.</summary>
    public static Generator manual_seed(long seed)
    {
        Status.Check(Native.lt_manual_seed((ulong)seed));
        return Generator.Default;
    }

    /// <summary>The state of libtorch's own generator.</summary>
    public static Tensor get_rng_state() => Generator.Default.get_state();

    /// <summary>Goes back to a state of libtorch's own generator.</summary>
    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    /// <summary>A source of random numbers.</summary>
    /// <remarks>One thread at a time.</remarks>
    public sealed class Generator : IDisposable
    {
        private static readonly Lazy<Generator> Own = new(() =>
        {
            Status.Check(Native.lt_generator_default(out GeneratorHandle handle));
            return new Generator(handle);
        });

        private readonly GeneratorHandle _handle;

        /// <summary>A generator of one's own.</summary>
        public Generator(ulong seed = 0, Device? device = null)
        {
            Status.Check(Native.lt_generator_new(seed, out GeneratorHandle handle));
            _handle = handle;
        }

        private Generator(GeneratorHandle handle) => _handle = handle;

        /// <summary>libtorch's own; lives as long as the process.</summary>
        public static Generator Default => Own.Value;

        public long initial_seed() => (long)Native.lt_generator_initial_seed(_handle);

        public Generator manual_seed(long seed)
        {
            Status.Check(Native.lt_generator_seed(_handle, (ulong)seed));
            return this;
        }

        public Tensor get_state() => Result(Native.lt_generator_state(_handle, out TensorHandle h), h);

        public void set_state(Tensor state) => Status.Check(Native.lt_generator_set_state(_handle, state.H));

        /// <inheritdoc/>
        public void Dispose()
        {
            if (this != Own.Value)
                _handle.Dispose();
        }

        internal static GeneratorHandle HandleOf(Generator? generator) => generator?._handle ?? GeneratorHandle.Default;
    }

    /// <summary>Random numbers.</summary>
    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
