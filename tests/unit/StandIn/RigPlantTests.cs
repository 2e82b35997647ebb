using Legato.RobotDriver;
using Legato.RobotDriver.StandIn;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.World;
using Legato.Tests.Sim.Parameters;

namespace Legato.Tests.StandIn;

/// <summary>One effect at a time, on the physics alone.</summary>
public sealed class RigPlantTests : IDisposable
{
    private const double Timestep = 0.001;

    private readonly PianoScene _scene = PianoScene.Build(new SceneOptions { Timestep = Timestep });

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void TheNominalRealityGivesTheSimulatorsBits()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using var world = new PianoWorld(scene);
        using var plant = new RigPlant(scene, Reality.Nominal);
        var random = new Random(5);
        double[] targets = new double[scene.Actuators.Count], positions = new double[scene.Joints.Count], velocities = new double[scene.Joints.Count];
        double[] reported = new double[scene.Joints.Count], rates = new double[scene.Joints.Count], state = new double[world.Data.StateSize], other = new double[world.Data.StateSize];
        int keys = 0;
        for (int control = 0; control < 60; control++)
        {
            for (int a = 0; a < targets.Length; a++)
                targets[a] = scene.ControlLow[a] + (random.NextDouble() * (scene.ControlHigh[a] - scene.ControlLow[a]));
            world.SetTargets(targets);
            plant.Send(targets);
            for (int step = 0; step < scene.Options.Substeps; step++)
            {
                world.Step();
                plant.Step();
                while (plant.TryReadKey(out KeyEvent key))
                {
                    keys++;
                    Assert.Equal(key.Down, world.KeysDown[key.Key]);
                }
            }
            world.Data.GetState(state);
            plant.World.Data.GetState(other);
            Assert.Equal(state, other);
            world.ReadJoints(positions, velocities);
            plant.ReadJoints(reported, rates);
            Assert.Equal(positions, reported);
            Assert.Equal(velocities, rates);
        }
        Assert.True(keys > 0);
    }

    [Theory]
    [InlineData("mild")]
    [InlineData("hard")]
    [InlineData("shadow_like")]
    public void ARealityRepeatsItselfBitForBitAndAnotherSeedDoesNot(string name)
    {
        Reality reality = Reality.Load(ParameterSchemaTests.RepositoryFile($"hardware/config/realities/{name}.yaml"));
        double[] one = Play(reality), again = Play(reality), other = Play(reality with { Seed = reality.Seed + 1 });
        Assert.Equal(one, again);
        Assert.NotEqual(one, other);
        Assert.All(one, value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void SteppingAllocatesNothing()
    {
        Reality everything = Reality.Load(ParameterSchemaTests.RepositoryFile("hardware/config/realities/hard.yaml"));
        using var plant = new RigPlant(_scene, everything with { Effects = everything.Effects with { DropoutsPerMinute = 60 } });
        double[] targets = new double[_scene.Actuators.Count], positions = new double[_scene.Joints.Count], velocities = new double[_scene.Joints.Count];
        Assert.Equal(0, Allocations.Fewest(() => Run(1500)));

        void Run(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                targets.AsSpan().Fill(0.3 * Math.Sin(0.01 * i));
                plant.Send(targets);
                plant.Step();
                plant.ReadJoints(positions, velocities);
                while (plant.TryReadKey(out _))
                    continue;
            }
        }
    }

    [Fact]
    public void ADelayIsADelayOfEverythingThatFollows()
    {
        double[] prompt = Respond(Reality.Nominal, 200), late = Respond(With("right_hand.delay", 0.05), 200);
        Assert.Equal(0, late[49]);
        for (int i = 0; i < 150; i++)
            Assert.Equal(prompt[i], late[i + 50], 1e-9);
    }

    [Fact]
    public void AReportLagIsADelayOfTheReport()
    {
        double[] prompt = Respond(Reality.Nominal, 200), late = Respond(With("right_hand.report_lag", 0.03), 200);
        for (int i = 0; i < 170; i++)
            Assert.Equal(prompt[i], late[i + 30]);
    }

    [Fact]
    public void TheReportFilterIsAFirstOrderLag()
    {
        double[] truth = Respond(Reality.Nominal, 1500), filtered = Respond(Effect(e => e with { ReportFilter = 0.05 }), 1500);
        // The area between a signal and its first-order lag is the time constant times the change.
        double area = truth.Zip(filtered, (t, f) => t - f).Sum() * Timestep;
        Assert.Equal(0.05 * truth[^1], area, 0.002 * truth[^1]);
    }

    [Fact]
    public void ReportsComeInConverterSteps()
    {
        double step = double.DegreesToRadians(1.0 / 19);
        double[] reported = Respond(Effect(e => e with { ReportQuantisation = true }), 200);
        Assert.All(reported, value => Assert.Equal(0, Math.IEEERemainder(value, step), 1e-12));
        Assert.True(reported.Distinct().Count() > 20);
    }

    [Fact]
    public void AnOffsetHoldsTheJointOffAndReportsItRight()
    {
        using var plant = new RigPlant(_scene, With("rh_FFJ3.offset", 0.1));
        Send(plant, "rh_FFJ3", 0.5);
        Steps(plant, 1500);
        Assert.Equal(0.5, Reported(plant, "rh_FFJ3"), 0.015);
        Assert.Equal(0.4, True(plant, "rh_FFJ3"), 0.015);
    }

    [Fact]
    public void CalibrationErrorsAreOffsetsThatNobodyKnows()
    {
        using var plant = new RigPlant(_scene, Effect(e => e with { CalibrationSpread = 0.05 }) with { Seed = 4 });
        double[] reported = new double[_scene.Joints.Count], truth = new double[_scene.Joints.Count];
        Steps(plant, 1);
        plant.ReadJoints(reported, new double[reported.Length]);
        plant.World.ReadJoints(truth, []);
        double[] errors = [.. reported.Zip(truth, (r, t) => r - t).Where((_, j) => _scene.Joints.Units[j] == Legato.Sim.JointUnit.Radian)];
        Assert.InRange(Math.Sqrt(errors.Average(e => e * e)), 0.035, 0.065);
    }

    [Fact]
    public void CoupledFingersBendTheTipLast()
    {
        double[] plain = Bend(Reality.Nominal), tipLast = Bend(Reality.Nominal with { Parameters = SimParameters.Nominal.With("hands.coupling", 2) });
        // Half way, the plain model shares; the tendon gives all to J2.
        Assert.True(plain[1] > 0.3, $"J1 {plain[1]}");
        Assert.Equal(1.4, tipLast[0], 0.05);
        Assert.Equal(0, tipLast[1], 0.05);
        Assert.Equal(plain[0] + plain[1], tipLast[0] + tipLast[1], 0.05);

        double[] Bend(Reality reality)
        {
            using var plant = new RigPlant(_scene, reality);
            Send(plant, "rh_FFJ0", 1.4);
            for (int i = 0; i < 1500; i++)
            {
                plant.Step();
                if (reality.Parameters["hands.coupling"] > 0)
                    Assert.True(True(plant, "rh_FFJ1") <= True(plant, "rh_FFJ2") + 0.02);
            }
            return [True(plant, "rh_FFJ2"), True(plant, "rh_FFJ1")];
        }
    }

    [Fact]
    public void AHotMotorLetsGoAndComesBackOnceItIsCool()
    {
        using var cold = new RigPlant(_scene, Reality.Nominal);
        using var hot = new RigPlant(_scene, Effect(e => e with { Ambient = 20, HeatRise = 200, HeatTime = 1, TripTemperature = 30 }));
        int motor = _scene.Actuators.Require("rh_A_FFJ3");
        Send(cold, "rh_FFJ3", 1.5);
        Send(hot, "rh_FFJ3", 1.5);
        Steps(cold, 500);
        Steps(hot, 500);
        Assert.InRange(True(cold, "rh_FFJ3"), 1.3, 1.55);
        Assert.InRange(hot.Temperatures[motor], 25, 30);
        Assert.InRange(True(hot, "rh_FFJ3"), 0.1, 1.2);
        Steps(hot, 8000);
        Assert.Equal(True(cold, "rh_FFJ3"), True(hot, "rh_FFJ3"), 0.05);
    }

    [Fact]
    public void TheLastTargetIsHeldForEver()
    {
        using var plant = new RigPlant(_scene, Reality.Nominal);
        Send(plant, "rh_FFJ3", 0.6);
        Steps(plant, 1000);
        double then = True(plant, "rh_FFJ3");
        Steps(plant, 6000);
        Assert.Equal(then, True(plant, "rh_FFJ3"), 0.005);
        Assert.Equal(0.6, then, 0.02);
    }

    [Fact]
    public void ADeadBusFreezesReportsAndLetsMotorsGo()
    {
        using var plant = new RigPlant(_scene, Effect(e => e with { DropoutsPerMinute = 60, DropoutDuration = 1, DemandTimeout = 0.02 }) with { Seed = 2 });
        var rng = new Random(1);
        double last = 0;
        int frozen = 0, longest = 0;
        for (int i = 0; i < 5000; i++)
        {
            Send(plant, "rh_FFJ3", rng.NextDouble());
            plant.Step();
            double now = Reported(plant, "rh_FFJ3");
            frozen = now == last ? frozen + 1 : 0;
            longest = Math.Max(longest, frozen);
            last = now;
        }
        Assert.InRange(longest, 995, 2100);
    }

    [Fact]
    public void RailsGoAtTheSpeedTheyAreTold()
    {
        using var plant = new RigPlant(_scene, Reality.Nominal);
        plant.SendRail(HandSide.Right, 0, 0.2, speed: 0.1);
        Steps(plant, 1000);
        Assert.InRange(True(plant, "rh_forearm_tx"), 0.05, 0.1);
        Steps(plant, 2500);
        Assert.Equal(0.2, True(plant, "rh_forearm_tx"), 0.002);
    }

    [Fact]
    public void ARailThatIsLetGoStaysWhereItIs()
    {
        using var plant = new RigPlant(_scene, Reality.Nominal);
        plant.EnableRail(HandSide.Left, 0, on: false);
        plant.SendRail(HandSide.Left, 0, 0.1);
        Steps(plant, 500);
        Assert.Equal(0, True(plant, "lh_forearm_tx"), 1e-4);
        plant.EnableRail(HandSide.Left, 0, on: true);
        Steps(plant, 500);
        Assert.Equal(0, True(plant, "lh_forearm_tx"), 1e-3);
    }

    [Fact]
    public void KeysAreHeardAfterTheKeyboardsLatency()
    {
        KeyEvent prompt = Press(Reality.Nominal, out long promptHeard), late = Press(With("keyboard.latency", 0.02), out long lateHeard);
        Assert.Equal((52, true), (prompt.Key, prompt.Down));
        Assert.Equal(prompt, late);
        Assert.Equal(prompt.Stamp, promptHeard);
        Assert.Equal(20_000_000, lateHeard - promptHeard);
    }

    [Fact]
    public void KeysOfAWornKeyboardSoundAtDifferentDepths()
    {
        using var plant = new RigPlant(_scene, Effect(e => e with { ActivationSpread = 0.05 }));
        double[] shifts = [.. plant.Scene.KeyActivation.Select((a, k) => (a - _scene.KeyActivation[k]) / _scene.KeyTravel[k])];
        Assert.True(shifts.Distinct().Count() > 70);
        Assert.InRange(Math.Sqrt(shifts.Average(s => s * s)), 0.03, 0.06);
    }

    private static Reality With(string parameter, double value) => Reality.Nominal with { Parameters = SimParameters.Nominal.With(parameter, value) };

    private static Reality Effect(Func<RealityEffects, RealityEffects> change) => Reality.Nominal with { Effects = change(new RealityEffects()) };

    private static void Steps(RigPlant plant, int count)
    {
        for (int i = 0; i < count; i++)
            plant.Step();
    }

    private static void Send(RigPlant plant, string motor, double target)
    {
        double[] targets = [.. plant.Motors(HandSide.Right).Select(name => name == motor ? target : double.NaN)];
        plant.SendHand(HandSide.Right, targets);
    }

    private static double True(RigPlant plant, string joint) => plant.World.Data.Qpos[plant.Scene.JointQposAddresses[plant.Scene.Joints.Require(joint)]];

    private static double Reported(RigPlant plant, string joint)
    {
        double[] positions = new double[plant.Scene.Joints.Count], velocities = new double[plant.Scene.Joints.Count];
        plant.ReadJoints(positions, velocities);
        return positions[plant.Scene.Joints.Require(joint)];
    }

    // What is reported of a finger that is told to bend by 0.5 rad at once.
    private double[] Respond(Reality reality, int steps)
    {
        using var plant = new RigPlant(_scene, reality);
        Send(plant, "rh_FFJ3", 0.5);
        var response = new double[steps];
        for (int i = 0; i < steps; i++)
        {
            plant.Step();
            response[i] = Reported(plant, "rh_FFJ3");
        }
        return response;
    }

    private KeyEvent Press(Reality reality, out long heard)
    {
        using var plant = new RigPlant(_scene, reality);
        foreach ((string motor, double target) in (ReadOnlySpan<(string, double)>)[("rh_WRJ1", 0.3), ("rh_FFJ3", 0.4), ("rh_FFJ0", 0.8), ("rh_MFJ3", -0.26), ("rh_RFJ3", -0.26), ("rh_LFJ3", -0.26)])
            Send(plant, motor, target);
        Steps(plant, 1000);
        Send(plant, "rh_FFJ3", 0.8);
        for (int i = 0; i < 1000; i++)
        {
            plant.Step();
            if (plant.TryReadKey(out KeyEvent key))
            {
                heard = plant.Now;
                return key;
            }
        }
        throw new InvalidOperationException("no key went down");
    }

    private double[] Play(Reality reality)
    {
        using var plant = new RigPlant(_scene, reality);
        var random = new Random(3);
        double[] targets = new double[_scene.Actuators.Count], positions = new double[_scene.Joints.Count], velocities = new double[_scene.Joints.Count];
        for (int control = 0; control < 12; control++)
        {
            for (int a = 0; a < targets.Length; a++)
                targets[a] = 0.5 * (_scene.ControlLow[a] + _scene.ControlHigh[a]) + (0.2 * (random.NextDouble() - 0.5) * (_scene.ControlHigh[a] - _scene.ControlLow[a]));
            plant.Send(targets);
            Steps(plant, 50);
        }
        plant.ReadJoints(positions, velocities);
        return [.. positions, .. velocities, .. plant.World.Data.Qpos];
    }
}
