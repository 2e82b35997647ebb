using Legato.Music;
using Legato.RobotDriver;
using Legato.RobotDriver.StandIn;
using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Keys;
using Legato.SystemId.Rollouts;

namespace Legato.Tests.SystemId.Rollouts;

/// <summary>Records motions of the stand-in's physics, which knows nothing of identification.</summary>
internal static class RecordedRig
{
    private const double ReportPeriod = 0.01;

    // Rails have good encoders: 0.2° of an angle's noise goes with 0.1 mm of theirs.
    private const double RailNoise = 0.03;

    /// <summary>Plays commands at 20 Hz and records reports at 100 Hz.</summary>
    /// <param name="scene">The scene without parameters.</param>
    /// <param name="rig">The truth.</param>
    /// <param name="seconds">Length of the record.</param>
    /// <param name="target">Target of an actuator at a time, by the name of its drive.</param>
    /// <param name="noise">Standard deviation of the angles' noise, rad.</param>
    /// <param name="seed">Seed of the noise.</param>
    public static MotionRecord Play(PianoScene scene, SimParameters rig, double seconds, Func<string, double, double> target, double noise = 0, int seed = 0) =>
        PlayKeys(scene, rig, seconds, target, noise, seed).Motion;

    /// <summary>The same with the keys that were heard.</summary>
    public static KeyRecord PlayKeys(PianoScene scene, SimParameters rig, double seconds, Func<string, double, double> target, double noise = 0, int seed = 0)
    {
        using var plant = new RigPlant(scene, Reality.Nominal with { Parameters = rig });
        var random = new GaussianNoise(seed);
        (List<double> commandTimes, List<double[]> targets, List<double> times, List<double[]> measured) = ([], [], [], []);
        var keys = new List<TimedKeyEvent>();
        double[] reading = new double[scene.Joints.Count], rates = new double[scene.Joints.Count];
        double step = scene.Model.Timestep;
        for (int k = 0; k * step < seconds; k++)
        {
            double now = k * step;
            if (k % (int)Math.Round(ReportPeriod / step) == 0)
            {
                plant.ReadJoints(reading, rates);
                times.Add(now);
                measured.Add([.. reading.Select((q, j) => q + (noise * random.Next() * (scene.Joints.Units[j] == JointUnit.Metre ? RailNoise : 1)))]);
            }
            if (k % scene.Options.Substeps == 0)
            {
                double[] command = [.. scene.Actuators.Names.Select((name, a) =>
                    Math.Clamp(target(SceneParameters.DriveName(name), now), scene.ControlLow[a], scene.ControlHigh[a]))];
                plant.Send(command);
                commandTimes.Add(now);
                targets.Add(command);
            }
            plant.Step();
            while (plant.TryReadKey(out KeyEvent key))
                keys.Add(new TimedKeyEvent((k + 1) * step, key.Key, key.Down));
        }
        return new KeyRecord(new MotionRecord(scene.Actuators, [.. commandTimes], [.. targets], scene.Joints, [.. times], [.. measured]), keys);
    }
}
