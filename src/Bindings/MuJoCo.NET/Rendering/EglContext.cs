using System.Runtime.InteropServices;

namespace MuJoCo;

/// <summary>An EGL context without a surface, on Mesa's surfaceless platform or the default display.</summary>
internal sealed unsafe partial class EglContext : GlContext
{
    private const string Library = "libEGL.so.1";

    private const int PlatformSurfacelessMesa = 0x31DD;
    private const int OpenGlApi = 0x30A2;
    private const int Extensions = 0x3055;

    // EGL 1.4 §3.4.1: name and value pairs, ended by EGL_NONE.
    private static readonly int[] ConfigAttributes =
    [
        0x3040, 0x0008, // EGL_RENDERABLE_TYPE: EGL_OPENGL_BIT
        0x3033, 0,      // EGL_SURFACE_TYPE: any, MuJoCo draws into its own buffer
        0x3024, 8, 0x3023, 8, 0x3022, 8, // red, green, blue
        0x3038,
    ];

    private readonly nint _display;
    private nint _context;

    /// <summary>Makes the context.</summary>
    /// <exception cref="MuJoCoException">EGL cannot; the message has its error code.</exception>
    public EglContext()
    {
        _display = OpenDisplay();
        if (!eglBindAPI(OpenGlApi))
            throw Failure("has no desktop OpenGL");
        nint config;
        int count;
        fixed (int* attributes = ConfigAttributes)
            if (!eglChooseConfig(_display, attributes, &config, 1, &count) || count == 0)
                throw Failure("has no suitable configuration");
        _context = eglCreateContext(_display, config, 0, null);
        if (_context == 0)
            throw Failure("cannot create a context");
    }

    /// <inheritdoc/>
    public override void MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        // The bound API is a setting of the thread.
        if (!eglBindAPI(OpenGlApi) || !eglMakeCurrent(_display, 0, 0, _context))
            throw Failure("cannot make the context current; is it in use on another thread?");
    }

    /// <inheritdoc/>
    public override void Release() => eglMakeCurrent(_display, 0, 0, 0);

    /// <inheritdoc/>
    public override void Dispose()
    {
        // The display stays open: EGL shares it between all contexts of the process and does not count its users.
        if (_context != 0)
            eglDestroyContext(_display, _context);
        _context = 0;
    }

    /// <inheritdoc/>
    protected override nint GetProcAddress(string name) => eglGetProcAddress(name);

    private static nint OpenDisplay()
    {
        string extensions = Marshal.PtrToStringUTF8(eglQueryString(0, Extensions)) ?? "";
        if (extensions.Contains("EGL_MESA_platform_surfaceless", StringComparison.Ordinal))
        {
            var getPlatformDisplay = (delegate* unmanaged<int, nint, int*, nint>)eglGetProcAddress("eglGetPlatformDisplayEXT");
            nint surfaceless = getPlatformDisplay(PlatformSurfacelessMesa, 0, null);
            if (surfaceless != 0 && eglInitialize(surfaceless, null, null))
                return surfaceless;
        }

        nint display = eglGetDisplay(0);
        return display != 0 && eglInitialize(display, null, null) ? display : throw Failure("has no display that initialises");
    }

    private static MuJoCoException Failure(string what) => new($"EGL {what} (error 0x{eglGetError():X})");

    [LibraryImport(Library)]
    private static partial nint eglGetDisplay(nint nativeDisplay);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint eglGetProcAddress(string name);

    [LibraryImport(Library)]
    private static partial nint eglQueryString(nint display, int name);

    [LibraryImport(Library)]
    private static partial int eglGetError();

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U4)]
    private static partial bool eglInitialize(nint display, int* major, int* minor);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U4)]
    private static partial bool eglBindAPI(int api);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U4)]
    private static partial bool eglChooseConfig(nint display, int* attributes, nint* configs, int size, int* count);

    [LibraryImport(Library)]
    private static partial nint eglCreateContext(nint display, nint config, nint share, int* attributes);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U4)]
    private static partial bool eglDestroyContext(nint display, nint context);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U4)]
    private static partial bool eglMakeCurrent(nint display, nint draw, nint read, nint context);
}
