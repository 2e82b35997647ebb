namespace Legato.Sim.Piano;

/// <summary>The 88-key piano of RoboPianist: sizes and places of the keys (metres, world frame).</summary>
/// <remarks>
/// World frame: z up, +y towards the high notes, the player sits at +x and looks along −x.
/// Source: RoboPianist v1.0.10, <c>models/piano/piano_constants.py</c> and <c>piano_mjcf.py</c>.
/// </remarks>
public static class PianoGeometry
{
    /// <summary>Number of keys, A0 to C8.</summary>
    public const int KeyCount = 88;

    /// <summary>MIDI note number of key 0.</summary>
    public const int LowestMidiNote = 21;

    /// <summary>Width of the keyboard along y: 52 white keys and 51 gaps of 1 mm.</summary>
    public const double KeyboardWidth = (52 * WhiteWidth) + (51 * WhiteGap);

    /// <summary>A key counts as pressed within this angle of its stop (rad): 0.5°.</summary>
    public const double ActivationTolerance = 0.00872665;

    private const double WhiteWidth = 0.0225;
    private const double WhiteGap = 0.001;
    private const double WhitePitch = WhiteWidth + WhiteGap;

    // Which of the twelve semitones from A upwards are black.
    private static ReadOnlySpan<bool> BlackFromA => [false, true, false, false, true, false, true, false, false, true, false, true];

    /// <summary>Sizes and joint of white keys.</summary>
    public static KeyShape White { get; } = new(Length: 0.15, Width: WhiteWidth, Height: 0.0225, X: 0, Z: 0.01125, Mass: 0.04, TipTravel: 0.010);

    /// <summary>Sizes and joint of black keys.</summary>
    public static KeyShape Black { get; } = new(Length: 0.09, Width: 0.01, Height: 0.018, X: -0.03, Z: 0.026, Mass: 0.02, TipTravel: 0.008);

    /// <summary>The keys in order, 0 (A0) to 87 (C8).</summary>
    public static IReadOnlyList<PianoKey> Keys { get; } = Build();

    private static PianoKey[] Build()
    {
        var keys = new PianoKey[KeyCount];
        int white = 0;
        for (int i = 0; i < KeyCount; i++)
        {
            if (!BlackFromA[i % 12])
            {
                keys[i] = new PianoKey(i, false, (-0.5 * KeyboardWidth) + (0.5 * WhiteWidth) + (WhitePitch * white));
                white++;
                continue;
            }
            // The lone A#0 sits in the middle of its gap; RoboPianist places all others half a gap further right.
            double y = (-0.5 * KeyboardWidth) + (WhitePitch * white) - (i == 1 ? 0.5 * WhiteGap : 0);
            keys[i] = new PianoKey(i, true, y);
        }
        return keys;
    }
}

/// <summary>Shape of a key. Lengths in metres, mass in kilograms.</summary>
/// <param name="Length">Along x.</param>
/// <param name="Width">Along y.</param>
/// <param name="Height">Along z.</param>
/// <param name="X">Centre at rest.</param>
/// <param name="Z">Centre at rest.</param>
/// <param name="Mass">Mass of the uniform box.</param>
/// <param name="TipTravel">How far the front edge goes down.</param>
public sealed record KeyShape(double Length, double Width, double Height, double X, double Z, double Mass, double TipTravel)
{
    /// <summary>Angle of the stop, rad.</summary>
    public double MaxAngle { get; } = Math.Atan(TipTravel / Length);

    /// <summary>Height of the upper surface at rest, m.</summary>
    public double Top => Z + (0.5 * Height);

    /// <summary>The hinge at the back end, x in the world, m.</summary>
    public double HingeX => X - (0.5 * Length);
}

/// <summary>One key.</summary>
/// <param name="Index">0..87; MIDI note − 21.</param>
/// <param name="IsBlack">Black or white.</param>
/// <param name="Y">Centre along the keyboard, m.</param>
public sealed record PianoKey(int Index, bool IsBlack, double Y)
{
    /// <summary>Shape shared by all keys of the colour.</summary>
    public KeyShape Shape => IsBlack ? PianoGeometry.Black : PianoGeometry.White;

    /// <summary>Name of the key's joint in the scene.</summary>
    public string JointName => (IsBlack ? "black_joint_" : "white_joint_") + Index;

    /// <summary>Name of the key's body in the scene.</summary>
    public string BodyName => (IsBlack ? "black_key_" : "white_key_") + Index;
}
