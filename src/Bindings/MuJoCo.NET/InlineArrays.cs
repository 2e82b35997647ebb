using System.Runtime.CompilerServices;

namespace MuJoCo;

/// <summary>Two doubles stored in place; indexable and convertible to a span.</summary>
[InlineArray(2)]
public struct Double2
{
    private double _element0;
}

/// <summary>Three doubles stored in place; indexable and convertible to a span.</summary>
[InlineArray(3)]
public struct Double3
{
    private double _element0;
}

/// <summary>Five doubles stored in place; indexable and convertible to a span.</summary>
[InlineArray(5)]
public struct Double5
{
    private double _element0;
}

/// <summary>Nine doubles stored in place (a row-major 3 × 3 matrix); indexable and convertible to a span.</summary>
[InlineArray(9)]
public struct Double9
{
    private double _element0;
}
