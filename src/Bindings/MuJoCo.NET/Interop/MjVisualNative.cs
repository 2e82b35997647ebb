using System.Runtime.InteropServices;

namespace MuJoCo;

/// <summary>Imports of MuJoCo's visualisation (<c>mjv</c>) and OpenGL (<c>mjr</c>) functions, under their own names.</summary>
internal static unsafe partial class MjVisualNative
{
    [LibraryImport(MjLibrary.Name)]
    public static partial void mjv_defaultFreeCamera(MjModelHandle m, NativeCamera* camera);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mjv_defaultPerturb(NativePerturb* perturb);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mjv_defaultOption(NativeViewOption* option);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mjv_defaultScene(NativeScene* scene);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mjv_makeScene(MjModelHandle m, NativeScene* scene, int maxGeoms);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mjv_freeScene(NativeScene* scene);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mjv_updateScene(NativeModel* m, MjDataHandle d, NativeViewOption* option, NativePerturb* perturb,
        NativeCamera* camera, int categories, NativeScene* scene);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mjr_defaultContext(NativeRenderContext* context);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mjr_makeContext(MjModelHandle m, NativeRenderContext* context, int fontScale);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mjr_freeContext(NativeRenderContext* context);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mjr_setBuffer(int framebuffer, NativeRenderContext* context);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mjr_render(NativeRect viewport, NativeScene* scene, NativeRenderContext* context);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mjr_readPixels(byte* rgb, float* depth, NativeRect viewport, NativeRenderContext* context);
}
