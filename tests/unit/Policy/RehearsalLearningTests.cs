using Legato.Music;
using Legato.Policy;
using Legato.Policy.Feedforward;
using Legato.Policy.Kinematics;
using Legato.Policy.Planning;
using Legato.Policy.Refinement;
using Legato.Sim.Drives;
using Legato.Sim.Scene;

namespace Legato.Tests.Policy;

/// <summary>What rehearsals keep, take back and leave alone.</summary>
public sealed class RehearsalLearningTests(Rig rig) : IClassFixture<Rig>
{
    private const int LeadIn = 20;

    // Rehearsals in which everything may change, and one more.
    private const int Settled = 4;

    [Fact]
    public void WhatIsRightIsLeftAlone()
    {
        using var stage = new Stage(rig);
        CommandTable next = stage.Repeat(Settled);
        Assert.Equal(stage.Flawless.Values.ToArray(), next.Values.ToArray());
    }

    [Fact]
    public void APassageThatGotWorseIsTakenBack()
    {
        using var stage = new Stage(rig);
        stage.Repeat(Settled);
        CommandTable spoilt = stage.Flawless.Clone();
        // The hands rise for the last second.
        foreach (int lift in Enumerable.Range(0, rig.Scene.Actuators.Count).Where(a => rig.Scene.Actuators.Names[a].EndsWith("WRJ1", StringComparison.Ordinal)))
        {
            for (int t = spoilt.Steps - 20; t < spoilt.Steps; t++)
                spoilt[t][lift] = rig.Scene.ControlLow[lift];
        }
        Assert.True(stage.Play(spoilt).F1 < 1);
        stage.Learner.Learn(spoilt, stage.Trace);
        Assert.Equal(stage.Flawless.Values.ToArray(), spoilt.Values.ToArray());
    }

    /// <summary>A plan that plays without a fault, and a learner for it.</summary>
    private sealed class Stage : IDisposable
    {
        private readonly DrivenWorld _world;
        private readonly KeyRoll _truth = Rig.Melody.ToKeyRoll();

        public Stage(Rig rig)
        {
            SongPlan plan = new SongPlanner(rig.Scene, Rig.Quick).Plan("melody", Rig.Melody);
            Assert.Equal(1, plan.Score.F1);
            Flawless = plan.Commands;
            using PianoScene free = rig.Scene.WithContacts(ContactSet.None);
            var inverse = new NormOptimalInverse(StepResponses.Identify(free, rig.Posture.Pose), rig.Scene.Actuators.Count, Flawless.Steps, 1e-3);
            MotionReference reference = ReferenceBuilder.Build(rig.Kinematics, rig.Posture, plan.Fingering, LeadIn, Rig.Melody.Count, rig.Style, new TrajectoryOptions());
            Learner = new RehearsalLearning(new IterativeLearning(rig.Kinematics, inverse, reference.Poses, reference.Tips), _truth, LeadIn, rig.Scene.Joints.Count, 0.5);
            Trace = new RolloutTrace(Flawless.Steps, rig.Scene.Joints.Count);
            _world = new DrivenWorld(rig.Scene);
        }

        public CommandTable Flawless { get; }

        public RehearsalLearning Learner { get; }

        public RolloutTrace Trace { get; }

        public PerformanceScore Play(CommandTable commands)
        {
            Trace.Record(_world, commands);
            return Trace.Score(_truth);
        }

        public CommandTable Repeat(int times)
        {
            Play(Flawless);
            CommandTable next = Flawless;
            for (int i = 0; i < times; i++)
            {
                next = Flawless.Clone();
                Learner.Learn(next, Trace);
            }
            return next;
        }

        public void Dispose() => _world.Dispose();
    }
}
