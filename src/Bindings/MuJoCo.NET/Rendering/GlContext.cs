namespace MuJoCo;

/// <summary>An OpenGL context that needs no display and no window.</summary>
/// <threadsafety>Current on one thread at a time; free between <see cref="Release"/> and <see cref="MakeCurrent"/>.</threadsafety>
internal abstract unsafe class GlContext : IDisposable
{
    /// <summary>Environment variable that chooses the back end: <c>egl</c> or <c>osmesa</c>; both are tried when it is not set.</summary>
    public const string Variable = "MUJOCO_GL";

    private const int GlMaxRenderbufferSize = 0x84E8;

    /// <summary>Makes the first context that works: EGL (hardware or Mesa), then OSMesa.</summary>
    /// <exception cref="MuJoCoException">None does; the message has the reason of each.</exception>
    public static GlContext Create()
    {
        string? choice = Environment.GetEnvironmentVariable(Variable);
        if (choice is not (null or "" or "egl" or "osmesa"))
            throw new MuJoCoException($"{Variable} is '{choice}'; expected egl or osmesa");

        var reasons = new List<string>();
        if (choice != "osmesa" && Try(() => new EglContext(), reasons) is { } egl)
            return egl;
        if (choice != "egl" && Try(() => new OsMesaContext(), reasons) is { } osMesa)
            return osMesa;
        throw new MuJoCoException($"no off-screen OpenGL context: {string.Join("; ", reasons)}; install one with: apt-get install libegl1 libgl1-mesa-dri");
    }

    /// <summary>Makes the context current on the calling thread.</summary>
    /// <exception cref="MuJoCoException">It is current on another thread.</exception>
    public abstract void MakeCurrent();

    /// <summary>Leaves the calling thread without a context.</summary>
    public abstract void Release();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The largest width or height of an off-screen buffer, pixels; the context must be current.</summary>
    public int MaxBufferSize()
    {
        int size = 0;
        ((delegate* unmanaged<int, int*, void>)GetProcAddress("glGetIntegerv"))(GlMaxRenderbufferSize, &size);
        return size;
    }

    /// <summary>The address of an OpenGL function.</summary>
    protected abstract nint GetProcAddress(string name);

    private static GlContext? Try(Func<GlContext> create, List<string> reasons)
    {
        try
        {
            return create();
        }
        catch (Exception reason) when (reason is MuJoCoException or DllNotFoundException or EntryPointNotFoundException)
        {
            reasons.Add(reason.Message.Split('\n')[0].Trim());
            return null;
        }
    }
}
