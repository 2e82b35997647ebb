namespace Legato.Sim.Tasks.Rewards;

/// <summary>One term of a reward: judges the control step just taken.</summary>
/// <remarks>May keep memory to work in: one thread at a time. Judging allocates nothing and depends on the state alone.</remarks>
public abstract class RewardTerm
{
    /// <summary>The term's value, before its weight.</summary>
    public abstract double Evaluate(TaskState state);

    /// <summary>Distance of two points in space.</summary>
    /// <param name="a">x, y, z.</param>
    /// <param name="b">x, y, z.</param>
    protected static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
        return Math.Sqrt((x * x) + (y * y) + (z * z));
    }
}
