using Legato.RobotDriver;
using Legato.RobotDriver.Configuration;
using Legato.RobotDriver.Lab;
using Legato.Runtime.Loop;
using Legato.Sim.Scene;
using Legato.Tests.Processes;
using Legato.Tests.Rclcs;

namespace Legato.Tests.RobotDriver;

/// <summary>The lab's driver on the stand-in as a process of its own, over ROS 2, serial lines and MIDI.</summary>
[Collection("rig")]
public sealed class LabRobotOnStandInTests : IAsyncLifetime
{
    private const long Cycle = 50_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-standin-").FullName;
    private readonly TestDomain _domain = TestDomain.Lease();
    private RobotConfiguration _configuration = null!;
    private PianoScene _scene = null!;
    private StandInLauncher _standIn = null!;

    public async ValueTask InitializeAsync()
    {
        string file = Path.Combine(_folder, "standin.yaml");
        File.WriteAllText(file, $$"""
            name: standin
            kind: lab
            limits: simulation
            standin: {reality: {{Path.Combine(Repository.Root, "hardware/config/realities/nominal.yaml")}}}
            ros: {domain: {{_domain.Id}}}
            keyboard: {active_sensing: true}
            timeouts: {connect: 30, discovery: 0}
            """);
        _configuration = RobotConfiguration.Load(file);
        _scene = PianoScene.Build(_configuration.SceneOptions);
        _standIn = await StandInLauncher.StartAsync(
            _configuration, TimeProvider.System, [Path.Combine(AppContext.BaseDirectory, "legato")], TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _standIn.DisposeAsync();
        _scene.Dispose();
        Directory.Delete(_folder, recursive: true);
        _domain.Dispose();
    }

    [Fact]
    public async Task SettlesWhereTheSimulationSettles()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using var lab = (LabRobot)RobotFactory.Create(_configuration, _scene, new MonotonicClock(), TimeProvider.System, _standIn.Devices);
        await using var sim = new SimRobot("sim", _scene);
        await lab.ConnectAsync(cancellation);
        await sim.ConnectAsync(cancellation);

        double[] targets = Pose();
        RobotState expected = Settle(sim, targets), measured = Settle(lab, targets);

        for (int i = 0; i < expected.Positions.Length; i++)
            Assert.True(Math.Abs(expected.Positions[i] - measured.Positions[i]) < 0.01, $"{lab.Joints.Names[i]}: {expected.Positions[i]} in the simulation, {measured.Positions[i]} measured");
        Assert.Equal(0, lab.Losses.Single(loss => loss.Stream == "keyboard").Lost);
    }

    // Hands apart and bent, rails moved, no key touched.
    private double[] Pose()
    {
        double[] targets = new double[_scene.Actuators.Count];
        foreach ((string name, double position) in ((string, double)[])[("A_WRJ1", -0.3), ("A_FFJ3", 0.4), ("A_MFJ0", 0.8), ("A_THJ4", 0.5)])
        {
            targets[_scene.Actuators.Require("rh_" + name)] = position;
            targets[_scene.Actuators.Require("lh_" + name)] = 0.5 * position;
        }
        targets[_scene.Actuators.Require("rh_forearm_tx")] = 0.1;
        targets[_scene.Actuators.Require("lh_forearm_tx")] = 0.2;
        return targets;
    }

    // Commands a pose until a second has passed and nothing moves any more.
    private static RobotState Settle(IRobot robot, double[] targets)
    {
        var state = new RobotState(robot.Joints);
        long start = robot.Clock.Now, end = start + (long)Patience.TotalNanoseconds;
        bool still = false;
        for (int cycle = 1; !still || cycle < 40; cycle++)
        {
            Assert.True(robot.Clock.Now < end, "the rig never comes to rest");
            robot.Write(targets, 0);
            robot.Clock.SleepUntil(start + (cycle * Cycle));
            still = robot.TryRead(state) && state.Velocities.All(velocity => Math.Abs(velocity) < 1e-3);
        }
        return state;
    }
}
