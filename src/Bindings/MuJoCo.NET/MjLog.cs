using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MuJoCo;

/// <summary>
/// MuJoCo's warnings, kept in a bounded queue instead of the <c>MUJOCO_LOG.TXT</c> that it would write.
/// </summary>
/// <remarks>
/// MuJoCo's errors cannot be survived: the C code that raised one must not be returned to, and no managed exception
/// may cross it. The binding checks arguments so that none is raised; should one be all the same, it is written to
/// standard error in one line and the process exits with code <see cref="ErrorExitCode"/>, running its exit handlers.
/// </remarks>
/// <threadsafety>All members may be used from any thread.</threadsafety>
public static unsafe class MjLog
{
    /// <summary>Exit code of a process in which MuJoCo raised an error (<c>EX_SOFTWARE</c>).</summary>
    public const int ErrorExitCode = 70;

    /// <summary>How many warnings are kept; later ones are only counted.</summary>
    public const int Capacity = 256;

    private static readonly ConcurrentQueue<string> Warnings = new();
    private static long _dropped;

    /// <summary>How many warnings found the queue full.</summary>
    public static long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Takes the oldest warning. False when there is none.</summary>
    public static bool TryRead([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out string warning) =>
        Warnings.TryDequeue(out warning);

    /// <summary>Points MuJoCo's two handlers at this class.</summary>
    internal static void Install(nint library)
    {
        *(delegate* unmanaged[Cdecl]<byte*, void>*)NativeLibrary.GetExport(library, "mju_user_error") = &OnError;
        *(delegate* unmanaged[Cdecl]<byte*, void>*)NativeLibrary.GetExport(library, "mju_user_warning") = &OnWarning;
    }

    /// <summary>Adds a warning.</summary>
    internal static void Write(string warning)
    {
        if (Warnings.Count < Capacity)
            Warnings.Enqueue(warning);
        else
            Interlocked.Increment(ref _dropped);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnWarning(byte* message) => Write(Text(message));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnError(byte* message)
    {
        Console.Error.WriteLine($"MuJoCo error, the process ends: {Text(message)}");
        Environment.Exit(ErrorExitCode);
    }

    private static string Text(byte* message) => Marshal.PtrToStringUTF8((nint)message) ?? "";
}
