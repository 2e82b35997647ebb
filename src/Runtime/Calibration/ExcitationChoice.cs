using Legato.Sim.Parameters;

namespace Legato.Runtime.Calibration;

/// <summary>Which parameters excitation is planned for.</summary>
public static class ExcitationChoice
{
    /// <summary>What identification usually fits: all groups of drives, delays, the piano, its keys.</summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        .. ((string[])["wrist", "thumb", "spread", "flexion", "coupled"]).SelectMany(group =>
            ((string[])["gain", "damping", "friction", "offset", "backlash"]).Select(key => $"{group}.{key}")),
        "rails.gain", "rails.damping", "rails.friction", "rails.delay",
        "right_hand.delay", "left_hand.delay",
        "piano.x", "piano.y", "piano.z", "piano.yaw",
        "keys.stiffness", "keys.damping", "keys.activation_white", "keys.activation_black",
        "keyboard.latency",
    ];

    /// <summary>Names of parameters from words on the command line: parameters (<c>piano.z</c>) or whole sections (<c>flexion</c>, <c>rh_FFJ3</c>).</summary>
    /// <param name="words">The words; none stands for <see cref="Default"/>.</param>
    /// <exception cref="InputException">A word is neither.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyCollection<string> words) =>
        words.Count == 0 ? Default : [.. words.SelectMany(Expand).Distinct()];

    private static IEnumerable<string> Expand(string word)
    {
        if (word.Contains('.', StringComparison.Ordinal))
            return [ParameterSchema.Find(word).Name];
        string[] section = [.. ParameterSchema.Definitions.Where(d => d.Section == word).Select(d => d.Name)];
        return section.Length > 0
            ? section
            : throw new InputException($"--parameters {word}: no parameter and no section of that name; they are listed in docs/parameters.md, for example 'flexion', 'rh_FFJ3.gain' or 'piano'");
    }
}
