using Legato.RobotDriver;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Tests.RobotDriver;

public sealed class SimRobotTests : IAsyncLifetime
{
    private const long Period = 50_000_000;

    private readonly PianoScene _scene = PianoScene.Build(new SceneOptions());
    private SimRobot _robot = null!;

    public async ValueTask InitializeAsync()
    {
        _robot = new SimRobot("sim", _scene);
        await _robot.ConnectAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _robot.DisposeAsync();
        _scene.Dispose();
    }

    [Fact]
    public void StartsWithEveryJointAtZeroAndNoKeyDown()
    {
        var state = new RobotState(_robot.Joints);

        Assert.True(_robot.TryRead(state));
        Assert.All(state.Positions, position => Assert.Equal(0, position));
        Assert.All(state.Velocities, velocity => Assert.Equal(0, velocity));
        Assert.Equal(0, state.Stamp);
        Assert.False(_robot.TryReadKey(out _));
        Assert.False(_robot.Clock.IsRealTime);
    }

    [Fact]
    public void HasTheBitsOfTheWorldThatGetsTheSameTargets()
    {
        using var world = new PianoWorld(_scene);
        var state = new RobotState(_robot.Joints);
        double[] targets = new double[_scene.Actuators.Count], positions = new double[_scene.Joints.Count], velocities = new double[_scene.Joints.Count];
        var random = new Random(4);
        for (int cycle = 1; cycle <= 40; cycle++)
        {
            RandomTargets(random, targets);
            _robot.Write(targets, 0);
            _robot.Clock.SleepUntil(cycle * Period);
            world.SetTargets(targets);
            world.StepControl();
            world.ReadJoints(positions, velocities);

            Assert.True(_robot.TryRead(state));
            Assert.Equal(positions, state.Positions);
            Assert.Equal(velocities, state.Velocities);
            Assert.Equal(cycle * Period, state.Stamp);
            Assert.Equal(cycle, state.Sequence);
        }
    }

    [Fact]
    public void KeyEventsNameTheStepInWhichTheKeyCrossedItsPoint()
    {
        using var world = new PianoWorld(_scene);
        double[] targets = new double[_scene.Actuators.Count];
        bool[] down = new bool[PianoGeometry.KeyCount];
        var expected = new List<(byte Key, bool Down, long Stamp)>();
        var random = new Random(8);
        long stamp = 0;
        for (int cycle = 1; cycle <= 200; cycle++)
        {
            RandomTargets(random, targets);
            _robot.Write(targets, 0);
            _robot.Clock.SleepUntil(cycle * Period);
            world.SetTargets(targets);
            for (int step = 0; step < _scene.Options.Substeps; step++)
            {
                world.Step();
                stamp += 5_000_000;
                for (int key = 0; key < down.Length; key++)
                {
                    if (world.KeysDown[key] != down[key])
                        expected.Add(((byte)key, down[key] = world.KeysDown[key], stamp));
                }
            }
        }

        var seen = new List<(byte, bool, long)>();
        while (_robot.TryReadKey(out KeyEvent key))
            seen.Add((key.Key, key.Down, key.Stamp));
        Assert.Contains(expected, each => each.Down);
        Assert.Contains(expected, each => !each.Down);
        Assert.Equal(expected, seen);
        Assert.Equal(expected.Count, _robot.Losses.Single(loss => loss.Stream == "keys").Received);
    }

    [Fact]
    public void ADeadlineBetweenTwoStepsEndsAtTheNextOne()
    {
        _robot.Clock.SleepUntil(12_000_000);
        Assert.Equal(15_000_000, _robot.Clock.Now);

        _robot.Clock.SleepUntil(3);
        Assert.Equal(15_000_000, _robot.Clock.Now);
    }

    [Fact]
    public void AStateIsReadOnce()
    {
        var state = new RobotState(_robot.Joints);
        Assert.True(_robot.TryRead(state));
        Assert.False(_robot.TryRead(state));
        _robot.Clock.SleepUntil(1);
        Assert.True(_robot.TryRead(state));
    }

    [Theory]
    [InlineData(0.49, false)]
    [InlineData(0.5, true)]
    public void ThePedalIsDownFromHalf(double pedal, bool down)
    {
        _robot.Write(new double[_robot.Actuators.Count], pedal);
        Assert.Equal(down, _robot.PedalDown);
    }

    [Fact]
    public async Task ConnectingAgainStartsOver()
    {
        double[] targets = new double[_robot.Actuators.Count];
        RandomTargets(new Random(1), targets);
        _robot.Write(targets, 1);
        _robot.Clock.SleepUntil(Period);

        await _robot.ConnectAsync(TestContext.Current.CancellationToken);

        StartsWithEveryJointAtZeroAndNoKeyDown();
        Assert.False(_robot.PedalDown);
    }

    [Fact]
    public void TargetsOfAnotherLayoutAreRefused() => Assert.Throws<ArgumentException>(() => _robot.Write(new double[3], 0));

    [Fact]
    public void DivergenceIsNotPlayedOn()
    {
        _robot.World.Data.Qvel[0] = double.NaN;
        Assert.Contains("diverged", Assert.Throws<InvalidOperationException>(() => _robot.Clock.SleepUntil(Period)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheControlThreadAllocatesNothing()
    {
        var state = new RobotState(_robot.Joints);
        double[] targets = new double[_robot.Actuators.Count];
        long deadline = 0;
        Assert.Equal(0, Allocations.Fewest(() => Cycles(20)));

        void Cycles(int count)
        {
            for (int i = 1; i <= count; i++)
            {
                _robot.Clock.SleepUntil(deadline += Period);
                _robot.TryRead(state);
                while (_robot.TryReadKey(out _))
                    continue;
                targets[2] = 0.01 * i;
                _robot.Write(targets, i % 2);
            }
        }
    }

    private void RandomTargets(Random random, double[] targets)
    {
        for (int i = 0; i < targets.Length; i++)
            targets[i] = _scene.ControlLow[i] + (random.NextDouble() * (_scene.ControlHigh[i] - _scene.ControlLow[i]));
    }
}
