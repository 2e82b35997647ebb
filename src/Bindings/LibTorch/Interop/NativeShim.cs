using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Finds the shim and refuses one that does not fit.</summary>
internal static partial class NativeShim
{
    public const string Name = "legato_torch";
    private const string FileName = $"lib{Name}.so";
    private const int Abi = 2;
    private static readonly Lazy<nint> Library = new(Load);

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "The resolver must be in place before the first import of this assembly.")]
    internal static void Initialize() => NativeLibrary.SetDllImportResolver(typeof(NativeShim).Assembly, (name, _, _) => name == Name ? Library.Value : 0);

    /// <summary>Loads the shim unless that is done.</summary>
    /// <exception cref="TorchLibraryException">It is missing or does not fit.</exception>
    public static void Require() => _ = Library.Value;

    // Beside the program, or where the launcher builds it: artifacts/native beside artifacts/bin.
    private static IEnumerable<string> Candidates()
    {
        string folder = AppContext.BaseDirectory;
        yield return Path.Combine(folder, FileName);
        for (DirectoryInfo? parent = new(folder); parent is not null; parent = parent.Parent)
            yield return Path.Combine(parent.FullName, "artifacts", "native", FileName);
    }

    private static unsafe nint Load()
    {
        string path = Candidates().FirstOrDefault(File.Exists) ?? throw new TorchLibraryException($"{FileName} is not built: './legato train' and './legato test' build it (native/CMakeLists.txt)");
        WaitWithoutSpinning();
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e)
        {
            throw new TorchLibraryException($"{path} does not load: is libtorch1.13 installed? ({e.Message.Split('\n')[0].Trim()})");
        }
        int abi = ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "lt_abi"))();
        return abi == Abi ? library : throw new TorchLibraryException($"{path} has interface {abi}, this program needs {Abi}: build native/ again");
    }

    // libgomp's threads would spin while they wait, and take the cores from whoever has something to do. It reads this when it is loaded; what the user has set stays.
    private static void WaitWithoutSpinning() => _ = setenv("OMP_WAIT_POLICY", "passive", 0);

    // The runtime keeps an environment of its own, which native code does not see.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
