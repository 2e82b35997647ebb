using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

using Legato.Sim.Piano;

using MuJoCo;

namespace Legato.Sim.Scene;

/// <summary>
/// A compiled scene: MuJoCo's model, the layouts of its actuators and joints, and where everything stands in its arrays.
/// </summary>
/// <remarks>
/// Shared read-only by any number of <see cref="World.PianoWorld"/>s on any threads; dispose it after the last of them.
/// Actuators: right hand (wrist, thumb, first to little finger, carriage), then left, as RoboPianist orders its actions.
/// Joints: as RoboPianist's <c>joints_pos</c> (wrist, first to little finger, thumb, carriage), right hand first.
/// </remarks>
public sealed class PianoScene : IDisposable
{
    private static readonly string[] FingerNames = ["th", "ff", "mf", "rf", "lf"];

    // Every key's bounding sphere meets those of a dozen others' fingers.
    static PianoScene() => MjCollisions.SkipsSeparatedPairs = true;

    private PianoScene(SceneOptions options, MjModel model)
    {
        Options = options;
        Model = model;

        int actuators = model.NU;
        var names = new string[actuators];
        ControlLow = new double[actuators];
        ControlHigh = new double[actuators];
        ActuatorGains = new double[actuators];
        Drives = SceneDrives.Ideal(actuators);
        for (int i = 0; i < actuators; i++)
        {
            names[i] = model.Name(MjObject.Actuator, i)!;
            ControlLow[i] = model.ActuatorCtrlRange[2 * i];
            ControlHigh[i] = model.ActuatorCtrlRange[(2 * i) + 1];
            ActuatorGains[i] = model.ActuatorGainPrm[i * (model.ActuatorGainPrm.Length / actuators)];
        }
        Actuators = LayoutOf(names);

        string[] joints = [.. JointNames(HandSide.Right), .. JointNames(HandSide.Left)];
        joints = [.. joints.Where(j => model.Id(MjObject.Joint, j) >= 0)];
        Joints = LayoutOf(joints);
        JointIds = [.. joints.Select(j => model.RequireId(MjObject.Joint, j))];
        JointQposAddresses = [.. JointIds.Select(j => Model.JntQposAdr[j])];
        JointDofAddresses = [.. JointIds.Select(j => Model.JntDofAdr[j])];

        KeyQposAddresses = new int[PianoGeometry.KeyCount];
        KeyActivation = new double[PianoGeometry.KeyCount];
        KeyTravel = new double[PianoGeometry.KeyCount];
        foreach (PianoKey key in PianoGeometry.Keys)
        {
            int joint = model.RequireId(MjObject.Joint, key.JointName);
            KeyQposAddresses[key.Index] = Model.JntQposAdr[joint];
            KeyTravel[key.Index] = Model.JntRange[(2 * joint) + 1];
            KeyActivation[key.Index] = KeyTravel[key.Index] - PianoGeometry.ActivationTolerance;
        }

        Fingers = [.. FindFingers(HandSide.Right), .. FindFingers(HandSide.Left)];
    }

    /// <summary>What the scene was built from.</summary>
    public SceneOptions Options { get; }

    /// <summary>MuJoCo's model.</summary>
    public MjModel Model { get; }

    /// <summary>Order and units of a command: position targets, without the pedal.</summary>
    public JointLayout Actuators { get; }

    /// <summary>Order and units of a joint state.</summary>
    public JointLayout Joints { get; }

    /// <summary>Lower end of each actuator's control range (rad or m).</summary>
    public double[] ControlLow { get; }

    /// <summary>Upper end of each actuator's control range (rad or m).</summary>
    public double[] ControlHigh { get; }

    /// <summary>Position gain of each actuator (N·m/rad or N/m).</summary>
    public double[] ActuatorGains { get; }

    /// <summary>How stiffly the tip joint (J1) of a coupled finger waits until the middle one (J2) is at its end, N·m/rad; 0 leaves the share to damping and friction.</summary>
    public double Coupling { get; internal set; }

    /// <summary>What the rig's parameters put before the actuators and behind the keys.</summary>
    public SceneDrives Drives { get; internal set; }

    /// <summary>MuJoCo's joint id for each entry of <see cref="Joints"/>.</summary>
    public int[] JointIds { get; }

    /// <summary>Address in <c>qpos</c> for each entry of <see cref="Joints"/>.</summary>
    public int[] JointQposAddresses { get; }

    /// <summary>Address in <c>qvel</c> for each entry of <see cref="Joints"/>.</summary>
    public int[] JointDofAddresses { get; }

    /// <summary>Address in <c>qpos</c> of each key.</summary>
    public int[] KeyQposAddresses { get; }

    /// <summary>Angle from which a key counts as pressed, rad.</summary>
    public double[] KeyActivation { get; }

    /// <summary>Angle of each key's stop, rad.</summary>
    public double[] KeyTravel { get; }

    /// <summary>The fingers: right thumb to little finger, then left.</summary>
    public IReadOnlyList<FingerSite> Fingers { get; }

    /// <summary>The layout of actuators or joints of the rig, by their names: carriages in metres, everything else in radians.</summary>
    /// <exception cref="ArgumentException">A name is empty or stands twice.</exception>
    public static JointLayout LayoutOf(IReadOnlyList<string> names) => new(names, names.Select(UnitOf));

    /// <summary>Builds and compiles a scene.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static PianoScene Build(SceneOptions options) => new(options, MjModel.FromXmlString(SceneXml.Build(options).ToString()));

    /// <summary>The same scene with its own copy of the model, for a change of parameters.</summary>
    public PianoScene Clone() => Copy(Options);

    /// <summary>The same scene and parameters with another set of contacts.</summary>
    public PianoScene WithContacts(ContactSet contacts)
    {
        PianoScene scene = Copy(Options with { Contacts = contacts });
        if (contacts == ContactSet.None)
            scene.Model.DisableFlags |= MjDisableFlags.Contact;
        else
            scene.Model.DisableFlags &= ~MjDisableFlags.Contact;
        int affinity = contacts == ContactSet.Full ? 1 : 0;
        for (int g = 0; g < scene.Model.NGeom; g++)
        {
            // Hands have contact type 1, the piano 0: only hands can be told to ignore each other.
            if (scene.Model.GeomContype[g] == 1)
                scene.Model.GeomConaffinity[g] = affinity;
        }
        return scene;
    }

    /// <summary>Angle at which the middle joint of a coupled finger (J2) is at its end, rad.</summary>
    private const double EndOfJ2 = Math.PI / 2;

    /// <summary>What a joint behind a J0 tendon has of the sum of both: half, or, coupled, J2 all up to its end and J1 what is left.</summary>
    /// <param name="sum">J1 + J2, rad.</param>
    /// <returns>Angles of J2 and of J1, rad.</returns>
    public (double Middle, double Tip) ShareOf(double sum)
    {
        double middle = Coupling > 0 ? Math.Min(sum, EndOfJ2) : 0.5 * sum;
        return (middle, sum - middle);
    }

    /// <summary>How much of a change of the sum J2 and J1 take: the derivatives of <see cref="ShareOf"/>.</summary>
    /// <param name="sum">J1 + J2, rad.</param>
    public (double Middle, double Tip) SlopesAt(double sum) => Coupling == 0 ? (0.5, 0.5) : sum < EndOfJ2 ? (1, 0) : (0, 1);

    /// <summary>The joints that one actuator drives: one, or two behind a J0 tendon. Indices into <see cref="Joints"/>.</summary>
    public IReadOnlyList<int> JointsOf(int actuator)
    {
        string name = Actuators.Names[actuator].Replace("A_", "", StringComparison.Ordinal);
        return name.EndsWith("J0", StringComparison.Ordinal)
            ? [Joints.Require(name[..^1] + "2"), Joints.Require(name[..^1] + "1")]
            : [Joints.Require(name)];
    }

    /// <summary>A hash of everything that a simulation of this scene depends on: equal scenes have equal ones.</summary>
    public string ContentHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Model.Save());
        hash.AppendData(Encoding.UTF8.GetBytes(Options.ToString()));
        foreach (ReadOnlySpan<double> values in (ReadOnlySpan<double[]>)[KeyActivation, [Coupling, Drives.KeyLatency], Drives.Delay.ToArray(), Drives.Offset.ToArray(), Drives.Backlash.ToArray(), Drives.Deadband.ToArray(), Drives.Slew.ToArray()])
            hash.AppendData(MemoryMarshal.AsBytes(values));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private PianoScene Copy(SceneOptions options)
    {
        PianoScene copy = new(options, Model.Clone());
        // What MuJoCo's model does not hold.
        KeyActivation.CopyTo(copy.KeyActivation, 0);
        copy.Coupling = Coupling;
        copy.Drives = Drives;
        return copy;
    }

    private static IEnumerable<string> JointNames(HandSide side)
    {
        string p = side.Prefix();
        yield return p + "WRJ2";
        yield return p + "WRJ1";
        foreach (string finger in (string[])["FF", "MF", "RF", "LF"])
        {
            for (int j = finger == "LF" ? 5 : 4; j >= 1; j--)
                yield return $"{p}{finger}J{j}";
        }
        for (int j = 5; j >= 1; j--)
            yield return $"{p}THJ{j}";
        yield return p + "forearm_tx";
        yield return p + "forearm_ty";
    }

    private static JointUnit UnitOf(string name) => name.Contains("forearm_t", StringComparison.Ordinal) ? JointUnit.Metre : JointUnit.Radian;

    private IEnumerable<FingerSite> FindFingers(HandSide side)
    {
        for (int f = 0; f < FingerNames.Length; f++)
        {
            int site = Model.Id(MjObject.Site, $"{side.Prefix()}{FingerNames[f]}tip");
            if (site >= 0)
                yield return new FingerSite(side, f, site, Model.SiteBodyId[site]);
        }
    }
}

/// <summary>A fingertip of the scene.</summary>
/// <param name="Side">Which hand.</param>
/// <param name="Digit">0 thumb, 1 first, 2 middle, 3 ring, 4 little finger.</param>
/// <param name="Site">MuJoCo's site id of the tip.</param>
/// <param name="Body">MuJoCo's body id of the distal link.</param>
public sealed record FingerSite(HandSide Side, int Digit, int Site, int Body)
{
    /// <summary>The finger as scores count them: 0..4 right thumb to little finger, 5..9 left.</summary>
    public int Part => ((int)Side * 5) + Digit;

    /// <summary>How the names of the finger's joints and drives begin: <c>rh_FF</c>.</summary>
    public string DrivePrefix => Side.Prefix() + DigitName;

    /// <summary>The finger as names have it: <c>TH</c>, <c>FF</c>, <c>MF</c>, <c>RF</c>, <c>LF</c>.</summary>
    public string DigitName => Digit switch { 0 => "TH", 1 => "FF", 2 => "MF", 3 => "RF", _ => "LF" };
}
