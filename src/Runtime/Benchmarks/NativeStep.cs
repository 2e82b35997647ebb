using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

using Legato.Music;

namespace Legato.Runtime.Benchmarks;

/// <summary>The C++ program that takes a step when told to (<c>native/bench_step.cpp</c>), a process of its own.</summary>
internal sealed class NativeStep : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="program">The program.</param>
    /// <param name="size">How large the step is.</param>
    /// <exception cref="InputException">It is missing, or cannot be started.</exception>
    public NativeStep(string program, StepSize size)
    {
        string[] arguments = [.. new[] { size.Observations, size.Actions, size.Batch }.Concat(size.Hidden).Select(n => n.ToString(CultureInfo.InvariantCulture))];
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // As the binding has it.
        start.Environment.TryAdd("OMP_WAIT_POLICY", "passive");
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InputException($"{program} cannot be started: './legato bench libtorch' builds it ({e.Message})", e);
        }
        Kernels = Answer();
    }

    /// <summary>Which processor BLAS has its kernels for.</summary>
    public string Kernels { get; }

    /// <summary>Takes steps; gives the loss before the last of them.</summary>
    public double Take(int threads, int steps)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{threads} {steps}"));
        _process.StandardInput.Flush();
        return double.Parse(Answer(), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // It ends with its input.
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Answer() => _process.StandardOutput.ReadLine() ?? throw new InputException($"{_process.StartInfo.FileName} ended without an answer: './legato bench libtorch' builds it");
}
