using Legato.Sim.Piano;
using Legato.Sim.Scene;

using MuJoCo;

namespace Legato.Sim.Parameters;

/// <summary>Writes parameters into a scene.</summary>
public static class SceneParameters
{
    /// <summary>
    /// A copy of the scene with the parameters. MuJoCo's model has gains, damping, friction, armature, sensor
    /// zeros (as a bias of the drive, which regulates what its sensor reads), masses and coupling of the hands, pose of the piano, springs,
    /// damping, activation and grip of the keys. Delays, play, dead bands, slew limits and the keyboard's latency act outside the model, from
    /// <see cref="PianoScene.Drives"/>. Lags of reports and jitter change nothing that moves or sounds; whoever reads a rig has them.
    /// </summary>
    /// <remarks>Values at their defaults leave the model as it is, bit for bit. What the scene does not have is passed over.</remarks>
    /// <param name="scene">A scene without parameters; it is not changed.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="seed">Draws the differences between keys.</param>
    public static PianoScene With(this PianoScene scene, SimParameters parameters, int seed = 0)
    {
        PianoScene copy = scene.Clone();
        ApplyHands(copy, parameters);
        DriveParameters[] drives = [.. copy.Actuators.Names.Select(name => parameters.Drive(DriveName(name)))];
        for (int a = 0; a < drives.Length; a++)
            ApplyDrive(copy, a, drives[a]);
        copy.Drives = copy.Drives.Plus(SceneDrives.Of([.. Enumerable.Range(0, drives.Length).Select(a => parameters[DelayOf(copy.Actuators, a)])], drives, parameters["keyboard.latency"]));
        ApplyPiano(copy.Model, parameters);
        ApplyKeys(copy, parameters, new GaussianNoise(seed));
        if (HasOtherInertia(parameters))
        {
            // Constraint weights derive from inertias.
            using var data = new MjData(copy.Model);
            data.SetConst();
        }
        return copy;
    }

    /// <summary>The drive of an actuator: its name without <c>A_</c>.</summary>
    public static string DriveName(string actuator) => actuator.Replace("A_", "", StringComparison.Ordinal);

    /// <summary>Moves the zero of a drive's sensor: adds to what the drive believes its position to be.</summary>
    /// <param name="scene">Changed in place.</param>
    /// <param name="actuator">Index into <see cref="PianoScene.Actuators"/>.</param>
    /// <param name="offset">Sensor reading less true position, rad or m.</param>
    public static void AddSensorOffset(PianoScene scene, int actuator, double offset)
    {
        int stride = scene.Model.ActuatorBiasPrm.Length / scene.Model.NU;
        if (offset != 0)
            scene.Model.ActuatorBiasPrm[actuator * stride] -= scene.ActuatorGains[actuator] * offset;
    }

    private static string DelayOf(JointLayout actuators, int actuator) =>
        actuators.Units[actuator] == JointUnit.Metre ? "rails.delay"
        : actuators.Names[actuator].StartsWith(HandSide.Right.Prefix(), StringComparison.Ordinal) ? "right_hand.delay" : "left_hand.delay";

    private static void ApplyHands(PianoScene scene, SimParameters parameters)
    {
        MjModel model = scene.Model;
        double mass = parameters["hands.mass"], friction = parameters["hands.joint_friction"];
        for (int b = 1; b < model.NBody; b++)
        {
            string? name = model.Name(MjObject.Body, b);
            if (mass == 1 || name is null || !Enum.GetValues<HandSide>().Any(side => name.StartsWith(side.Prefix(), StringComparison.Ordinal)))
                continue;
            model.BodyMass[b] *= mass;
            foreach (ref double inertia in model.BodyInertia.Slice(3 * b, 3))
                inertia *= mass;
        }
        foreach (int dof in scene.JointDofAddresses)
            model.DofFrictionLoss[dof] *= friction;
        scene.Coupling = parameters["hands.coupling"];
    }

    private static void ApplyDrive(PianoScene scene, int actuator, DriveParameters drive)
    {
        MjModel model = scene.Model;
        int stride = model.ActuatorGainPrm.Length / model.NU;
        scene.ActuatorGains[actuator] *= drive.Gain;
        model.ActuatorGainPrm[actuator * stride] *= drive.Gain;
        // A position actuator pulls with gain·(control − length): its bias holds −gain.
        model.ActuatorBiasPrm[(actuator * stride) + 1] *= drive.Gain;
        AddSensorOffset(scene, actuator, drive.Offset);
        foreach (int joint in scene.JointsOf(actuator))
        {
            int dof = scene.JointDofAddresses[joint];
            model.DofDamping[dof] *= drive.Damping;
            model.DofFrictionLoss[dof] += drive.Friction;
            model.DofArmature[dof] *= drive.Armature;
        }
    }

    private static void ApplyPiano(MjModel model, SimParameters parameters)
    {
        int piano = model.RequireId(MjObject.Body, "piano");
        Span<double> position = model.BodyPos.Slice(3 * piano, 3), quaternion = model.BodyQuat.Slice(4 * piano, 4);
        position[0] += parameters["piano.x"];
        position[1] += parameters["piano.y"];
        position[2] += parameters["piano.z"];
        double yaw = parameters["piano.yaw"];
        if (yaw == 0)
            return;
        quaternion[0] = Math.Cos(0.5 * yaw);
        quaternion[3] = Math.Sin(0.5 * yaw);
    }

    private static void ApplyKeys(PianoScene scene, SimParameters parameters, GaussianNoise noise)
    {
        MjModel model = scene.Model;
        double spread = parameters["keys.spread"];
        // The first of a geom's three coefficients is that of sliding.
        for (int g = 0; g < model.NGeom; g++)
            model.GeomFriction[3 * g] *= parameters["keys.grip"];
        foreach (PianoKey key in PianoGeometry.Keys)
        {
            int joint = model.RequireId(MjObject.Joint, key.JointName);
            int dof = model.JntDofAdr[joint];
            double stiffness = parameters["keys.stiffness"] * Math.Exp(spread * noise.Next());
            double damping = parameters["keys.damping"] * Math.Exp(spread * noise.Next());
            if (stiffness != 1)
            {
                // The spring's reference also carries the key's weight, which a softer spring must not lose.
                double weight = model.QposSpring[scene.KeyQposAddresses[key.Index]] - PianoXml.SpringReference;
                model.JntStiffness[joint] *= stiffness;
                model.QposSpring[scene.KeyQposAddresses[key.Index]] = PianoXml.SpringReference + (weight / stiffness);
            }
            model.DofDamping[dof] *= damping;

            ParameterDefinition activation = ParameterSchema.Find(key.IsBlack ? "keys.activation_black" : "keys.activation_white");
            double fraction = parameters[activation.Name];
            if (fraction != activation.Default)
                scene.KeyActivation[key.Index] = fraction * scene.KeyTravel[key.Index];
        }
    }

    private static bool HasOtherInertia(SimParameters parameters) => parameters.Differences.Any(p => p.Key == "hands.mass" || p.Key.EndsWith(".armature", StringComparison.Ordinal));
}
