using System.Runtime.InteropServices;
using System.Text;

namespace MuJoCo;

/// <summary>
/// A compiled model: sizes, options and parameter arrays under MuJoCo's names, as spans over its own memory.
/// </summary>
/// <remarks>
/// Units are MuJoCo's: SI with radians, quaternions w x y z, matrices row-major. Writing through a span changes the model;
/// values that MuJoCo derives from others (masses of subtrees, tendon lengths) follow after <see cref="MjData.SetConst"/>.
/// A span is valid until the model is disposed or collected: keep a reference for as long as a span is in use.
/// </remarks>
/// <threadsafety>Any number of threads may read one model, for example each stepping its own <see cref="MjData"/>.
/// Writing needs that no other thread uses the model; give each thread a <see cref="Clone"/> to change.</threadsafety>
public sealed unsafe partial class MjModel : IDisposable
{
    private const int ErrorSize = 1024;

    // MuJoCo keeps the XML tree that it compiled last in a global.
    private static readonly Lock Compiler = new();

    private readonly MjModelHandle _handle;

    // Not the handle's own state: that stays open as long as data of the model does.
    private bool _disposed;

    private MjModel(NativeModel* model) => _handle = new MjModelHandle(model);

    /// <summary>The owned handle, for calls that must keep the model alive.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal MjModelHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _handle;
        }
    }

    /// <summary>The native struct.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal NativeModel* Native => Handle.Pointer;

    private NativeModel* Sizes => Native;

    /// <summary>Compiles a model from MJCF or URDF text; files that it includes are read relative to the current folder.</summary>
    /// <exception cref="MuJoCoException">The text does not compile; the message has MuJoCo's reason and line.</exception>
    public static MjModel FromXmlString(string xml)
    {
        ArgumentException.ThrowIfNullOrEmpty(xml);
        const string name = "model.xml";
        byte[] text = Encoding.UTF8.GetBytes(xml);

        // mjVFS is 2 MB of tables: native memory, not the stack.
        NativeVfs* vfs = (NativeVfs*)NativeMemory.Alloc((nuint)sizeof(NativeVfs));
        try
        {
            MjNative.mj_defaultVFS(vfs);
            if (MjNative.mj_makeEmptyFileVFS(vfs, name, text.Length) != 0)
                throw new MuJoCoException($"MuJoCo could not allocate {text.Length} bytes for the model's XML");
            void* file = (&vfs->filedata)[MjNative.mj_findFileVFS(vfs, name)];
            text.CopyTo(new Span<byte>(file, text.Length));
            return Load(name, vfs, "the XML text");
        }
        finally
        {
            MjNative.mj_deleteVFS(vfs);
            NativeMemory.Free(vfs);
        }
    }

    /// <summary>Compiles a model from an MJCF or URDF file; files that it includes are found relative to it.</summary>
    /// <exception cref="MuJoCoException">The file is missing or does not compile; the message has MuJoCo's reason and line.</exception>
    public static MjModel FromXmlFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new MuJoCoException($"model file {path} does not exist");
        return Load(path, null, path);
    }

    /// <summary>A deep copy, to be changed independently.</summary>
    public MjModel Clone()
    {
        NativeModel* copy = MjNative.mj_copyModel(null, Handle);
        return copy != null ? new MjModel(copy) : throw new MuJoCoException("MuJoCo could not allocate the copy of a model");
    }

    /// <summary>The model in MuJoCo's binary format, MJB: everything that it holds.</summary>
    public byte[] Save()
    {
        byte[] bytes = new byte[MjNative.mj_sizeModel(Handle)];
        fixed (byte* start = bytes)
            MjNative.mj_saveModel(Handle, null, start, bytes.Length);
        return bytes;
    }

    /// <summary>The id of the named element, or -1 if there is none.</summary>
    public int Id(MjObject type, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return MjNative.mj_name2id(Handle, (int)type, name);
    }

    /// <summary>The id of the named element.</summary>
    /// <exception cref="MuJoCoException">There is none; the message names it.</exception>
    public int RequireId(MjObject type, string name)
    {
        int id = Id(type, name);
        return id >= 0 ? id : throw new MuJoCoException($"the model has no {type} named '{name}'");
    }

    /// <summary>The name of an element, or null if it has none or there is no such element.</summary>
    public string? Name(MjObject type, int id)
    {
        string? name = Marshal.PtrToStringUTF8((nint)MjNative.mj_id2name(Handle, (int)type, id));
        GC.KeepAlive(this);
        return string.IsNullOrEmpty(name) ? null : name;
    }

    /// <summary>Frees the model once the last <see cref="MjData"/> made from it is gone, too.</summary>
    public void Dispose()
    {
        _disposed = true;
        _handle.Dispose();
    }

    private static MjModel Load(string file, NativeVfs* vfs, string source)
    {
        byte* message = stackalloc byte[ErrorSize];
        message[0] = 0;
        lock (Compiler)
        {
            NativeModel* model = MjNative.mj_loadXML(file, vfs, message, ErrorSize);
            string text = OneLine(message);
            if (model == null)
                throw new MuJoCoException($"MuJoCo cannot load {source}: {text}");

            // The tree serves only to save XML again, which this binding does not do.
            MjNative.mj_freeLastXML();
            if (text.Length > 0)
                MjLog.Write($"{source}: {text}");
            return new MjModel(model);
        }
    }

    private static string OneLine(byte* message) => string.Join("; ",
        Marshal.PtrToStringUTF8((nint)message)!.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
