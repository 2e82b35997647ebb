namespace Legato.Sim.Parameters;

/// <summary>Normally distributed numbers from a seed; the same on every machine and run.</summary>
/// <remarks>One thread at a time. Drawing allocates nothing.</remarks>
/// <param name="seed">Any number.</param>
public sealed class GaussianNoise(int seed)
{
    // The seeded algorithm of Random is fixed for compatibility.
    private readonly Random _random = new(seed);

    /// <summary>The next number, mean 0 and standard deviation 1 (Box and Muller's transform).</summary>
    public double Next()
    {
        // 1 − u is in (0, 1], where the logarithm is finite.
        double radius = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()));
        return radius * Math.Cos(2 * Math.PI * _random.NextDouble());
    }

    /// <summary>The next number from 0 (inclusive) to 1 (exclusive), all equally likely.</summary>
    public double NextUniform() => _random.NextDouble();
}
