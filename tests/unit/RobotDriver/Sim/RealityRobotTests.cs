using Legato.RobotDriver;
using Legato.RobotDriver.StandIn;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Tests.RobotDriver;

public sealed class RealityRobotTests
{
    private const long Period = 50_000_000;

    private static readonly Reality Truth = new()
    {
        Seed = 5,
        Parameters = SimParameters.Nominal.With("right_hand.delay", 0.013).With("flexion.gain", 0.8),
        Effects = new RealityEffects { ReportFilter = 0.05, ReportNoise = 1, ReportQuantisation = true, CommandJitter = 0.002, CalibrationSpread = 0.01 },
    };

    [Fact]
    public async Task ItHasTheBitsOfTheStandInsPhysicsAndRepeatsThem()
    {
        var options = new SceneOptions();
        await using var robot = new RealityRobot("reality", options, Truth);
        using PianoScene scene = PianoScene.Build(options with { Timestep = StandInProcess.Timestep });
        using var plant = new RigPlant(scene, Truth);
        var state = new RobotState(robot.Joints);
        var first = new List<double[]>();
        for (int round = 0; round < 2; round++)
        {
            await robot.ConnectAsync(TestContext.Current.CancellationToken);
            for (int cycle = 1; cycle <= 8; cycle++)
            {
                double[] targets = Targets(robot, cycle);
                robot.Write(targets, 0);
                robot.Clock.SleepUntil(cycle * Period);
                Assert.True(robot.TryRead(state));
                Assert.Equal(cycle * Period, state.Stamp);
                if (round == 1)
                {
                    Assert.Equal(first[cycle - 1], state.Positions);
                    continue;
                }
                first.Add([.. state.Positions]);
                plant.Send(targets);
                while (plant.Now < cycle * Period)
                    plant.Step();
                double[] positions = new double[robot.Joints.Count], velocities = new double[robot.Joints.Count];
                plant.ReadJoints(positions, velocities);
                Assert.Equal(positions, state.Positions);
                Assert.Equal(velocities, state.Velocities);
            }
        }
    }

    [Fact]
    public async Task ARunsSeedChangesWhatHappensToTheRigAndNotTheRig()
    {
        Reality silent = Truth with { Effects = Truth.Effects with { ReportNoise = 0, CommandJitter = 0 } };
        Assert.Equal(await PlayAsync(silent with { RunSeed = 1 }), await PlayAsync(silent with { RunSeed = 2 }));
        Assert.NotEqual(await PlayAsync(silent), await PlayAsync(silent with { Seed = 6 }));
        Assert.Equal(await PlayAsync(Truth with { RunSeed = 1 }), await PlayAsync(Truth with { RunSeed = 1 }));
        Assert.NotEqual(await PlayAsync(Truth with { RunSeed = 1 }), await PlayAsync(Truth with { RunSeed = 2 }));
    }

    [Fact]
    public async Task WithoutTimePassingThereIsNothingNew()
    {
        await using var robot = new RealityRobot("reality", new SceneOptions(), Reality.Nominal);
        await robot.ConnectAsync(TestContext.Current.CancellationToken);
        var state = new RobotState(robot.Joints);
        Assert.True(robot.TryRead(state));
        Assert.False(robot.TryRead(state));
        Assert.False(robot.TryReadKey(out _));
        Assert.Throws<ArgumentException>(() => robot.Write([0], 0));
    }

    private static async Task<double[]> PlayAsync(Reality reality)
    {
        await using var robot = new RealityRobot("reality", new SceneOptions(), reality);
        await robot.ConnectAsync(TestContext.Current.CancellationToken);
        var state = new RobotState(robot.Joints);
        for (int cycle = 1; cycle <= 4; cycle++)
        {
            robot.Write(Targets(robot, cycle), 0);
            robot.Clock.SleepUntil(cycle * Period);
        }
        Assert.True(robot.TryRead(state));
        return [.. state.Positions];
    }

    // Different at every cycle and joint, within reach.
    private static double[] Targets(RealityRobot robot, int cycle) =>
        [.. Enumerable.Range(0, robot.Actuators.Count).Select(a => 0.02 * Math.Sin((0.7 * cycle) + a))];
}
