using Legato.Music;
using Legato.Policy;
using Legato.Policy.Bundles;
using Legato.Policy.Learning.OnRobot;
using Legato.Policy.Learning.Td3;
using Legato.Policy.Refinement;
using Legato.Policy.Robustness;
using Legato.RobotDriver;
using Legato.Runtime.Experiments;
using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Tasks;
using Legato.Tests.Runtime;

namespace Legato.Tests.Policy.Learning.OnRobot;

/// <summary>HandelBot's practice, on a simulated rig whose piano stands aside.</summary>
[Collection("libtorch")]
public sealed class CorrectionPracticeTests(Rig rig) : IClassFixture<Rig>
{
    private static readonly CorrectionOptions Brief = new()
    {
        Refinements = 3,
        TrialEvery = 3,
        Td3 = new Td3Options { WarmUp = 20, Hidden = [16], Minibatch = 32, UpdatesPerTransition = 1 },
    };

    private static readonly TaskDefinition Definition = TaskDefinition.Load(Path.Combine(Repository.Root, "hardware", "config", "tasks", "handelbot.yaml"));

    [Fact]
    public void RefinementComesFirstThenANetworkAndTheBestOfWhatWasTriedWithoutNoiseIsKept()
    {
        using var other = new PerturbedRig(rig.Scene, SimParameters.Nominal.With("piano.y", 0.012));
        using var practice = new CorrectionPractice(rig.Scene, Rig.Melody, Bundle(), Definition, Brief, 1);
        var scores = new List<PerformanceScore>();
        var networks = new List<bool>();
        for (int i = 0; i < 8; i++)
        {
            PolicyBundle next = practice.Next;
            networks.Add(next.Network is not null);
            scores.Add(practice.Learn(Perform(other, next, practice.Exploration), TestContext.Current.CancellationToken));
            Assert.Equal(networks[^1], practice.Exploration is not null && i >= 3);
        }
        Assert.Equal([false, false, false, true, true, true, true, true], networks);
        // Performances 0, 1, 2 have no network; 5 has one and no noise.
        Assert.Equal(new[] { 0, 1, 2, 5 }.Max(i => scores[i].F1), practice.Best!.Manifest.Evaluation.F1);
        Assert.True(practice.Best.Manifest.Evaluation.F1 > scores[0].F1, string.Join(' ', scores.Select(s => s.F1)));
        // The best bundle plays again as it played.
        Assert.Equal(practice.Best.Manifest.Evaluation, Perform(other, practice.Best, null).Score(Rig.Melody.ToKeyRoll()));
    }

    [Fact]
    public void WhatIsTriedIsSmallAndOnlyOfFingers()
    {
        using var other = new PerturbedRig(rig.Scene, SimParameters.Nominal);
        using var practice = new CorrectionPractice(rig.Scene, Rig.Melody, Bundle(), Definition, Brief with { Refinements = 0, FirstNoise = 0.5 }, 1);
        practice.Learn(Perform(other, practice.Next, null), TestContext.Current.CancellationToken);
        CommandTable plan = practice.Next.Commands, played = Played(other, practice.Next, practice.Exploration);
        double[] largest = [.. Enumerable.Range(0, plan.Actuators.Count).Select(a => Enumerable.Range(0, plan.Steps).Max(t => Math.Abs(played[t][a] - plan[t][a])))];
        foreach ((string name, double most) in plan.Actuators.Names.Zip(largest))
        {
            bool isFinger = name[5..7] is "FF" or "MF" or "RF" or "LF" && name[7..] is "J4" or "J3" or "J0" && !name.Contains("TH", StringComparison.Ordinal) && !name.Contains("WR", StringComparison.Ordinal);
            Assert.True(isFinger ? most is > 0.01 and < 0.2201 : most == 0, $"{name}: {most}");
        }
    }

    [Fact]
    public void TheSamePerformancesAndSeedGiveTheSameNetworks()
    {
        Assert.Equal(Weights(7), Weights(7));
        Assert.NotEqual(Weights(7), Weights(8));

        float[] Weights(int seed)
        {
            using var other = new PerturbedRig(rig.Scene, SimParameters.Nominal.With("piano.y", 0.012));
            using var practice = new CorrectionPractice(rig.Scene, Rig.Melody, Bundle(), Definition, Brief with { Refinements = 1 }, seed);
            for (int i = 0; i < 3; i++)
                practice.Learn(Perform(other, practice.Next, practice.Exploration), TestContext.Current.CancellationToken);
            return ((SafeTensor<float>)practice.Next.Network!.Tensors["0.weight"]).Values.ToArray();
        }
    }

    [Fact]
    public void ATaskWhoseActionsReachLessFarIsRefused()
    {
        TaskDefinition small = Definition with { Action = Definition.Action with { Factor = 0.05 } };
        using var other = new PerturbedRig(rig.Scene, SimParameters.Nominal);
        using var practice = new CorrectionPractice(rig.Scene, Rig.Melody, Bundle(), small, Brief with { Refinements = 0 }, 1);
        RolloutTrace trace = Perform(other, practice.Next, null);
        Assert.Contains("action.factor", Assert.Throws<InputException>(() => practice.Learn(trace, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    private PolicyBundle Bundle() => PolicyBundle.Of(rig.Plan(Rig.Melody), Rig.Melody, "scene", "0123");

    // As a robot reports it: joints and keys, no depths.
    private RolloutTrace Perform(PerturbedRig other, PolicyBundle bundle, ExplorationTape? exploration)
    {
        CommandTable played = Played(other, bundle, exploration);
        var exact = new RolloutTrace(played.Steps, rig.Scene.Joints.Count);
        other.Play(played, exact);
        return exact;
    }

    // What a policy sends depends on what it hears: so it is asked step by step, and the keys so far come from playing what it sent so far.
    private CommandTable Played(PerturbedRig other, PolicyBundle bundle, ExplorationTape? exploration)
    {
        CommandTable sent = bundle.Commands.Clone();
        if (bundle.Network is null)
            return sent;
        var policy = new ResidualPolicy(bundle, rig.Scene, Rig.Melody, exploration);
        var measured = new RobotState(rig.Scene.Joints);
        var trace = new RolloutTrace(sent.Steps, rig.Scene.Joints.Count);
        other.Play(sent, trace);
        for (int t = 0; t < sent.Steps; t++)
        {
            if (t > 0)
            {
                trace.Joints(t - 1).CopyTo(measured.Positions);
                for (byte k = 0; k < PianoGeometry.KeyCount; k++)
                {
                    bool now = trace.Keys(t - 1)[k];
                    if (now != (t > 1 && trace.Keys(t - 2)[k]))
                        policy.Hear(new KeyEvent(k, now, 64, t));
                }
            }
            policy.Act(t, measured, 0, sent[t], out _);
        }
        return sent;
    }
}
