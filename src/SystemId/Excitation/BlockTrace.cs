using Legato.Sim;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.SystemId.Excitation;

/// <summary>What a rig would report of a block: joint readings at 20 Hz, and when its keys went down and came up.</summary>
/// <param name="Readings">Per control step, in the order of the scene's joints; rad or m.</param>
/// <param name="Events">Per key of the block, in rising order of keys: times of its crossings of the point where it sounds, down and up by turns, s.</param>
internal sealed record BlockTrace(double[][] Readings, double[][] Events)
{
    /// <summary>Plays a block.</summary>
    /// <param name="world">A world with the parameters applied.</param>
    /// <param name="parameters">The same parameters, for zeros and lags of the reports.</param>
    /// <param name="block">What to play.</param>
    public static BlockTrace Play(DrivenWorld world, SimParameters parameters, ExcitationBlock block)
    {
        PianoScene scene = world.World.Scene;
        double timestep = scene.Model.Timestep, latency = parameters["keyboard.latency"];
        double[] zeros = JointReports.Zeros(scene, parameters), start = BlockRehearsal.JointsAt(scene, block.Targets[0]), positions = new double[zeros.Length];
        for (int j = 0; j < start.Length; j++)
            start[j] -= zeros[j];
        world.Start(start, new double[start.Length], block.Targets[0]);
        var lag = new ReportLag([.. JointReports.Lags(scene, parameters).Select(l => l / timestep)]);
        lag.Reset(start);

        int[] keys = [.. block.Keys.Order()];
        double[] depth = new double[keys.Length], sounding = [.. keys.Select(key => scene.KeyActivation[key] / scene.KeyTravel[key])];
        List<double>[] events = [.. keys.Select(_ => new List<double>())];
        var readings = new double[block.Targets.Count][];
        for (int step = 0, taken = 0; step < readings.Length; step++)
        {
            world.Send(block.Targets[step]);
            for (int s = 0; s < scene.Options.Substeps; s++, taken++)
            {
                world.Step();
                world.World.ReadJoints(positions, []);
                lag.Push(positions);
                for (int k = 0; k < keys.Length; k++)
                {
                    double now = world.World.KeyDepth(keys[k]);
                    if (now >= sounding[k] != depth[k] >= sounding[k])
                        events[k].Add(((taken + ((sounding[k] - depth[k]) / (now - depth[k]))) * timestep) + latency);
                    depth[k] = now;
                }
            }
            readings[step] = new double[positions.Length];
            lag.Read(readings[step]);
            for (int j = 0; j < zeros.Length; j++)
                readings[step][j] += zeros[j];
        }
        return new BlockTrace(readings, [.. events.Select(times => times.ToArray())]);
    }
}
