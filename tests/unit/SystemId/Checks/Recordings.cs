using Legato.Sim;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Checks;

namespace Legato.Tests.SystemId.Checks;

/// <summary>Recordings as a run leaves them, made by rolling driven worlds out; and what can go wrong with them.</summary>
internal static class Recordings
{
    private const double Degree = Math.PI / 180, Cycle = 0.05;

    /// <summary>Some seconds of motion of some drives, seen once per control cycle.</summary>
    /// <param name="scene">The scene without parameters.</param>
    /// <param name="moves">Whether a drive moves.</param>
    /// <param name="seconds">Length.</param>
    public static RawRecording Make(PianoScene scene, Func<string, bool> moves, double seconds = 5)
    {
        SimParameters rig = SimParameters.Nominal.With("right_hand.delay", 0.02).With("left_hand.delay", 0.02).With("flexion.gain", 0.8);
        using PianoScene own = scene.With(rig);
        using var world = new DrivenWorld(own);
        var random = new GaussianNoise(7);
        int cycles = (int)(seconds / Cycle);
        double[] times = [.. Enumerable.Range(0, cycles).Select(c => c * Cycle)];
        var (targets, measured) = (new double[cycles][], new double[cycles][]);
        for (int c = 0; c < cycles; c++)
        {
            double[] reading = new double[scene.Joints.Count];
            world.World.ReadJoints(reading, []);
            measured[c] = [.. reading.Select((q, j) => q + (random.Next() * (scene.Joints.Units[j] == JointUnit.Metre ? 5e-5 : 0.1 * Degree)))];
            targets[c] = [.. scene.Actuators.Names.Select((name, a) => Target(scene, a, moves(SceneParameters.DriveName(name)), times[c]))];
            world.StepControl(targets[c]);
        }
        return new RawRecording
        {
            Name = "run",
            Actuators = scene.Actuators,
            CommandTimes = times,
            Targets = targets,
            Lateness = new double[cycles],
            Joints = scene.Joints,
            MeasuredTimes = [.. times.Select(t => t - 0.002)],
            ReadTimes = times,
            Measured = measured,
            Grade = "A",
        };
    }

    /// <summary>The same with other measured positions.</summary>
    public static RawRecording WithMeasured(this RawRecording recording, Func<double[], double[]> change) =>
        recording with { Measured = [.. recording.Measured.Select(change)] };

    /// <summary>The same without some of its states.</summary>
    public static RawRecording Without(this RawRecording recording, Func<int, bool> lost)
    {
        int[] left = [.. Enumerable.Range(0, recording.Measured.Length).Where(i => !lost(i))];
        return recording with
        {
            Measured = [.. left.Select(i => recording.Measured[i])],
            MeasuredTimes = [.. left.Select(i => recording.MeasuredTimes[i])],
            ReadTimes = [.. left.Select(i => recording.ReadTimes[i])],
        };
    }

    // Two waves with a pace and phase of the drive's own, so that no two drives move alike.
    private static double Target(PianoScene scene, int actuator, bool moves, double time)
    {
        double low = scene.ControlLow[actuator], high = scene.ControlHigh[actuator], rest = Math.Clamp(0, low, high);
        if (!moves)
            return rest;
        // Rails that rush about shake the wrists, and wrists the rails.
        bool isRail = scene.Actuators.Units[actuator] == JointUnit.Metre;
        double pace = isRail ? 0.4 + (0.07 * (actuator % 5)) : 0.5 + (0.21 * (actuator % 7)) + (0.08 * (actuator / 7));
        double wave = Math.Sin((2 * Math.PI * pace * time) + actuator) + (0.7 * Math.Sin((2 * Math.PI * 1.37 * pace * time) + (2.3 * actuator)));
        double amplitude = Math.Min(isRail ? 0.03 : double.PositiveInfinity, 0.14 * (high - low));
        return Math.Clamp((0.5 * (low + high)) + (amplitude * wave), low, high);
    }
}
