using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Legato.Policy.Networks.Vectors;

/// <summary>Floats that start at a multiple of 64 bytes and never move; zero at first. The garbage collector frees them.</summary>
internal sealed unsafe class AlignedFloats
{
    /// <summary>Floats in 64 bytes: rows are padded to a multiple, so that every row is aligned and no kernel has a tail.</summary>
    public const int Step = 16;

    private const int Alignment = Step * sizeof(float);
    private readonly float[] _values;
    private readonly int _first;

    /// <summary>Takes the memory.</summary>
    public AlignedFloats(int length)
    {
        Length = length;
        _values = GC.AllocateArray<float>(checked(length + Step), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_values));
        _first = (int)((Alignment - (address % Alignment)) % Alignment) / sizeof(float);
    }

    /// <summary>Number of floats.</summary>
    public int Length { get; }

    /// <summary>The first; the reference keeps the memory alive.</summary>
    public ref float Start => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_values), _first);

    /// <summary>All of them.</summary>
    public Span<float> Span => _values.AsSpan(_first, Length);

    /// <summary>A length, rounded up to whole steps.</summary>
    public static int Padded(int length) => checked(length + Step - 1) / Step * Step;
}
