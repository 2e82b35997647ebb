using System.Diagnostics;
using System.Globalization;

namespace Legato.Runtime.Benchmarks.Soak;

/// <summary>Other work on this machine: processes that compute without end, and one that writes a file to the disk again and again.</summary>
/// <remarks>They have normal priority and end with this object.</remarks>
public sealed class MachineLoad : IDisposable
{
    // Each ends by itself when the process that started it does, however that dies.
    private const string Compute = "while kill -0 $1 2>/dev/null; do i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; done";
    private const string WriteDisk = "while kill -0 $1 2>/dev/null; do dd if=/dev/zero of=\"$2\" bs=1M count=64 conv=fsync 2>/dev/null; done; rm -f \"$2\"";

    private readonly List<Process> _processes = [];
    private readonly string _file;

    private MachineLoad(string file) => _file = file;

    /// <summary>Starts the load.</summary>
    /// <param name="computing">Processes that compute, 0 or more.</param>
    /// <param name="file">What is written to the disk, 64 MiB at a time; null for nothing.</param>
    /// <exception cref="InputException">There is no shell.</exception>
    public static MachineLoad Start(int computing, string? file)
    {
        var load = new MachineLoad(file ?? "");
        try
        {
            for (int i = 0; i < computing; i++)
                load.Run(Compute);
            if (file is not null)
                load.Run(WriteDisk);
            return load;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            load.Dispose();
            throw new InputException($"cannot load the machine: sh: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
        _processes.Clear();
        if (_file.Length > 0)
            File.Delete(_file);
    }

    private void Run(string script) =>
        _processes.Add(Process.Start(new ProcessStartInfo("sh", ["-c", script, "load", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), _file]))!);
}
