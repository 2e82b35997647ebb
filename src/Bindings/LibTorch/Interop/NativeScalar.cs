using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>A number as the shim takes and gives it: its kind decides how types are promoted.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeScalar
{
    public ScalarKind Kind;
    private readonly int _unused;
    public long Integer;
    public double Real;

    public static NativeScalar Of(long value) => new() { Kind = ScalarKind.Integer, Integer = value, Real = value };

    public static NativeScalar Of(double value) => new() { Kind = ScalarKind.Real, Real = value };

    public static NativeScalar Of(bool value) => new() { Kind = ScalarKind.Boolean, Integer = value ? 1 : 0, Real = value ? 1 : 0 };
}

internal enum ScalarKind
{
    Integer = 0,
    Real = 1,
    Boolean = 2,
}
