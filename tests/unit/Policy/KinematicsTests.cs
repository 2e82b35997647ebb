using Legato.Policy.Feedforward;
using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.World;
using MuJoCo;

namespace Legato.Tests.Policy;

/// <summary>Keys' surfaces, fingertips, Jacobians, inverse kinematics, posture and press forces against MuJoCo and finite differences.</summary>
public sealed class KinematicsTests(Rig rig) : IClassFixture<Rig>
{
    [Theory]
    [InlineData(39, 0.042)]
    [InlineData(39, 0.07)]
    [InlineData(40, 0.002)]
    [InlineData(40, -0.05)]
    public void AKeysSurfaceIsThatOfMuJoCosBox(int key, double x)
    {
        using var world = new PianoWorld(rig.Scene);
        PianoKey piano = PianoGeometry.Keys[key];
        int geom = rig.Scene.Model.BodyGeomAdr[rig.Scene.Model.RequireId(MjObject.Body, piano.BodyName)];
        foreach (double depth in (double[])[0, 0.4, 0.9, 1])
        {
            world.Data.Qpos[rig.Scene.KeyQposAddresses[key]] = depth * rig.Scene.KeyTravel[key];
            world.Data.Kinematics();
            ReadOnlySpan<double> at = world.Data.GeomXPos.Slice(3 * geom, 3), r = world.Data.GeomXMat.Slice(9 * geom, 9);
            double half = rig.Scene.Model.GeomSize[(3 * geom) + 2];
            // The plane through the middle of the upper face with the box's own normal.
            double topX = at[0] + (half * r[2]), topZ = at[2] + (half * r[8]);
            double expected = topZ - ((x - topX) * r[2] / r[8]);
            Assert.Equal(expected, KeySurface.Height(piano, x, depth), 1e-9);
        }
    }

    [Fact]
    public void UnderAFingerLiesAWhiteKeyInFrontAndABlackOneBehind()
    {
        Assert.Equal(0.0225, KeySurface.Under(0.055), 1e-12);
        Assert.Equal(0.035, KeySurface.Under(0), 1e-12);
    }

    [Theory]
    [InlineData(1.2, 1.2, 0)]
    [InlineData(1.9, 1.5708, 0.3292)]
    public void TheTipOfACoupledFingerWaitsForItsMiddleJoint(double sum, double middle, double tip)
    {
        using PianoScene scene = rig.Scene.With(SimParameters.Nominal.With("hands.coupling", 2));
        using var kinematics = new HandKinematics(scene);
        int drive = scene.Actuators.Require("rh_A_MFJ0"), finger = 2;
        double[] pose = [.. rig.Posture.Pose];
        pose[drive] = sum;
        double[] joints = [.. Enumerable.Range(0, scene.Joints.Count).Select(j => scene.Joints.Names[j] switch { "rh_MFJ2" => middle, "rh_MFJ1" => tip, _ => 0 })];
        foreach (int a in Enumerable.Range(0, scene.Actuators.Count).Where(a => scene.JointsOf(a).Count == 1))
            joints[scene.JointsOf(a)[0]] = pose[a];
        double[] expected = new double[3], there = new double[3], slopes = new double[3], beside = new double[3];
        kinematics.SetJoints(joints);
        kinematics.Tip(finger, expected);
        kinematics.SetPose(pose);
        kinematics.Tip(finger, there);
        kinematics.TipJacobian(finger, [drive], slopes);
        pose[drive] += 1e-6;
        kinematics.SetPose(pose);
        kinematics.Tip(finger, beside);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(expected[i], there[i], 1e-5);
            Assert.Equal((beside[i] - there[i]) / 1e-6, slopes[i], 1e-5);
        }
    }

    [Fact]
    public void ATipsCentreIsTheFarEndOfItsCapsule()
    {
        rig.Kinematics.SetPose(rig.Posture.Pose);
        using PianoWorld world = WorldAt(rig.Posture.Pose);
        Span<double> tip = stackalloc double[3];
        for (int f = 0; f < rig.Scene.Fingers.Count; f++)
        {
            int geom = rig.Scene.Model.BodyGeomAdr[rig.Scene.Fingers[f].Body];
            double half = rig.Scene.Model.GeomSize[(3 * geom) + 1];
            rig.Kinematics.Tip(f, tip);
            for (int i = 0; i < 3; i++)
                Assert.Equal(world.Data.GeomXPos[(3 * geom) + i] + (half * world.Data.GeomXMat[(9 * geom) + (3 * i) + 2]), tip[i], 1e-9);
            Assert.Equal(rig.Scene.Model.GeomSize[3 * geom], rig.Kinematics.TipRadius[f]);
        }
    }

    [Fact]
    public void TipJacobiansAreTheDerivativesOfTheTipsByTheActuators()
    {
        const double H = 1e-6;
        double[] pose = [.. rig.Posture.Pose];
        double[] before = new double[3], after = new double[3];
        for (int f = 0; f < rig.Scene.Fingers.Count; f++)
        {
            int[] actuators = rig.Kinematics.ActuatorsOfSide[(int)rig.Scene.Fingers[f].Side];
            double[] jacobian = new double[3 * actuators.Length];
            rig.Kinematics.SetPose(pose);
            rig.Kinematics.TipJacobian(f, actuators, jacobian);
            for (int a = 0; a < actuators.Length; a++)
            {
                double centre = pose[actuators[a]];
                pose[actuators[a]] = centre - H;
                rig.Kinematics.SetPose(pose);
                rig.Kinematics.Tip(f, before);
                pose[actuators[a]] = centre + H;
                rig.Kinematics.SetPose(pose);
                rig.Kinematics.Tip(f, after);
                pose[actuators[a]] = centre;
                for (int i = 0; i < 3; i++)
                    Assert.Equal((after[i] - before[i]) / (2 * H), jacobian[(i * actuators.Length) + a], 1e-6);
            }
        }
    }

    [Fact]
    public void MeasuredJointsBecomeActuatorCoordinatesAndBack()
    {
        double[] joints = [.. Enumerable.Range(0, rig.Scene.Joints.Count).Select(j => 0.01 * j)], actuators = new double[rig.Scene.Actuators.Count];
        rig.Kinematics.ToActuators(joints, actuators);

        Assert.Equal(joints[rig.Scene.Joints.Require("rh_WRJ1")], actuators[rig.Scene.Actuators.Require("rh_A_WRJ1")]);
        Assert.Equal(
            joints[rig.Scene.Joints.Require("lh_RFJ1")] + joints[rig.Scene.Joints.Require("lh_RFJ2")],
            actuators[rig.Scene.Actuators.Require("lh_A_RFJ0")], 1e-12);
        double[] tip = new double[3], again = new double[3];
        rig.Kinematics.SetPose(rig.Posture.Pose);
        rig.Kinematics.Tip(2, tip);
        using PianoWorld world = WorldAt(rig.Posture.Pose);
        world.ReadJoints(joints, []);
        rig.Kinematics.SetJoints(joints);
        rig.Kinematics.Tip(2, again);
        Assert.Equal(tip, again);
    }

    [Fact]
    public void InverseKinematicsReachesWhatIsReachableWithinAMillimetre()
    {
        var ik = new InverseKinematics(rig.Kinematics, new InverseKinematicsOptions { Iterations = 60 });
        var random = new Random(11);
        double worst = 0;
        for (int trial = 0; trial < 20; trial++)
        {
            // Fingertips of a pose near the posture are reachable by construction.
            double[] goal = [.. rig.Posture.Pose.Select((q, a) => rig.Scene.Actuators.Units[a] == JointUnit.Radian ? Inside(a, q + (0.2 * (random.NextDouble() - 0.5))) : q)];
            TipTarget[] targets = Targets(goal);
            double[] pose = [.. rig.Posture.Pose];
            ik.Solve(targets, rig.Posture.Pose, [0, 0], pose);
            worst = Math.Max(worst, TipErrors(pose, targets).Max());
            AssertInTheBox(pose);
        }
        Assert.InRange(worst, 0, 1e-3);
    }

    [Fact]
    public void InverseKinematicsFindsTheThumbsKeyFromAnywhere()
    {
        var ik = new InverseKinematics(rig.Kinematics, new InverseKinematicsOptions { Iterations = 60, Carriage = 10, Smoothness = 0 });
        // The thumb has a white key down; the other fingers wait over theirs.
        TipTarget[] targets = [.. Targets(rig.Posture.Pose).Select((t, f) => f == 0
            ? t with { X = rig.Style.ThumbWhiteX, Z = KeySurface.Height(PianoGeometry.Keys[39], rig.Style.ThumbWhiteX, 1) + rig.Kinematics.TipRadius[0], WeightX = 0.15 }
            : t with { WeightX = 0.01, WeightY = 0, WeightZ = 0.2, Key = -1 })];
        var random = new Random(5);
        for (int trial = 0; trial < 20; trial++)
        {
            double[] pose = [.. rig.Posture.Pose.Select((q, a) => rig.Scene.Actuators.Units[a] == JointUnit.Radian ? Inside(a, q + (1.2 * (random.NextDouble() - 0.5))) : q)];
            Assert.InRange(ik.Solve(targets, rig.Posture.Pose, [0, 0], pose), 0, 2e-3);
        }
    }

    [Fact]
    public void WhatTwoFingersAreSaidToReachTogetherTheyReach()
    {
        var ik = new InverseKinematics(rig.Kinematics, new InverseKinematicsOptions { Iterations = 60, Carriage = 1e-3, Smoothness = 0 });
        HandSpan span = rig.Posture.Span;
        var random = new Random(3);
        int together = 0, apart = 0;
        for (int trial = 0; trial < 200; trial++)
        {
            int low = random.Next(4), high = random.Next(low + 1, 5);
            PianoKey first = PianoGeometry.Keys[random.Next(40, 48)], second = PianoGeometry.Keys[first.Index + random.Next(1, 24)];
            TipTarget[] targets = [.. Targets(rig.Posture.Pose).Select((t, f) => f == low ? Press(f, first) : f == high ? Press(f, second) : t with { WeightX = 0.01, WeightY = 0, WeightZ = 0.1, Key = -1 })];
            double[] pose = [.. rig.Posture.Pose];
            pose[rig.Scene.Actuators.Require("rh_forearm_tx")] = 0.5 * (first.Y + second.Y) - HandSide.Right.RootY();
            double error = ik.Solve(targets, rig.Posture.Pose, [pose[rig.Scene.Actuators.Require("rh_forearm_tx")], 0], pose);
            if (span.CanPressTogether(low, first, high, second))
            {
                together++;
                Assert.InRange(error, 0, 5e-3);
            }
            else if (error > 0.02)
            {
                apart++;
            }
        }
        Assert.InRange(together, 40, 180);
        Assert.InRange(apart, 10, 140);
    }

    [Fact]
    public void AHandSpansAnOctaveButNotTwo()
    {
        HandSpan span = rig.Posture.Span;
        PianoKey c = PianoGeometry.Keys[39];
        foreach (int hand in (int[])[0, 5])
        {
            int up = hand == 0 ? 1 : -1;
            Assert.True(span.CanPressTogether(hand, c, hand + 4, PianoGeometry.Keys[39 + (12 * up)]));
            Assert.True(span.CanPressTogether(hand + 4, PianoGeometry.Keys[39 + (12 * up)], hand, c));
            Assert.False(span.CanPressTogether(hand, c, hand + 4, PianoGeometry.Keys[39 + (24 * up)]));
        }
    }

    [Fact]
    public void InverseKinematicsStaysInItsBoxWhereNothingIsReachable()
    {
        var ik = new InverseKinematics(rig.Kinematics, new InverseKinematicsOptions { Iterations = 30 });
        TipTarget[] targets = [.. rig.Scene.Fingers.Select((f, i) => new TipTarget(-0.4, f.Side == HandSide.Right ? 0.5 : -0.5, 0.6 * (i % 2), 1, 1, 1, 39))];
        double[] pose = [.. rig.Posture.Pose];
        double error = ik.Solve(targets, rig.Posture.Pose, [0, 0], pose);

        Assert.True(error > 0.05);
        AssertInTheBox(pose);
    }

    [Fact]
    public void InverseKinematicsIsDeterministicAndReportsThePressingTipsError()
    {
        TipTarget[] targets = Targets(rig.Posture.Pose);
        targets[3] = targets[3] with { Z = targets[3].Z - 0.005 };
        double[] first = [.. rig.Posture.Pose], second = [.. rig.Posture.Pose];
        double error = new InverseKinematics(rig.Kinematics, new InverseKinematicsOptions()).Solve(targets, rig.Posture.Pose, [0, 0], first);
        double again = new InverseKinematics(rig.Kinematics, new InverseKinematicsOptions()).Solve(targets, rig.Posture.Pose, [0, 0], second);

        Assert.Equal(first, second);
        Assert.Equal(error, again);
        Assert.InRange(TipErrors(first, targets).Max(), error, 2 * error);
    }

    [Fact]
    public void ThePostureHasItsFingersInOrderAndItsHandsMirrored()
    {
        IReadOnlyList<FingerReach> fingers = rig.Posture.Span.Fingers;
        FingerReach[] right = [.. fingers.Where(f => f.Side == HandSide.Right)], left = [.. fingers.Where(f => f.Side == HandSide.Left)];

        Assert.Equal(right.OrderBy(f => f.Offset), right);
        Assert.Equal(left.OrderByDescending(f => f.Offset), left);
        foreach ((FingerReach r, FingerReach l) in right.Zip(left))
        {
            Assert.Equal(r.Offset, -l.Offset, 2e-3);
            Assert.Equal((r.White, r.Black), (l.White.Mirror(), l.Black.Mirror()));
            // Every finger, the thumb too, reaches the neighbouring white keys, and black ones.
            Assert.True(r.White.Contains(-0.0235) && r.White.Contains(0.0235) && r.Black.Contains(0));
        }
        // A hand spans at least a fifth of white keys.
        Assert.True(right[^1].Offset - right[0].Offset > 3.5 * 0.0235);
        Assert.True(rig.Posture.Span.HandWidth > right[^1].Offset - right[0].Offset);
    }

    [Fact]
    public void PressForcePushesThePressingTipDownAndLeavesTheRest()
    {
        const int Finger = 2;
        const double Newtons = 1.1, H = 1e-6;
        TipTarget[] targets = [.. Targets(rig.Posture.Pose).Select((t, f) => f == Finger ? t with { Push = Newtons } : t with { Push = 0 })];
        rig.Kinematics.SetPose(rig.Posture.Pose);
        double[] push = new double[rig.Scene.Actuators.Count];
        new PressForce(rig.Kinematics).Add(targets, push);

        // Virtual work: the actuators' torques on a small motion are the work of the force that pushes down.
        double[] up = new double[3], down = new double[3];
        for (int a = 0; a < push.Length; a++)
        {
            double[] moved = [.. rig.Posture.Pose];
            moved[a] += H;
            rig.Kinematics.SetPose(moved);
            rig.Kinematics.Tip(Finger, up);
            moved[a] -= 2 * H;
            rig.Kinematics.SetPose(moved);
            rig.Kinematics.Tip(Finger, down);
            bool carriage = rig.Scene.Actuators.Units[a] == JointUnit.Metre;
            double work = carriage ? 0 : -Newtons * (up[2] - down[2]) / (2 * H);
            Assert.Equal(work, push[a] * rig.Scene.ActuatorGains[a], 1e-6);
        }
        rig.Kinematics.SetPose([.. rig.Posture.Pose.Zip(push, (q, p) => q + (0.1 * p))]);
        rig.Kinematics.Tip(Finger, down);
        rig.Kinematics.SetPose(rig.Posture.Pose);
        rig.Kinematics.Tip(Finger, up);
        Assert.True(down[2] < up[2]);
    }

    private PianoWorld WorldAt(double[] pose)
    {
        var world = new PianoWorld(rig.Scene);
        double[] joints = new double[rig.Scene.Joints.Count];
        for (int a = 0; a < pose.Length; a++)
        {
            foreach (int j in rig.Scene.JointsOf(a))
                joints[j] = pose[a] / rig.Scene.JointsOf(a).Count;
        }
        world.SetJoints(joints);
        return world;
    }

    private double Inside(int actuator, double value)
    {
        double low = rig.Scene.ControlLow[actuator], high = rig.Scene.ControlHigh[actuator], margin = 0.1 * (high - low);
        return Math.Clamp(value, low + margin, high - margin);
    }

    // Where the finger's tip is while it holds the key at its stop.
    private TipTarget Press(int finger, PianoKey key)
    {
        var fingering = new FingeringPlan([new FingeredPress(new KeyPress(key.Index, 0, 2), finger)], []);
        return new TipReference(rig.Scene, fingering, 0, 2, rig.Kinematics.TipRadius, rig.Style with { Overdrive = 0 })[0, finger];
    }

    private TipTarget[] Targets(double[] pose)
    {
        rig.Kinematics.SetPose(pose);
        var targets = new TipTarget[rig.Scene.Fingers.Count];
        double[] tip = new double[3];
        for (int f = 0; f < targets.Length; f++)
        {
            rig.Kinematics.Tip(f, tip);
            targets[f] = new TipTarget(tip[0], tip[1], tip[2], 1, 1, 1, 39);
        }
        return targets;
    }

    private double[] TipErrors(double[] pose, TipTarget[] targets)
    {
        TipTarget[] reached = Targets(pose);
        return [.. reached.Zip(targets, (a, b) => Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2) + Math.Pow(a.Z - b.Z, 2)))];
    }

    private void AssertInTheBox(double[] pose)
    {
        double part = new InverseKinematicsOptions().Margin;
        for (int a = 0; a < pose.Length; a++)
        {
            double margin = rig.Scene.Actuators.Units[a] == JointUnit.Metre ? 0 : part * (rig.Scene.ControlHigh[a] - rig.Scene.ControlLow[a]);
            Assert.InRange(pose[a], rig.Scene.ControlLow[a] + margin - 1e-12, rig.Scene.ControlHigh[a] - margin + 1e-12);
        }
    }
}
