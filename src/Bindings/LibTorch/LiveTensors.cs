using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>How many native tensors live; a hard limit turns a leak into an error long before memory runs out.</summary>
/// <remarks>Thread-safe.</remarks>
public static class LiveTensors
{
    /// <summary>Tensors that live now, those that only wait for their finalizer included.</summary>
    public static long Count => Native.lt_live_tensors();

    /// <summary>Most that ever lived at once since the last <see cref="ResetPeak"/>.</summary>
    public static long Peak => Native.lt_peak_tensors();

    /// <summary>Most that may live at once, 1,048,576 unless set; one more is a <see cref="TensorBudgetException"/>.</summary>
    public static long Budget
    {
        get => Native.lt_tensor_budget();
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Native.lt_set_tensor_budget(value);
        }
    }

    /// <summary>Makes <see cref="Count"/> the peak.</summary>
    public static void ResetPeak() => Native.lt_reset_peak_tensors();

    /// <summary>Gives native memory that is free back to the system; worth it after large phases.</summary>
    public static void Trim() => Native.lt_trim();
}
