using System.Runtime.InteropServices;

namespace MuJoCo;

/// <summary>Takes pictures of a simulation, off screen: no display, window or GPU is needed.</summary>
/// <remarks>
/// EGL is used where it works (a GPU, or Mesa's software renderer on its surfaceless platform), otherwise OSMesa;
/// the environment variable <c>MUJOCO_GL</c> (<c>egl</c>, <c>osmesa</c>) forces one of them.
/// Dispose it: the garbage collector does not free OpenGL objects.
/// </remarks>
/// <threadsafety>One thread at a time, not always the same one. Each thread may have renderers of its own.</threadsafety>
public sealed unsafe class MjRenderer : IDisposable
{
    private const int OffScreen = 1;
    private const int AllCategories = 7;
    private const int FontScale = 100;
    private const int GroupCount = 6;

    // Decor (sites, tendons, contact marks) comes on top of the model's geoms.
    private const int ExtraGeoms = 2000;

    // MuJoCo loads its OpenGL entry points into globals when a context is made.
    private static readonly Lock Creation = new();

    private readonly GlContext _gl;
    private readonly byte[] _rgb;
    private readonly byte[] _row;
    private Visual* _visual;

    /// <summary>Makes a renderer for data of the model.</summary>
    /// <param name="model">The model. Meshes and textures are taken from it now.</param>
    /// <param name="width">Pixels per row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <exception cref="MuJoCoException">No OpenGL context can be made, or the picture is larger than it allows.</exception>
    public MjRenderer(MjModel model, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Model = model;
        Width = width;
        Height = height;
        int geoms = (2 * model.NGeom) + model.NSite + ExtraGeoms;

        lock (Creation)
        {
            _gl = GlContext.Create();
            try
            {
                Open(geoms);
            }
            catch
            {
                _gl.Dispose();
                throw;
            }
        }

        _rgb = new byte[checked(3 * width * height)];
        _row = new byte[3 * width];
    }

    /// <summary>The model whose data is drawn.</summary>
    public MjModel Model { get; }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The last picture: red, green, blue per pixel, top row first. Overwritten by the next.</summary>
    public ReadOnlySpan<byte> Rgb => _rgb;

    private Visual* Native
    {
        get
        {
            ObjectDisposedException.ThrowIf(_visual == null, this);
            return _visual;
        }
    }

    /// <summary>Whether an effect is drawn. Shadows and reflections cost the most.</summary>
    public bool GetFlag(MjRenderFlag flag) => Native->Scene.flags[Checked(flag)] != 0;

    /// <summary>Switches an effect on or off.</summary>
    public void SetFlag(MjRenderFlag flag, bool on) => Native->Scene.flags[Checked(flag)] = on ? (byte)1 : (byte)0;

    /// <summary>Shows or hides the geoms of a group, 0 to 5. At first 0 to 2 are shown.</summary>
    public void ShowGeoms(int group, bool visible) => Native->Option.geomgroup[Checked(group)] = visible ? (byte)1 : (byte)0;

    /// <summary>Shows or hides the sites of a group, 0 to 5. At first 0 to 2 are shown.</summary>
    public void ShowSites(int group, bool visible) => Native->Option.sitegroup[Checked(group)] = visible ? (byte)1 : (byte)0;

    /// <summary>Draws the data as it was last computed (<see cref="MjData.Forward"/>, <see cref="MjData.Step()"/>) into <see cref="Rgb"/>.</summary>
    /// <exception cref="ArgumentException">The data belongs to another model.</exception>
    public void Render(MjData data, MjCamera camera)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!ReferenceEquals(data.Model, Model))
            throw new ArgumentException("belongs to another model than the renderer", nameof(data));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(camera.FixedId, Model.NCam, nameof(camera));

        Visual* visual = Native;
        NativeCamera view = camera.ToNative();
        MjVisualNative.mjv_updateScene(data.Sizes, data.Handle, &visual->Option, &visual->Perturb, &view, AllCategories, &visual->Scene);

        var viewport = new NativeRect { width = Width, height = Height };
        _gl.MakeCurrent();
        try
        {
            MjVisualNative.mjr_setBuffer(OffScreen, &visual->Context);
            MjVisualNative.mjr_render(viewport, &visual->Scene, &visual->Context);
            fixed (byte* pixels = _rgb)
                MjVisualNative.mjr_readPixels(pixels, null, viewport, &visual->Context);
        }
        finally
        {
            _gl.Release();
        }

        FlipRows();
    }

    /// <summary>The last picture as a PNG file's bytes.</summary>
    public byte[] ToPng() => Png.Encode(_rgb, Width, Height);

    /// <summary>Saves the last picture as a PNG file; an existing file is replaced in one step.</summary>
    public void SavePng(string path)
    {
        string temporary = path + ".tmp";
        File.WriteAllBytes(temporary, ToPng());
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Frees the OpenGL context and everything in it.</summary>
    public void Dispose()
    {
        if (_visual == null)
            return;
        _gl.MakeCurrent();
        Close();
        _gl.Release();
        _gl.Dispose();
    }

    private void Open(int geoms)
    {
        _gl.MakeCurrent();
        try
        {
            int largest = _gl.MaxBufferSize();
            if (Width > largest || Height > largest)
                throw new MuJoCoException($"a picture of {Width} × {Height} pixels is too large: OpenGL allows {largest} on a side");

            _visual = (Visual*)NativeMemory.AllocZeroed((nuint)sizeof(Visual));
            MjVisualNative.mjv_defaultOption(&_visual->Option);
            MjVisualNative.mjv_defaultPerturb(&_visual->Perturb);
            MjVisualNative.mjv_defaultScene(&_visual->Scene);
            MjVisualNative.mjr_defaultContext(&_visual->Context);
            MjVisualNative.mjv_makeScene(Model.Handle, &_visual->Scene, geoms);
            MakeContext();
            MjVisualNative.mjr_setBuffer(OffScreen, &_visual->Context);
            if (_visual->Context.currentBuffer != OffScreen)
            {
                Close();
                throw new MuJoCoException("OpenGL has no off-screen buffer for MuJoCo");
            }
        }
        finally
        {
            _gl.Release();
        }
    }

    // The buffer's size comes from the model's visual settings; they are put back at once.
    private void MakeContext()
    {
        ref NativeVisual settings = ref Model.Native->vis;
        (int width, int height) = (settings.offwidth, settings.offheight);
        (settings.offwidth, settings.offheight) = (Width, Height);
        MjVisualNative.mjr_makeContext(Model.Handle, &_visual->Context, FontScale);
        (settings.offwidth, settings.offheight) = (width, height);
    }

    private void Close()
    {
        MjVisualNative.mjr_freeContext(&_visual->Context);
        MjVisualNative.mjv_freeScene(&_visual->Scene);
        NativeMemory.Free(_visual);
        _visual = null;
    }

    // OpenGL's first row is the lowest.
    private void FlipRows()
    {
        int stride = 3 * Width;
        for (int top = 0, bottom = Height - 1; top < bottom; top++, bottom--)
        {
            Span<byte> upper = _rgb.AsSpan(top * stride, stride);
            Span<byte> lower = _rgb.AsSpan(bottom * stride, stride);
            upper.CopyTo(_row);
            lower.CopyTo(upper);
            _row.CopyTo(lower);
        }
    }

    private static int Checked(MjRenderFlag flag) => Enum.IsDefined(flag) ? (int)flag
        : throw new ArgumentOutOfRangeException(nameof(flag), flag, "is not an effect");

    private static int Checked(int group) => group is >= 0 and < GroupCount ? group
        : throw new ArgumentOutOfRangeException(nameof(group), group, $"must be 0 to {GroupCount - 1}");

    private struct Visual
    {
        public NativeScene Scene;
        public NativeViewOption Option;
        public NativePerturb Perturb;
        public NativeRenderContext Context;
    }
}
