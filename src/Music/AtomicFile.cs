using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Legato;

/// <summary>Replaces files so that a reader, or a power cut, finds the old content or the new one, never a mixture.</summary>
public static partial class AtomicFile
{
    /// <summary>Writes a text file (UTF-8).</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes a file beside the old one, brings it to the disk, and puts it in the old one's place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content. If it throws, the old file stays as it is.</param>
    /// <exception cref="IOException">The disk refuses; the old file stays as it is.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string temporary = Path.Combine(directory, $".{Path.GetFileName(path)}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.tmp");
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        SyncDirectory(directory);
    }

    // The new name is on the disk only once the directory is; .NET opens no directories.
    private static void SyncDirectory(string directory)
    {
        const int readOnly = 0;
        using SafeFileHandle handle = Open(directory, readOnly);
        if (handle.IsInvalid || Sync(handle) != 0)
            throw new IOException($"{directory}: cannot bring the directory to the disk: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle handle);
}
