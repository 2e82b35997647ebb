using Legato.Sim;
using Legato.Sim.Scene;
using Legato.SystemId.Checks;
using Legato.SystemId.Rollouts;

namespace Legato.Tests.SystemId.Checks;

public sealed class MappingCheckTests : IClassFixture<MappingCheckTests.MovingHands>
{
    private readonly PianoScene _scene;
    private readonly RawRecording _clean;

    public MappingCheckTests(MovingHands hands) => (_scene, _clean) = (hands.Scene, hands.Recording);

    [Fact]
    public void EveryDriveFollowsItsOwnTarget() => Assert.Empty(Judge(_clean));

    [Theory]
    [InlineData("rh_FFJ3", "rh_MFJ3")]
    [InlineData("rh_WRJ1", "rh_WRJ2")]
    [InlineData("rh_THJ4", "lh_THJ4")]
    [InlineData("rh_forearm_tx", "lh_forearm_tx")]
    public void SwappedJointsAreNamed(string one, string other)
    {
        int a = _scene.Joints.Require(one), b = _scene.Joints.Require(other);
        Finding swapped = Assert.Single(Judge(_clean.WithMeasured(row => [.. row.Select((q, j) => j == a ? row[b] : j == b ? row[a] : q)])));
        Assert.Equal((Severity.Error, "swapped-joints"), (swapped.Severity, swapped.Code));
        Assert.Contains("the two are swapped", swapped.Message, StringComparison.Ordinal);
        Assert.Contains(one, swapped.Message, StringComparison.Ordinal);
        Assert.Contains(other, swapped.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rh_FFJ3")]
    [InlineData("lh_WRJ2")]
    [InlineData("rh_forearm_ty")]
    public void AFlippedSignIsNamed(string joint)
    {
        int flipped = _scene.Joints.Require(joint);
        Finding finding = Assert.Single(Judge(_clean.WithMeasured(row => [.. row.Select((q, j) => j == flipped ? -q : q)])));
        Assert.Equal((Severity.Error, "flipped-sign"), (finding.Severity, finding.Code));
        Assert.Contains(joint, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SwappedHandsAreOneFinding()
    {
        int half = _scene.Joints.Count / 2;
        Finding finding = Assert.Single(Judge(_clean.WithMeasured(row => [.. row[half..], .. row[..half]])));
        Assert.Equal((Severity.Error, "wrong-hand"), (finding.Severity, finding.Code));
    }

    [Fact]
    public void AJointThatFollowsAnotherAloneIsNamed()
    {
        int a = _scene.Joints.Require("rh_FFJ3"), b = _scene.Joints.Require("rh_RFJ3");
        Finding finding = Assert.Single(Judge(_clean.WithMeasured(row => [.. row.Select((q, j) => j == a ? row[b] : q)])));
        Assert.Equal("wrong-joint", finding.Code);
        Assert.Contains("rh_FFJ3 follows the target of rh_RFJ3", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TargetsThatMoveAlikeAccuseNobody()
    {
        int a = _scene.Actuators.Require("rh_A_FFJ3"), b = _scene.Actuators.Require("rh_A_MFJ3");
        int ja = _scene.Joints.Require("rh_FFJ3"), jb = _scene.Joints.Require("rh_MFJ3");
        RawRecording alike = _clean.WithMeasured(row => [.. row.Select((q, j) => j == jb ? row[ja] : q)]) with
        {
            Targets = [.. _clean.Targets.Select(row => (double[])[.. row.Select((t, i) => i == b ? row[a] : t)])],
        };
        Assert.Empty(Judge(alike));
    }

    [Fact]
    public void AWristThatTheRailsShakeIsAWarning()
    {
        int wrist = _scene.Joints.Require("rh_WRJ2");
        var random = new Random(3);
        Finding finding = Assert.Single(Judge(_clean.WithMeasured(row => [.. row.Select((q, j) => j == wrist ? q + (0.5 * random.NextDouble()) : q)])));
        Assert.Equal((Severity.Warning, "hardly-follows"), (finding.Severity, finding.Code));
        Assert.Contains("rh_WRJ2", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherRobotIsRefusedByTheNamesThatAreMissing()
    {
        string[] names = [.. _clean.Joints.Names.Select(n => n == "rh_LFJ5" ? "rh_XFJ5" : n)];
        Finding finding = Assert.Single(Judge(_clean with { Joints = PianoScene.LayoutOf(names) }));
        Assert.Equal((Severity.Error, "wrong-robot"), (finding.Severity, finding.Code));
        Assert.Contains("missing rh_LFJ5; unknown rh_XFJ5", finding.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<Finding> Judge(RawRecording recording) => new MappingCheck(_scene, new EncoderNoise()).Judge(recording);

    public sealed class MovingHands : IDisposable
    {
        public MovingHands() => Recording = Recordings.Make(Scene, _ => true, seconds: 8);

        public PianoScene Scene { get; } = PianoScene.Build(new SceneOptions { Contacts = ContactSet.None });

        internal RawRecording Recording { get; }

        public void Dispose() => Scene.Dispose();
    }
}
