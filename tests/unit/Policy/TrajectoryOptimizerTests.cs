using Legato.Music;
using Legato.Policy;
using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Policy.Planning;
using Legato.Sim;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using MuJoCo;

namespace Legato.Tests.Policy;

/// <summary>Poses over a whole song: on the keys, clear of everything else, within limits, whatever the horizon.</summary>
public sealed class TrajectoryOptimizerTests(Rig rig) : IClassFixture<Rig>
{
    private const int LeadIn = 20;

    // Both hands close together: thirds in the right hand, a bass in the left one.
    private static readonly NoteTrajectory Duet = Rig.Song((27, 0), (39, 0), (43, 0), (29, 0.5), (41, 0.5), (44, 0.5), (31, 1), (43, 1), (46, 1));

    private static readonly FingeringPlan Fingers = new(
    [
        .. KeyPress.Of(Duet).Select(p => new FingeredPress(p, p.Key switch { 27 => 9, 29 => 8, 31 => 7, 39 => 1, 41 => 2, 43 => p.Start == 0 ? 3 : 2, 44 => 4, _ => 4 })),
    ],
    []);

    [Fact]
    public void PressingFingertipsAreOnTheirKeys() => Assert.InRange(Solve(new TrajectoryOptions()).WorstError, 0, 0.004);

    [Fact]
    public void LinksStayClearOfEachOtherAndOfKeysThatTheyDoNotPlay()
    {
        double clear = Deepest(Solve(new TrajectoryOptions())), blind = Deepest(Solve(new TrajectoryOptions { Touch = 0 }));
        Assert.InRange(clear, 0, 0.001);
        Assert.True(blind > 0.002, $"without a price on touching, the same song touches by {blind} m");
    }

    [Fact]
    public void PosesKeepTheirMarginsAndTheHandsTheirDistance()
    {
        var options = new TrajectoryOptions();
        CommandTable poses = Solve(options).Poses;
        PianoScene scene = rig.Scene;
        int right = scene.Actuators.Require("rh_forearm_tx"), left = scene.Actuators.Require("lh_forearm_tx");
        // Before that, the hands come from the robot's zero pose.
        for (int t = LeadIn; t < poses.Steps; t++)
        {
            for (int a = 0; a < scene.Actuators.Count; a++)
            {
                double margin = scene.Actuators.Units[a] == JointUnit.Metre ? 0 : options.Margin * (scene.ControlHigh[a] - scene.ControlLow[a]);
                Assert.InRange(poses[t][a], scene.ControlLow[a] + margin - 1e-9, scene.ControlHigh[a] - margin + 1e-9);
            }
            Assert.True(poses[t][right] + HandSide.Right.RootY() - poses[t][left] - HandSide.Left.RootY() > rig.Posture.Span.HandWidth - 0.01);
        }
    }

    [Fact]
    public void HorizonByHorizonIsNearlyTheWhole()
    {
        MotionReference whole = Solve(new TrajectoryOptions()), parts = Solve(new TrajectoryOptions { Horizon = 20, LookAhead = 15 });
        Span<double> a = stackalloc double[3], b = stackalloc double[3];
        foreach (FingeredPress press in Fingers.Presses)
        {
            rig.Kinematics.SetPose(whole.Poses[LeadIn + press.Press.Start]);
            rig.Kinematics.Tip(press.Finger, a);
            rig.Kinematics.SetPose(parts.Poses[LeadIn + press.Press.Start]);
            rig.Kinematics.Tip(press.Finger, b);
            Assert.Equal(a[1], b[1], 0.003);
            Assert.Equal(a[2], b[2], 0.003);
        }
    }

    [Fact]
    public void AFingerThatCannotStayLetsGoInTime()
    {
        // One finger's key is held for a second while its hand has to play an octave and a half away.
        NoteTrajectory leap = NoteTrajectory.FromScore(new Score("leap", [new ScoreNote(0, 1.5, 39, 80), new ScoreNote(1, 1.5, 58, 80)]));
        var fingering = new FingeringPlan([.. KeyPress.Of(leap).Select(p => new FingeredPress(p, p.Key == 39 ? 1 : 4))], []);
        MotionReference stays = Build(leap, fingering, new TrajectoryOptions { ReleaseEarly = false }), lets = Build(leap, fingering, new TrajectoryOptions());

        Assert.True(stays.Tips[LeadIn + 19, 1].Pressing);
        Assert.True(lets.Tips[LeadIn + 5, 1].Pressing);
        Assert.False(lets.Tips[LeadIn + 19, 1].Pressing);
        Assert.True(Miss(lets, 4, LeadIn + 20) < 0.005);
        Assert.True(Miss(lets, 4, LeadIn + 20) < Miss(stays, 4, LeadIn + 20));
    }

    private MotionReference Solve(TrajectoryOptions options) => Build(Duet, Fingers, options);

    private MotionReference Build(NoteTrajectory song, FingeringPlan fingering, TrajectoryOptions options) =>
        ReferenceBuilder.Build(rig.Kinematics, rig.Posture, fingering, LeadIn, song.Count, rig.Style, options);

    private double Miss(MotionReference reference, int finger, int step)
    {
        Span<double> tip = stackalloc double[3];
        rig.Kinematics.SetPose(reference.Poses[step]);
        rig.Kinematics.Tip(finger, tip);
        return Math.Abs(tip[1] - reference.Tips[step, finger].Y);
    }

    private static string Body(PianoKey key) => key.JointName.Replace("joint", "key", StringComparison.Ordinal);

    // How deep links are in each other, or in keys that nobody plays at that step or next to it, m.
    private double Deepest(MotionReference reference)
    {
        double deepest = 0;
        MjModel model = rig.Scene.Model;
        for (int t = LeadIn; t < reference.Poses.Steps; t++)
        {
            bool[] touched = new bool[PianoGeometry.KeyCount];
            for (int near = Math.Max(0, t - 1); near <= Math.Min(reference.Poses.Steps - 1, t + 1); near++)
            {
                for (int f = 0; f < rig.Scene.Fingers.Count; f++)
                {
                    if (reference.Tips[near, f].Key is >= 0 and int key)
                        touched[key] = true;
                }
            }
            for (int k = 0; k < touched.Length; k++)
                rig.Kinematics.SetKey(k, touched[k] ? 1 : 0);
            rig.Kinematics.SetPose(reference.Poses[t]);
            foreach (MjContact contact in rig.Kinematics.FindContacts())
            {
                string a = model.Name(MjObject.Body, model.GeomBodyId[contact.Geom1]) ?? "", b = model.Name(MjObject.Body, model.GeomBodyId[contact.Geom2]) ?? "";
                if (!PianoGeometry.Keys.Any(k => touched[k.Index] && (a == Body(k) || b == Body(k))))
                    deepest = Math.Max(deepest, -contact.Dist);
            }
        }
        for (int k = 0; k < PianoGeometry.KeyCount; k++)
            rig.Kinematics.SetKey(k, 0);
        return deepest;
    }
}
