using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Rclcs.Native;

/// <summary>Finds and checks the Cyclone DDS library.</summary>
/// <remarks>
/// Part of what is used (the ddsi_ layer) may change with every minor version, and Cyclone DDS 0.10 exports no function that
/// tells its version. So the version is read from the name of the file that was really loaded (links resolved), which is
/// <c>libddsc.so.0.10.2</c> in Debian and <c>libddsc.so.0.10.x</c> in ROS. A file without a version in its name is accepted
/// only if it has the symbols of 0.10 and lacks one that 11 brought.
/// </remarks>
internal static partial class Library
{
    /// <summary>The name in the import declarations; resolved to one of <see cref="Candidates"/>.</summary>
    public const string Name = "ddsc";

    private const string Hint = "install Cyclone DDS 0.10: apt-get install libddsc0debian";

    // Debian's run-time package, ROS, a development package.
    private static readonly string[] Candidates = ["libddsc.so.0debian", "libddsc.so.0", "libddsc.so"];

    private static readonly Lazy<nint> Handle = new(LoadAndBind);

    /// <summary>Loads the library once per process.</summary>
    /// <exception cref="LibraryException">It is missing or of another version.</exception>
    public static void EnsureLoaded() => _ = Handle.Value;

    /// <summary>The version in the name of a library file, or null.</summary>
    internal static Version? VersionOf(string path)
    {
        Match match = VersionSuffix().Match(Path.GetFileName(path));
        return match.Success ? Version.Parse(match.Groups[1].Value) : null;
    }

    /// <summary>Loads the first library that there is, and checks that it is the right one.</summary>
    /// <exception cref="LibraryException">There is none, or it is of another version.</exception>
    internal static nint Load(params IReadOnlyList<string> candidates)
    {
        nint handle = 0;
        foreach (string candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, typeof(Library).Assembly, DllImportSearchPath.SafeDirectories, out handle))
                break;
        }
        if (handle == 0)
            throw new LibraryException($"cannot load any of {string.Join(", ", candidates)}; {Hint}");
        CheckVersion(handle);
        return handle;
    }

    private static nint LoadAndBind()
    {
        nint handle = Load(Candidates);
        NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, (string name, Assembly _, DllImportSearchPath? _) => name == Name ? handle : 0);
        return handle;
    }

    private static void CheckVersion(nint handle)
    {
        if (!NativeLibrary.TryGetExport(handle, "dds_takecdr", out nint symbol) || !NativeLibrary.TryGetExport(handle, "ddsi_sertype_v0", out _))
            throw new LibraryException($"the libddsc found here is not Cyclone DDS 0.10 (a symbol is missing); {Hint}");
        string path = PathOf(symbol);
        Version? version = VersionOf(path);
        bool fits = version is null ? !NativeLibrary.TryGetExport(handle, "dds_get_entity_sertype", out _) : version is { Major: 0, Minor: 10 };
        if (!fits)
            throw new LibraryException($"{path} is Cyclone DDS {version?.ToString() ?? "of an unknown version"}, but 0.10 is needed; {Hint}");
    }

    private static string PathOf(nint symbol)
    {
        if (dladdr(symbol, out DlInfo info) == 0)
            return "libddsc";
        string path = Marshal.PtrToStringUTF8(info.FileName) ?? "libddsc";
        return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
    }

    [LibraryImport("libc.so.6")]
    private static partial int dladdr(nint address, out DlInfo info);

    [GeneratedRegex(@"\.so\.(\d+\.\d+(\.\d+)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionSuffix();

    [StructLayout(LayoutKind.Sequential)]
    private struct DlInfo
    {
        public nint FileName;
        public nint Base;
        public nint SymbolName;
        public nint SymbolAddress;
    }
}
