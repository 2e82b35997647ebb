using System.Numerics;

namespace Legato.Runtime.Cli.Verbs;

/// <summary>Numbers of options that are out of range, refused in one line. Stateless.</summary>
internal static class OptionRange
{
    /// <summary>The value.</summary>
    /// <param name="option">The option, with its dashes.</param>
    /// <param name="value">What was given.</param>
    /// <param name="least">Smallest value allowed.</param>
    /// <param name="most">Largest value allowed.</param>
    /// <exception cref="InputException">It is outside.</exception>
    public static T Of<T>(string option, T value, T least, T most)
        where T : INumber<T> =>
        value >= least && value <= most ? value : throw new InputException(FormattableString.Invariant($"{option} {value}: must be {least}..{most}"));

    /// <summary>Refuses what no reality can be drawn from.</summary>
    /// <param name="seed">0 or more.</param>
    /// <param name="severity">0 to 1.</param>
    /// <exception cref="InputException">One is outside.</exception>
    public static void RequireDrawable(int seed, double severity)
    {
        if (seed < 0)
            throw new InputException($"--seed {seed}: must be 0 or more");
        if (severity is not (>= 0 and <= 1))
            throw new InputException(FormattableString.Invariant($"--severity {severity}: must be within 0..1"));
    }
}
