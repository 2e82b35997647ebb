using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>A number for tensor operations; whether it is an integer, a real number or a truth value takes part in type promotion.</summary>
/// <remarks>Immutable. Made by conversion.</remarks>
public sealed class Scalar
{
    private Scalar(NativeScalar value) => Value = value;

    internal NativeScalar Value { get; }

    public static implicit operator Scalar(int value) => new(NativeScalar.Of((long)value));

    public static implicit operator Scalar(long value) => new(NativeScalar.Of(value));

    public static implicit operator Scalar(float value) => new(NativeScalar.Of((double)value));

    public static implicit operator Scalar(double value) => new(NativeScalar.Of(value));

    public static implicit operator Scalar(bool value) => new(NativeScalar.Of(value));

    internal static Scalar Of(NativeScalar value) => new(value);
}

/// <summary>Reads scalars.</summary>
public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this int value) => value;

    public static Scalar ToScalar(this long value) => value;

    public static Scalar ToScalar(this float value) => value;

    public static Scalar ToScalar(this double value) => value;

    public static Scalar ToScalar(this bool value) => value;

    public static double ToDouble(this Scalar value) => value.Value.Real;

    public static float ToSingle(this Scalar value) => (float)value.Value.Real;

    public static long ToInt64(this Scalar value) => value.Value.Kind == ScalarKind.Real ? (long)value.Value.Real : value.Value.Integer;

    public static int ToInt32(this Scalar value) => checked((int)value.ToInt64());

    public static bool ToBoolean(this Scalar value) => value.Value.Real != 0;
}
