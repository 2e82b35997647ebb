using System.Runtime.InteropServices;

namespace MuJoCo;

/// <summary>A context of OSMesa, Mesa's renderer into plain memory.</summary>
internal sealed unsafe partial class OsMesaContext : GlContext
{
    private const string Library = "libOSMesa.so.8";

    private const int GlRgba = 0x1908;
    private const int GlUnsignedByte = 0x1401;

    // MuJoCo draws into its own buffer; the one that OSMesa insists on is a formality.
    private const int Side = 16;

    private nint _context;
    private byte* _buffer;

    /// <summary>Makes the context.</summary>
    /// <exception cref="MuJoCoException">OSMesa cannot.</exception>
    public OsMesaContext()
    {
        _context = OSMesaCreateContextExt(GlRgba, depthBits: 24, stencilBits: 8, accumBits: 0, share: 0);
        if (_context == 0)
            throw new MuJoCoException("OSMesa cannot create a context");
        _buffer = (byte*)NativeMemory.AllocZeroed(Side * Side * 4);
    }

    /// <inheritdoc/>
    public override void MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        if (OSMesaMakeCurrent(_context, _buffer, GlUnsignedByte, Side, Side) == 0)
            throw new MuJoCoException("OSMesa cannot make the context current");
    }

    /// <inheritdoc/>
    public override void Release() => OSMesaMakeCurrent(0, null, GlUnsignedByte, 0, 0);

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_context == 0)
            return;
        OSMesaDestroyContext(_context);
        NativeMemory.Free(_buffer);
        _context = 0;
        _buffer = null;
    }

    /// <inheritdoc/>
    protected override nint GetProcAddress(string name) => OSMesaGetProcAddress(name);

    [LibraryImport(Library)]
    private static partial nint OSMesaCreateContextExt(int format, int depthBits, int stencilBits, int accumBits, nint share);

    [LibraryImport(Library)]
    private static partial void OSMesaDestroyContext(nint context);

    [LibraryImport(Library)]
    private static partial byte OSMesaMakeCurrent(nint context, byte* buffer, int type, int width, int height);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OSMesaGetProcAddress(string name);
}
