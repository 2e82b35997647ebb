namespace Legato.Policy.Networks.Vectors;

/// <summary>Some 32-bit floats that are worked on together: what the kernels are written in, once for every width.</summary>
/// <remarks>Every operation works lane by lane, as IEEE 754 says unless stated.</remarks>
internal interface ILanes<TSelf> where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many; a divisor of <see cref="AlignedFloats.Step"/>.</summary>
    static abstract int Count { get; }

    /// <summary>The same number in all lanes.</summary>
    static abstract TSelf All(float value);

    /// <summary>Reads from an offset, in floats.</summary>
    static abstract TSelf Load(ref float start, nuint offset);

    /// <summary>Writes at an offset, in floats.</summary>
    static abstract void Store(TSelf value, ref float start, nuint offset);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a b + c, rounded once where the hardware can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The smaller; not a number if one is not.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger; not a number if one is not.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>Without the sign.</summary>
    static abstract TSelf Abs(TSelf a);

    /// <summary>The nearest whole number.</summary>
    static abstract TSelf Round(TSelf a);

    /// <summary>The magnitude of one with the sign of another.</summary>
    static abstract TSelf WithSign(TSelf magnitude, TSelf sign);

    /// <summary><paramref name="then"/> where a is less than b, <paramref name="otherwise"/> elsewhere and where one is not a number.</summary>
    static abstract TSelf IfLess(TSelf a, TSelf b, TSelf then, TSelf otherwise);

    /// <summary>A number times two to a whole power in -252..254; too large becomes infinite, too small denormal or zero.</summary>
    static abstract TSelf Scale(TSelf value, TSelf power);

    /// <summary>The sum of all lanes.</summary>
    static abstract float Sum(TSelf a);
}
