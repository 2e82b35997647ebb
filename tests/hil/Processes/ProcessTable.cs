using System.Globalization;
using System.Runtime.InteropServices;

namespace Legato.Tests.Processes;

/// <summary>What the kernel knows of other processes.</summary>
public static partial class ProcessTable
{
    /// <summary>True while a process with this id runs. A zombie that nobody reaps does not: it has an empty command line.</summary>
    public static bool IsRunning(int id) => Read(id, "cmdline").Length > 0;

    /// <summary>Ids of the processes that this one started and that still exist.</summary>
    public static IReadOnlyList<int> ChildrenOf(int id) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int child) ? child : 0)
            .Where(child => child != 0 && ParentOf(child) == id),
    ];

    /// <summary>Sends a POSIX signal to a process that no <see cref="ChildProcess"/> stands for.</summary>
    public static void Signal(int id, int number)
    {
        if (kill(id, number) != 0)
            throw new InvalidOperationException($"cannot send signal {number} to process {id}: error {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);

    // "id (name) state parent ...", and a name may hold anything.
    private static int ParentOf(int id)
    {
        string stat = Read(id, "stat");
        return stat.Length == 0 ? 0 : int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ')[2], CultureInfo.InvariantCulture);
    }

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
