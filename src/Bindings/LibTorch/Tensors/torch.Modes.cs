using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Opens a scope that disposes what the calling thread creates in it.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.Current.Open();

    /// <summary>Runs a computation in a scope of its own; its result stays.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expression)
    {
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(expression());
    }

    /// <summary>Records nothing for gradients until it is disposed.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    /// <summary>Records for gradients, or not, until it is disposed.</summary>
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    /// <inheritdoc cref="enable_grad"/>
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    /// <summary>Whether operations of the calling thread are recorded for gradients.</summary>
    public static bool is_grad_enabled() => Native.lt_grad_mode() != 0;

    /// <summary>Like <see cref="no_grad"/>, and tensors made in it cannot take part in gradients later; a little faster.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => Native.lt_is_inference_mode() != 0;

    /// <summary>Threads that an operation may use.</summary>
    public static int get_num_threads() => Native.lt_num_threads();

    /// <inheritdoc cref="get_num_threads"/>
    public static void set_num_threads(int num)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(num);
        Status.Check(Native.lt_set_num_threads(num));
    }

    /// <summary>Threads that operations may be spread over; before the first operation.</summary>
    public static void set_num_interop_threads(int num)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(num);
        Status.Check(Native.lt_set_num_interop_threads(num));
    }

    // Modes have no finalizer: they belong to their thread, and another must not end them.
    private abstract class Mode : IDisposable
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;
        private bool _ended;

        public void Dispose()
        {
            if (_ended)
                return;
            if (Environment.CurrentManagedThreadId != _thread)
                throw new InvalidOperationException("a mode ends on the thread that began it");
            _ended = true;
            End();
        }

        protected abstract void End();
    }

    private sealed class GradMode : Mode
    {
        private readonly bool _before = is_grad_enabled();

        public GradMode(bool enabled) => Native.lt_set_grad_mode(enabled ? 1 : 0);

        protected override void End() => Native.lt_set_grad_mode(_before ? 1 : 0);
    }

    private sealed class InferenceMode : Mode
    {
        private readonly nint _guard;

        public InferenceMode(bool enabled) => Status.Check(Native.lt_inference_mode_enter(enabled ? 1 : 0, out _guard));

        protected override void End() => Native.lt_inference_mode_exit(_guard);
    }

    /// <summary>Version of libtorch that the shim was built with, e.g. 1.13.0.</summary>
    public static string __version__ => System.Runtime.InteropServices.Marshal.PtrToStringUTF8(Native.lt_torch_version())!;
}
