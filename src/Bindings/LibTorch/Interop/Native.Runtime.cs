using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The shim's functions, by source file; each says in <c>native/</c> what it does. Those that return an int return a <see cref="Status"/>.</summary>
internal static partial class Native
{
    private const string Shim = NativeShim.Name;

    [LibraryImport(Shim)] internal static partial int lt_abi();
    [LibraryImport(Shim)] internal static partial nint lt_torch_version();
    [LibraryImport(Shim)] internal static unsafe partial int lt_last_error(byte* buffer, int size);
    [LibraryImport(Shim)] internal static partial int lt_fail(int family);

    [LibraryImport(Shim)] internal static partial long lt_live_tensors();
    [LibraryImport(Shim)] internal static partial long lt_peak_tensors();
    [LibraryImport(Shim)] internal static partial void lt_reset_peak_tensors();
    [LibraryImport(Shim)] internal static partial long lt_tensor_budget();
    [LibraryImport(Shim)] internal static partial void lt_set_tensor_budget(long budget);
    [LibraryImport(Shim)] internal static partial void lt_trim();

    [LibraryImport(Shim)] internal static partial int lt_grad_mode();
    [LibraryImport(Shim)] internal static partial void lt_set_grad_mode(int enabled);
    [LibraryImport(Shim)] internal static partial int lt_is_inference_mode();
    [LibraryImport(Shim)] internal static partial int lt_inference_mode_enter(int enabled, out nint mode);
    [LibraryImport(Shim)] internal static partial void lt_inference_mode_exit(nint mode);

    [LibraryImport(Shim)] internal static partial int lt_num_threads();
    [LibraryImport(Shim)] internal static partial int lt_set_num_threads(int threads);
    [LibraryImport(Shim)] internal static partial int lt_set_num_interop_threads(int threads);

    [LibraryImport(Shim)] internal static partial int lt_manual_seed(ulong seed);
    [LibraryImport(Shim)] internal static partial int lt_generator_new(ulong seed, out GeneratorHandle generator);
    [LibraryImport(Shim)] internal static partial int lt_generator_default(out GeneratorHandle generator);
    [LibraryImport(Shim)] internal static partial void lt_generator_delete(nint generator);
    [LibraryImport(Shim)] internal static partial int lt_generator_seed(GeneratorHandle generator, ulong seed);
    [LibraryImport(Shim)] internal static partial ulong lt_generator_initial_seed(GeneratorHandle generator);
    [LibraryImport(Shim)] internal static partial int lt_generator_state(GeneratorHandle generator, out TensorHandle state);
    [LibraryImport(Shim)] internal static partial int lt_generator_set_state(GeneratorHandle generator, TensorHandle state);
}
