using Legato.Policy;
using Legato.Policy.Feedforward;
using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Policy.Planning;
using Legato.Policy.Refinement;
using Legato.Sim.Drives;
using Legato.Sim.Scene;

namespace Legato.Tests.Policy;

/// <summary>Identified responses, their inverse, and learning from roll-outs.</summary>
public sealed class FeedforwardTests : IClassFixture<Rig>, IDisposable
{
    private const int Steps = 80;
    private const double Roughness = 1e-3;

    private readonly Rig _rig;
    private readonly PianoScene _free;
    private readonly StepResponses _responses;

    public FeedforwardTests(Rig rig)
    {
        _rig = rig;
        _free = rig.Scene.WithContacts(ContactSet.None);
        _responses = StepResponses.Identify(_free, rig.Posture.Pose);
    }

    public void Dispose() => _free.Dispose();

    [Fact]
    public void ResponsesRiseFromNothingToTheStep()
    {
        for (int a = 0; a < _free.Actuators.Count; a++)
        {
            double[] response = _responses[a].ToArray();
            string name = _free.Actuators.Names[a];
            Assert.Equal(StepResponses.Length, response.Length);
            Assert.True(response[0] is > 0 and < 0.95, $"{name} after one step: {response[0]}");
            // Dry friction keeps a joint short of its target; nothing goes far beyond it.
            Assert.True(response[^1] is > 0.7 and < 1.02, $"{name} at the end: {response[^1]}");
            for (int k = 1; k < response.Length; k++)
                Assert.True(response[k] > response[k - 1] - 0.01, $"{name} falls at step {k}: {response[k - 1]} to {response[k]}");
        }
    }

    [Fact]
    public void MirroredHandsAnswerAlike()
    {
        int half = _free.Actuators.Count / 2;
        for (int a = 0; a < half; a++)
        {
            for (int k = 0; k < StepResponses.Length; k++)
                Assert.Equal(_responses[a][k], _responses[a + half][k], 0.03);
        }
    }

    [Fact]
    public void TheCarriageAnswersLikeACriticallyDampedOscillator()
    {
        int tx = _free.Actuators.Require("rh_forearm_tx");
        double w = Math.Sqrt(300 / 3.7942);
        for (int k = 0; k < StepResponses.Length; k++)
        {
            double t = 0.05 * (k + 1);
            Assert.Equal(1 - ((1 + (w * t)) * Math.Exp(-w * t)), _responses[tx][k], 0.02);
        }
    }

    [Fact]
    public void TheInverseMakesALinearPlantFollow()
    {
        var inverse = new NormOptimalInverse(_responses, _free.Actuators.Count, Steps, Roughness);
        double[] change = new double[Steps];
        for (int a = 0; a < _free.Actuators.Count; a++)
        {
            double[] wanted = [.. Enumerable.Range(0, Steps).Select(t => 0.2 * (1 - Math.Cos(2 * Math.PI * t / 40)))];
            inverse.Solve(a, wanted, change);
            double[] followed = Plant(a, change);
            double rms = Math.Sqrt(wanted.Zip(followed).Average(e => Math.Pow(e.First - e.Second, 2)));
            Assert.True(rms < 0.005, $"{_free.Actuators.Names[a]}: {rms}");
        }
    }

    [Fact]
    public void NoNeighbourOfTheInversesAnswerIsBetter()
    {
        var inverse = new NormOptimalInverse(_responses, _free.Actuators.Count, Steps, Roughness);
        var random = new Random(3);
        double[] wanted = Dense.Vector(random, Steps), best = new double[Steps];
        foreach (int a in (int[])[0, 8, 9, 20])
        {
            inverse.Solve(a, wanted, best);
            double least = Cost(a, wanted, best);
            for (int trial = 0; trial < 50; trial++)
            {
                double[] nudge = Dense.Vector(random, Steps);
                Assert.True(Cost(a, wanted, [.. best.Zip(nudge, (u, n) => u + (1e-2 * n))]) > least);
            }
        }
    }

    [Fact]
    public void TheInverseOfALongSongIsThatOfTheWholeSystem()
    {
        const int LongSteps = 1500;
        int band = StepResponses.Length - 1;
        var inverse = new NormOptimalInverse(_responses, _free.Actuators.Count, LongSteps, Roughness);
        var random = new Random(5);
        double[] change = new double[LongSteps];
        for (int a = 0; a < _free.Actuators.Count; a++)
        {
            double[] impulse = [.. Enumerable.Range(0, band + 1).Select(k => _responses[a][k] - (k > 0 ? _responses[a][k - 1] : 0))];
            var whole = new BandedSystem(LongSteps, band);
            double[] wanted = Dense.Vector(random, LongSteps), expected = new double[LongSteps];
            for (int t = 0; t < LongSteps; t++)
            {
                // Row t of the response matrix, oldest target first.
                int first = Math.Max(0, t - band);
                double[] row = [.. Enumerable.Range(first, t - first + 1).Select(s => impulse[t - s])];
                whole.AddSquare(first, row, 1);
                whole.Add(t, t, 1e-6);
                if (t > 0)
                    whole.AddSquare(t - 1, [-1, 1], Roughness);
                for (int s = first; s <= t; s++)
                    expected[s] += row[s - first] * wanted[t];
            }
            whole.Factor();
            whole.Solve(expected);
            inverse.Solve(a, wanted, change);
            for (int t = 0; t < LongSteps; t++)
                Assert.Equal(expected[t], change[t], 1e-9);
        }
    }

    [Fact]
    public void TheInverseTakesNoMoreMemoryForALongerSong()
    {
        long Allocated(int steps) => Allocations.Fewest(() => _ = new NormOptimalInverse(_responses, _free.Actuators.Count, steps, Roughness));
        Assert.InRange(Allocated(12000), 0, 1.01 * Allocated(1000));
    }

    [Fact]
    public void WithoutContactsEveryRollOutTracksBetter()
    {
        FingeringPlan fingering = new BeamFingering(new FingeringCosts()).Assign(KeyPress.Of(Rig.Melody), _rig.Posture.Span);
        MotionReference reference = ReferenceBuilder.Build(_rig.Kinematics, _rig.Posture, fingering, 20, Rig.Melody.Count, _rig.Style, new TrajectoryOptions());
        int steps = reference.Poses.Steps;
        var learner = new IterativeLearning(_rig.Kinematics, new NormOptimalInverse(_responses, _free.Actuators.Count, steps, Roughness), reference.Poses, reference.Tips);
        var commands = reference.Poses.Clone();
        var trace = new RolloutTrace(steps, _free.Joints.Count);
        using var world = new DrivenWorld(_free);
        double[] measured = new double[_free.Actuators.Count], gain = [.. Enumerable.Repeat(0.8, steps)];
        var errors = new List<double>();
        for (int i = 0; i < 5; i++)
        {
            trace.Record(world, commands);
            double sum = 0;
            for (int t = 0; t < steps; t++)
            {
                _rig.Kinematics.ToActuators(trace.Joints(t), measured);
                for (int a = 0; a < measured.Length; a++)
                    sum += Math.Pow(measured[a] - reference.Poses[t][a], 2);
            }
            errors.Add(Math.Sqrt(sum / (steps * measured.Length)));
            learner.Update(commands, trace, gain, fromTips: false);
        }

        Assert.Equal(errors.OrderDescending(), errors);
        Assert.True(errors[^1] < 0.3 * errors[0], string.Join(" ", errors));
        for (int t = 0; t < steps; t++)
        {
            for (int a = 0; a < measured.Length; a++)
                Assert.InRange(commands[t][a], _free.ControlLow[a], _free.ControlHigh[a]);
        }
    }

    [Fact]
    public void ATraceIsWhatTheWorldDid()
    {
        var commands = new CommandTable(_rig.Scene.Actuators, 12);
        for (int t = 0; t < 12; t++)
            _rig.Posture.Pose.CopyTo(commands[t]);
        var trace = new RolloutTrace(12, _rig.Scene.Joints.Count);
        using var world = new DrivenWorld(_rig.Scene);
        trace.Record(world, commands);
        double[] last = new double[_rig.Scene.Joints.Count], first = trace.Joints(0).ToArray();
        world.World.ReadJoints(last, []);

        Assert.Equal(last, trace.Joints(11).ToArray());
        Assert.Equal(world.World.KeysDown.ToArray(), trace.Keys(11).ToArray());
        // A second recording starts from the world's start, not where the first one ended.
        trace.Record(world, commands);
        Assert.Equal(first, trace.Joints(0).ToArray());
    }

    // The response to targets: each change of target answers with the step response.
    private double[] Plant(int actuator, double[] targets)
    {
        ReadOnlySpan<double> response = _responses[actuator];
        var position = new double[targets.Length];
        for (int s = 0; s < targets.Length; s++)
        {
            double step = targets[s] - (s > 0 ? targets[s - 1] : 0);
            for (int t = s; t < targets.Length; t++)
                position[t] += step * response[Math.Min(t - s, response.Length - 1)];
        }
        return position;
    }

    private double Cost(int actuator, double[] wanted, double[] targets)
    {
        double error = wanted.Zip(Plant(actuator, targets)).Sum(e => Math.Pow(e.First - e.Second, 2));
        double rough = targets.Zip(targets.Skip(1)).Sum(u => Math.Pow(u.Second - u.First, 2));
        return error + (Roughness * rough) + (1e-6 * targets.Sum(u => u * u));
    }
}
