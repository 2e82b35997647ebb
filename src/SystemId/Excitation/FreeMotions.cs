using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.SystemId.Excitation;

/// <summary>Candidates for excitation in free air: chirps, steps, ramps and multi-sines of joints that move together.</summary>
/// <remarks>
/// Both hands move at once, and the fingers of a hand in phase, so that they do not meet. The motions keep the limits; whether they are clear of
/// everything is for <see cref="BlockRehearsal"/> to say. Stateless after construction; deterministic.
/// </remarks>
public sealed class FreeMotions
{
    // Of finger and wrist loops: from well below to about their bandwidth, Hz.
    private const double LowestFrequency = 0.3, HighestFrequency = 3;
    private const double Seconds = 3;
    // Over which waves fade in and out, s.
    private const double Fade = 0.4;

    // How far each wrist is raised in the rest pose, rad: fingers can bend without reaching the keys.
    private const double Raised = -0.5;

    // Joints that move together, and how far, rad or m. A mirrored one moves the other way on the left hand; mixed ones have
    // frequencies of their own.
    private static readonly Chord[] Chords =
    [
        new("flexion", Fingers("J3", 0, 1.2)),
        new("coupled", Fingers("J0", 0.1, 2.4)),
        // Fingers only open: a hand at rest has no room between them.
        new("spread", Fingers("J4", -0.33, 0, isOneSided: true)),
        new("palm", [new("LFJ5", 0, 0.6)]),
        new("thumb rotation", [new("THJ5", -0.6, 0.6)]),
        new("thumb opposition", [new("THJ4", 0, 1)]),
        new("thumb hub", [new("THJ3", -0.18, 0.18)]),
        new("thumb middle", [new("THJ2", -0.5, 0.5)]),
        new("thumb tip", [new("THJ1", 0, 1.2)]),
        new("thumb", [new("THJ5", -0.5, 0.5), new("THJ4", 0.1, 0.9), new("THJ3", -0.15, 0.15), new("THJ2", -0.4, 0.4), new("THJ1", 0.1, 1)], IsMixed: true),
        new("wrist pitch", [new("WRJ1", -0.65, -0.25)]),
        new("wrist yaw", [new("WRJ2", -0.4, 0.15)]),
        new("wrist", [new("WRJ1", -0.6, -0.3), new("WRJ2", -0.35, 0.1)], IsMixed: true),
        new("fingers", [.. Fingers("J3", 0.1, 1), .. Fingers("J0", 0.2, 1.8)], IsMixed: true),
        new("hands", [.. Fingers("J3", 0, 0.8), .. Fingers("J0", 0.1, 1.2), new("THJ4", 0, 0.5), new("THJ1", 0, 0.6), new("WRJ1", -0.65, -0.35), new("WRJ2", -0.35, 0.1), new("forearm_tx", -0.15, 0.15), new("forearm_ty", 0, 0.05)], IsMixed: true),
        new("palms", [.. Fingers("J4", -0.3, 0, isOneSided: true), new("LFJ5", 0, 0.4), new("THJ5", -0.4, 0.3), new("THJ3", -0.15, 0.15), new("THJ2", -0.4, 0.3), new("WRJ1", -0.65, -0.35), new("WRJ2", -0.35, 0.1), new("forearm_tx", -0.15, 0.15), new("forearm_ty", 0, 0.05)], IsMixed: true),
        new("rails", [new("forearm_tx", -0.15, 0.15), new("forearm_ty", 0, 0.05)], IsMixed: true),
        new("rails apart", [new("forearm_tx", 0, 0.3, IsMirrored: true)]),
        new("rails in depth", [new("forearm_ty", 0, 0.06)]),
    ];

    private readonly ExcitationLimits _limits;
    private readonly double[] _rest;

    /// <summary>Prepares the motions of a rig.</summary>
    /// <param name="limits">What they keep.</param>
    public FreeMotions(ExcitationLimits limits)
    {
        _limits = limits;
        _rest = RestPose(limits);
    }

    /// <summary>The pose that blocks begin and end in: hands open and raised at the wrist, carriages in their middle.</summary>
    public static double[] RestPose(ExcitationLimits limits) =>
        [.. limits.Actuators.Names.Select((name, i) => Math.Clamp(JointOf(name) == "WRJ1" ? Raised : 0, limits.Lower[i], limits.Upper[i]))];

    /// <summary>All candidates, each with its full size.</summary>
    public IReadOnlyList<ExcitationBlock> Create() =>
    [
        .. Chords.Where(chord => PartsOf(chord).Length > 0)
            .SelectMany(chord => (ExcitationBlock[])(chord.IsMixed ? [Multisine(chord), Steps(chord)] : [Chirp(chord), Steps(chord), Ramp(chord)])),
    ];

    /// <summary>A random motion of all joints within the ranges of the candidates, to compare with.</summary>
    /// <param name="seed">The same seed gives the same motion.</param>
    public ExcitationBlock Random(int seed)
    {
        var noise = new GaussianNoise(seed);
        Part[] parts = [.. Chords.Where(chord => chord.Name != "rails apart").SelectMany(PartsOf).DistinctBy(p => p.Actuator)];
        var builder = new BlockBuilder(_limits, _rest);
        for (int move = 0; move < 5; move++)
        {
            double[] pose = [.. _rest];
            foreach (Part part in parts)
                pose[part.Actuator] = part.Low + (noise.NextUniform() * (part.High - part.Low));
            builder.MoveTo(pose);
        }
        return builder.Build("random", ExcitationKind.Random);
    }

    private ExcitationBlock Chirp(Chord chord)
    {
        Part[] parts = PartsOf(chord);
        Dictionary<int, Part> own = parts.ToDictionary(p => p.Actuator);
        return new BlockBuilder(_limits, _rest).MoveTo(Pose(parts, 0)).Wave(Seconds, (i, t) =>
        {
            if (!own.TryGetValue(i, out Part? part))
                return 0;
            double frequency = LowestFrequency + ((HighestFrequency - LowestFrequency) * t / Seconds);
            double phase = 2 * Math.PI * t * (LowestFrequency + (0.5 * (HighestFrequency - LowestFrequency) * t / Seconds));
            return Faded(t, Amplitude(part, frequency, 1)) * Math.Sin(phase);
        }).Build($"{chord.Name} chirp", ExcitationKind.Chirp);
    }

    private ExcitationBlock Multisine(Chord chord)
    {
        // Frequencies without small common multiples; joints of a kind share one.
        double[] frequencies = [0.55, 1.05, 1.45, 1.95, 2.35, 0.75, 1.25, 1.7, 2.15];
        Part[] parts = PartsOf(chord);
        string[] kinds = KindsOf(parts);
        Dictionary<int, Part> own = parts.ToDictionary(p => p.Actuator);
        return new BlockBuilder(_limits, _rest).MoveTo(Pose(parts, 0)).Wave(Seconds, (i, t) =>
        {
            if (!own.TryGetValue(i, out Part? part))
                return 0;
            int first = Array.IndexOf(kinds, KindOf(part));
            double low = frequencies[first % frequencies.Length], high = frequencies[(first + 2) % frequencies.Length];
            return Faded(t, (Amplitude(part, low, 2) * Math.Sin(2 * Math.PI * low * t)) + (Amplitude(part, high, 2) * Math.Sin(2 * Math.PI * high * t)));
        }).Build($"{chord.Name} multisine", ExcitationKind.Multisine);
    }

    private ExcitationBlock Steps(Chord chord)
    {
        Part[] parts = PartsOf(chord);
        string[] kinds = KindsOf(parts);
        var builder = new BlockBuilder(_limits, _rest).MoveTo(Pose(parts, 0));
        double[] levels = [1, -1, 0.5, -0.5, 1, -0.5, 0];
        for (int k = 0; k < levels.Length; k++)
        {
            double[] pose = Pose(parts, 0);
            // As far as the limits of speed allow within three control steps; kinds of joints change sides at different steps, as Walsh's functions do.
            foreach (Part p in parts)
            {
                int sign = int.IsEvenInteger(System.Numerics.BitOperations.PopCount((uint)(k & Array.IndexOf(kinds, KindOf(p))))) ? 1 : -1;
                pose[p.Actuator] += sign * levels[k] * Math.Min(p.Half, 0.06 * _limits.Velocity[p.Actuator]);
            }
            builder.RampTo(pose).Hold(0.25);
        }
        return builder.Build($"{chord.Name} steps", ExcitationKind.Steps);
    }

    private ExcitationBlock Ramp(Chord chord)
    {
        // To the ends of travel where there is nothing in the way: only there shows the zero of a sensor.
        Part[] parts = [.. PartsOf(chord).Select(p => _limits.Actuators.Units[p.Actuator] == JointUnit.Metre ? p
            : p with { Low = _limits.Lower[p.Actuator], High = p.IsOneSided ? p.High : _limits.Upper[p.Actuator] })];
        return new BlockBuilder(_limits, _rest)
            .RampTo(Pose(parts, 1), 1).Hold(0.15).RampTo(Pose(parts, -1), 1.6).Hold(0.15)
            .Build($"{chord.Name} ramp", ExcitationKind.Ramp);
    }

    // The largest wave of a frequency that its range and a share of the limits allow, if it is one of several.
    private double Amplitude(Part part, double frequency, int waves)
    {
        double omega = 2 * Math.PI * frequency;
        double rate = 0.75 * _limits.Velocity[part.Actuator] / omega, change = 0.6 * _limits.Acceleration[part.Actuator] / (omega * omega);
        return Math.Min(part.Half, Math.Min(rate, change)) / waves;
    }

    private static double Faded(double t, double value)
    {
        double x = Math.Clamp(Math.Min(t, Seconds - t) / Fade, 0, 1);
        return x * x * (3 - (2 * x)) * value;
    }

    // Rest with the parts at a level of their range: −1 low, 0 middle, 1 high.
    private double[] Pose(Part[] parts, double level)
    {
        double[] pose = [.. _rest];
        foreach (Part p in parts)
            pose[p.Actuator] = (0.5 * (p.Low + p.High)) + (level * p.Half);
        return pose;
    }

    private static string[] KindsOf(Part[] parts) => [.. parts.Select(KindOf).Distinct()];

    // The same joint of different fingers is of one kind: J3, say. Thumb and wrist have their own.
    private static string KindOf(Part part) => part.Joint[..2] is "TH" or "WR" ? part.Joint : part.Joint[^2..];

    private Part[] PartsOf(Chord chord)
    {
        var parts = new List<Part>();
        for (int i = 0; i < _limits.Actuators.Count; i++)
        {
            string name = JointOf(_limits.Actuators.Names[i]);
            if (chord.Parts.FirstOrDefault(m => m.Joint == name) is not { } move)
                continue;
            bool isTurned = move.IsMirrored && _limits.Actuators.Names[i].StartsWith(HandSide.Left.Prefix(), StringComparison.Ordinal);
            (double low, double high) = isTurned ? (-move.High, -move.Low) : (move.Low, move.High);
            parts.Add(new Part(i, name, Math.Clamp(low, _limits.Lower[i], _limits.Upper[i]), Math.Clamp(high, _limits.Lower[i], _limits.Upper[i]), move.IsOneSided));
        }
        return [.. parts];
    }

    private static Move[] Fingers(string joint, double low, double high, bool isOneSided = false) =>
        [.. ((string[])["FF", "MF", "RF", "LF"]).Select(finger => new Move(finger + joint, low, high) { IsOneSided = isOneSided })];

    private static string JointOf(string actuator)
    {
        string drive = SceneParameters.DriveName(actuator);
        return drive[(drive.IndexOf('_', StringComparison.Ordinal) + 1)..];
    }

    private sealed record Move(string Joint, double Low, double High, bool IsMirrored = false)
    {
        // Ramps keep within the upper end of the range, too.
        public bool IsOneSided { get; init; }
    }

    private sealed record Chord(string Name, Move[] Parts, bool IsMixed = false);

    private sealed record Part(int Actuator, string Joint, double Low, double High, bool IsOneSided)
    {
        public double Half => 0.5 * (High - Low);
    }
}
