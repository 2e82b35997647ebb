using Legato.Sim;
using Legato.Sim.Scene;
using MuJoCo;

namespace Legato.Tests.Sim;

/// <summary>Names, order and units of actuators and joints, and where they stand in MuJoCo's arrays.</summary>
public class SceneLayoutTests
{
    private static readonly string[] FullActuators =
    [
        "A_WRJ2", "A_WRJ1", "A_THJ5", "A_THJ4", "A_THJ3", "A_THJ2", "A_THJ1", "A_FFJ4", "A_FFJ3", "A_FFJ0", "A_MFJ4", "A_MFJ3", "A_MFJ0",
        "A_RFJ4", "A_RFJ3", "A_RFJ0", "A_LFJ5", "A_LFJ4", "A_LFJ3", "A_LFJ0", "forearm_tx", "forearm_ty",
    ];

    private static readonly string[] FullJoints =
    [
        "WRJ2", "WRJ1", "FFJ4", "FFJ3", "FFJ2", "FFJ1", "MFJ4", "MFJ3", "MFJ2", "MFJ1", "RFJ4", "RFJ3", "RFJ2", "RFJ1",
        "LFJ5", "LFJ4", "LFJ3", "LFJ2", "LFJ1", "THJ5", "THJ4", "THJ3", "THJ2", "THJ1", "forearm_tx", "forearm_ty",
    ];

    private static readonly string[] Frozen = ["THJ5", "THJ1", "LFJ5"];

    [Theory]
    [InlineData(ActionSpace.Full, Embodiment.FiveFingers, 44, 52)]
    [InlineData(ActionSpace.Reduced, Embodiment.FiveFingers, 38, 46)]
    [InlineData(ActionSpace.Full, Embodiment.FourFingers, 36, 42)]
    [InlineData(ActionSpace.Reduced, Embodiment.FourFingers, 32, 38)]
    public void ActuatorsAndJointsStandInRoboPianistsOrder(ActionSpace actions, Embodiment embodiment, int actuators, int joints)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { ActionSpace = actions, Embodiment = embodiment });
        bool Has(string name)
        {
            string joint = name.Replace("A_", "", StringComparison.Ordinal);
            return !(actions == ActionSpace.Reduced && Frozen.Contains(joint)) && !(embodiment == Embodiment.FourFingers && joint.StartsWith("LF", StringComparison.Ordinal));
        }
        string[] BothHands(string[] names) => [.. names.Where(Has).Select(n => "rh_" + n), .. names.Where(Has).Select(n => "lh_" + n)];

        Assert.Equal(BothHands(FullActuators), scene.Actuators.Names);
        Assert.Equal(BothHands(FullJoints), scene.Joints.Names);
        Assert.Equal((actuators, joints), (scene.Actuators.Count, scene.Joints.Count));
        Assert.All(scene.Actuators.Names.Zip(scene.Actuators.Units), e => Assert.Equal(e.First.Contains("forearm", StringComparison.Ordinal) ? JointUnit.Metre : JointUnit.Radian, e.Second));
        Assert.All(scene.Joints.Names.Zip(scene.Joints.Units), e => Assert.Equal(e.First.Contains("forearm", StringComparison.Ordinal) ? JointUnit.Metre : JointUnit.Radian, e.Second));
    }

    [Fact]
    public void GeneralisedPositionsAreKeysThenRightThenLeftHandWithTheCarriageFirst()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        string[] hand = ["forearm_tx", "forearm_ty", .. FullJoints.Where(j => !j.StartsWith("forearm", StringComparison.Ordinal))];
        string[] expected =
        [
            .. Enumerable.Range(0, 88).Select(k => $"{(IsBlack(k) ? "black" : "white")}_joint_{k}"),
            .. hand.Select(j => "rh_" + j),
            .. hand.Select(j => "lh_" + j),
        ];

        Assert.Equal(140, scene.Model.NQ);
        Assert.Equal(expected, Enumerable.Range(0, scene.Model.NQ).Select(j => scene.Model.Name(MjObject.Joint, j)));
        Assert.Equal(Enumerable.Range(0, 140), scene.Model.JntQposAdr.ToArray());
        Assert.Equal(Enumerable.Range(0, 88), scene.KeyQposAddresses);
    }

    [Fact]
    public void AddressesLeadToTheNamedJoints()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { ActionSpace = ActionSpace.Reduced });
        for (int j = 0; j < scene.Joints.Count; j++)
        {
            int id = scene.Model.RequireId(MjObject.Joint, scene.Joints.Names[j]);
            Assert.Equal((id, scene.Model.JntQposAdr[id], scene.Model.JntDofAdr[id]), (scene.JointIds[j], scene.JointQposAddresses[j], scene.JointDofAddresses[j]));
        }
    }

    [Fact]
    public void AnActuatorDrivesItsJointAndATendonTheOuterTwo()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        string[] Of(string actuator) => [.. scene.JointsOf(scene.Actuators.Require(actuator)).Select(j => scene.Joints.Names[j])];

        Assert.Equal(["rh_WRJ1"], Of("rh_A_WRJ1"));
        Assert.Equal(["lh_MFJ2", "lh_MFJ1"], Of("lh_A_MFJ0"));
        Assert.Equal(["lh_forearm_ty"], Of("lh_forearm_ty"));
        Assert.Equal(scene.Joints.Count, Enumerable.Range(0, scene.Actuators.Count).SelectMany(a => scene.JointsOf(a)).Distinct().Count());
    }

    [Fact]
    public void TheReducedThumbCannotBendBackwards()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { ActionSpace = ActionSpace.Reduced });
        foreach (string prefix in (string[])["rh_", "lh_"])
        {
            int actuator = scene.Actuators.Require(prefix + "A_THJ2"), joint = scene.Model.RequireId(MjObject.Joint, prefix + "THJ2");
            Assert.Equal((0, 0.698132), (scene.ControlLow[actuator], scene.ControlHigh[actuator]));
            Assert.Equal([0, 0.698132], scene.Model.JntRange.Slice(2 * joint, 2).ToArray());
        }
    }

    [Fact]
    public void FingersAreThumbToLittleFingerRightHandFirst()
    {
        using PianoScene five = PianoScene.Build(new SceneOptions()), four = PianoScene.Build(new SceneOptions { Embodiment = Embodiment.FourFingers });

        Assert.Equal(
            from side in (HandSide[])[HandSide.Right, HandSide.Left] from digit in Enumerable.Range(0, 5) select (side, digit),
            five.Fingers.Select(f => (f.Side, f.Digit)));
        Assert.Equal(
            from side in (HandSide[])[HandSide.Right, HandSide.Left] from digit in Enumerable.Range(0, 4) select (side, digit),
            four.Fingers.Select(f => (f.Side, f.Digit)));
        Assert.All(five.Fingers, f => Assert.EndsWith("distal", five.Model.Name(MjObject.Body, f.Body)));
    }

    private static bool IsBlack(int key) => (key % 12) is 1 or 4 or 6 or 9 or 11;
}
