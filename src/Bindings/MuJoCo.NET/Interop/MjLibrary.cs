using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MuJoCo;

/// <summary>Finds, checks and prepares the native library, once per process, at the first call into it.</summary>
internal static unsafe class MjLibrary
{
    /// <summary>The name that the imports use; the resolver maps it to a file.</summary>
    public const string Name = "mujoco";

    private static readonly string[] FileNames = ["libmujoco.so.2.2.2", "libmujoco.so"];

    private static readonly Lazy<nint> Handle = new(Load);

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "The resolver must be in place before the first import of this assembly.")]
    internal static void Initialize() =>
        NativeLibrary.SetDllImportResolver(typeof(MjLibrary).Assembly, Resolve);

    /// <summary>Address of something that the library exports.</summary>
    public static nint Export(string name) => NativeLibrary.GetExport(Handle.Value, name);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == Name ? Handle.Value : 0;

    private static nint Load()
    {
        foreach (string file in FileNames)
            if (NativeLibrary.TryLoad(file, out nint handle))
            {
                Check(handle, file);
                MjLog.Install(handle);
                return handle;
            }

        throw new MuJoCoException($"MuJoCo's library cannot be loaded (tried {string.Join(", ", FileNames)}); install it with: apt-get install libmujoco2.2.2");
    }

    private static void Check(nint handle, string file)
    {
        int version = ((delegate* unmanaged<int>)NativeLibrary.GetExport(handle, "mj_version"))();
        if (version != MjHeaders.Version)
            throw new MuJoCoException($"{file} is MuJoCo {version}, this binding was generated for {MjHeaders.Version}: install it with apt-get install libmujoco2.2.2, or run Generator/generate.sh and rebuild");
    }
}
