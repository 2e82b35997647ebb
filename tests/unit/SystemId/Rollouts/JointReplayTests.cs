using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Rollouts;

namespace Legato.Tests.SystemId.Rollouts;

[Collection(HeavyFits.Name)]
public sealed class JointReplayTests
{
    private static readonly SimParameters Rig = SimParameters.Nominal
        .With("right_hand.delay", 0.013).With("left_hand.delay", 0.022).With("rails.delay", 0.004)
        .With("right_hand.report_lag", 0.012).With("left_hand.report_lag", 0.031)
        .With("flexion.gain", 0.8).With("flexion.offset", 0.02).With("coupled.offset", -0.03).With("rails.offset", 0.001)
        .With("wrist.damping", 1.6).With("spread.backlash", 0.01).With("coupled.deadband", 0.003).With("thumb.slew", 2);

    private static readonly EncoderNoise Clean = new(1e-4, 1e-5);

    [Fact]
    public void FromRestTheRightParametersGiveTheReports()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Contacts = ContactSet.None });
        MotionRecord record = RecordedRig.Play(scene, Rig, 1.5, Motion);
        var replay = new JointReplay(scene, record, new ReplayOptions { SegmentLength = double.PositiveInfinity, Settle = 0.1, Noise = Clean });
        Assert.Single(replay.Segments);
        double[] errors = Errors(replay, record, Rig);
        Assert.True(errors.Max() < 2e-3, $"{errors.Max()}");
        // Each effect shows: leaving one out is worse. Zeros of sensors do not, as drives regulate what their sensors read.
        foreach (string name in (string[])["right_hand.delay", "left_hand.report_lag", "flexion.gain", "wrist.damping", "thumb.slew"])
            Assert.True(Errors(replay, record, Rig.With(name, ParameterSchema.Find(name).Default)).Max() > 3 * errors.Max(), name);
    }

    [Fact]
    public void SegmentsStartFromTheMeasuredMotion()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Contacts = ContactSet.None });
        MotionRecord record = RecordedRig.Play(scene, Rig, 2.5, Motion);
        var replay = new JointReplay(scene, record, new ReplayOptions { SegmentLength = 0.5, Settle = 0.05, Noise = Clean });
        Assert.InRange(replay.Segments.Count, 4, 5);
        double[] errors = Errors(replay, record, Rig);
        Assert.True(Math.Sqrt(errors.Average(e => e * e)) < 2e-3, $"{Math.Sqrt(errors.Average(e => e * e))}");
        Assert.True(errors.Max() < 0.05, $"{errors.Max()}");
        // What is wrong with a start is forgotten: errors shrink with the time to settle, down to next to nothing.
        double[] settled = Errors(new JointReplay(scene, record, new ReplayOptions { SegmentLength = 0.5, Settle = 0.6, Noise = Clean }), record, Rig);
        Assert.True(Math.Sqrt(settled.Average(e => e * e)) < 2e-4, $"{Math.Sqrt(settled.Average(e => e * e))}");
    }

    [Fact]
    public void SamplesAreLostOnlyWhileTheFirstSegmentSettles()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Contacts = ContactSet.None });
        MotionRecord record = RecordedRig.Play(scene, SimParameters.Nominal, 2, Motion);
        var replay = new JointReplay(scene, record, new ReplayOptions { SegmentLength = 0.4, Settle = 0.3 });
        Assert.True(replay.Segments.Count > 3);
        Assert.Equal(Enumerable.Range(30, record.MeasuredTimes.Length - 30), replay.Samples);
        Assert.All(replay.Segments, s => Assert.True(record.MeasuredTimes[s.First] - s.Start > 0.299));
    }

    [Fact]
    public void ThreadsDoNotChangeABit()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Contacts = ContactSet.None });
        MotionRecord record = RecordedRig.Play(scene, Rig, 1, Motion, noise: 0.003);
        SimParameters[] rigs = [Rig, SimParameters.Nominal, Rig.With("wrist.gain", 0.9)];
        double[][] Predict(int threads) => new JointReplay(scene, record, new ReplayOptions { SegmentLength = 0.3, Settle = 0.1, Threads = threads }).Predict(rigs);
        double[][] one = Predict(1), four = Predict(4);
        for (int r = 0; r < rigs.Length; r++)
            Assert.Equal(one[r].Select(BitConverter.DoubleToInt64Bits), four[r].Select(BitConverter.DoubleToInt64Bits));
        Assert.NotEqual(one[0], one[2]);
    }

    [Fact]
    public void RecordsOfAnotherRobotAndDamagedOnesAreRefused()
    {
        using PianoScene full = PianoScene.Build(new SceneOptions { Contacts = ContactSet.None }), reduced = PianoScene.Build(new SceneOptions { ActionSpace = ActionSpace.Reduced });
        MotionRecord record = RecordedRig.Play(full, SimParameters.Nominal, 0.1, (_, _) => 0);
        Assert.Throws<InputException>(() => new JointReplay(reduced, record));
        Assert.Throws<InputException>(() => new JointReplay(full, record, new ReplayOptions { Settle = 1 }));
        double[][] broken = [.. record.Measured.Select(row => (double[])row.Clone())];
        broken[2][5] = double.NaN;
        Assert.Throws<InputException>(() => new MotionRecord(record.Actuators, record.CommandTimes, record.Targets, record.Joints, record.MeasuredTimes, broken));
        Assert.Throws<InputException>(() => new MotionRecord(record.Actuators, [.. record.CommandTimes.Reverse()], record.Targets, record.Joints, record.MeasuredTimes, record.Measured));
    }

    // Smooth motions of every drive, each with its own speed; rails move a little.
    private static double Motion(string drive, double time)
    {
        int number = Array.IndexOf([.. ParameterSchema.Drives], drive);
        double wave = 0.5 - (0.5 * Math.Cos(2 * Math.PI * (0.5 + (0.05 * (number % 20))) * time));
        return ParameterSchema.GroupOf(drive) switch
        {
            "rails" => 0.02 * wave,
            "coupled" => 0.8 * wave,
            _ => 0.3 * wave,
        };
    }

    private static double[] Errors(JointReplay replay, MotionRecord record, SimParameters rig)
    {
        double[] predicted = replay.Predict([rig])[0];
        int joints = record.Joints.Count;
        return [.. predicted.Select((q, i) => Math.Abs(q - record.Measured[replay.Samples[i / joints]][i % joints]))];
    }
}
