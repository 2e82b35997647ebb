using System.Runtime.InteropServices;

namespace MuJoCo;

/// <summary>Imports of MuJoCo's C functions, under their own names.</summary>
/// <remarks>Models go in as pointers: the data's handle, which every simulation call takes, keeps its model alive.</remarks>
internal static unsafe partial class MjNative
{
    // Loading

    [LibraryImport(MjLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial NativeModel* mj_loadXML(string filename, NativeVfs* vfs, byte* error, int errorSize);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_freeLastXML();

    [LibraryImport(MjLibrary.Name)]
    public static partial NativeModel* mj_copyModel(NativeModel* dest, MjModelHandle src);

    [LibraryImport(MjLibrary.Name)]
    public static partial int mj_sizeModel(MjModelHandle m);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_saveModel(MjModelHandle m, byte* filename, void* buffer, int size);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_deleteModel(NativeModel* m);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_defaultVFS(NativeVfs* vfs);

    [LibraryImport(MjLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mj_makeEmptyFileVFS(NativeVfs* vfs, string filename, int size);

    [LibraryImport(MjLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mj_findFileVFS(NativeVfs* vfs, string filename);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_deleteVFS(NativeVfs* vfs);

    [LibraryImport(MjLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mj_name2id(MjModelHandle m, int type, string name);

    [LibraryImport(MjLibrary.Name)]
    public static partial byte* mj_id2name(MjModelHandle m, int type, int id);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_setConst(MjModelHandle m, MjDataHandle d);

    // Data

    [LibraryImport(MjLibrary.Name)]
    public static partial NativeData* mj_makeData(NativeModel* m);

    [LibraryImport(MjLibrary.Name)]
    public static partial NativeData* mj_copyData(MjDataHandle dest, NativeModel* m, MjDataHandle src);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_deleteData(NativeData* d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_resetData(NativeModel* m, MjDataHandle d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_resetDataKeyframe(NativeModel* m, MjDataHandle d, int key);

    // Simulation

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_step(NativeModel* m, MjDataHandle d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_step1(NativeModel* m, MjDataHandle d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_step2(NativeModel* m, MjDataHandle d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_forward(NativeModel* m, MjDataHandle d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_inverse(NativeModel* m, MjDataHandle d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_kinematics(NativeModel* m, MjDataHandle d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_comPos(NativeModel* m, MjDataHandle d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_camlight(NativeModel* m, MjDataHandle d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_tendon(NativeModel* m, MjDataHandle d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_transmission(NativeModel* m, MjDataHandle d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_crb(NativeModel* m, MjDataHandle d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_factorM(NativeModel* m, MjDataHandle d);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_collision(NativeModel* m, MjDataHandle d);

    // Jacobians, inertia, contacts

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_jac(NativeModel* m, MjDataHandle d, double* jacp, double* jacr, double* point, int body);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_jacBody(NativeModel* m, MjDataHandle d, double* jacp, double* jacr, int body);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_jacBodyCom(NativeModel* m, MjDataHandle d, double* jacp, double* jacr, int body);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_jacGeom(NativeModel* m, MjDataHandle d, double* jacp, double* jacr, int geom);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_jacSite(NativeModel* m, MjDataHandle d, double* jacp, double* jacr, int site);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_fullM(NativeModel* m, double* dst, double* inertia);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_mulM(NativeModel* m, MjDataHandle d, double* result, double* vector);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_solveM(NativeModel* m, MjDataHandle d, double* x, double* y, int n);

    [LibraryImport(MjLibrary.Name)]
    public static partial void mj_contactForce(NativeModel* m, MjDataHandle d, int id, double* result);
}
