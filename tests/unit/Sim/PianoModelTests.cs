using System.Globalization;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using MuJoCo;

namespace Legato.Tests.Sim;

/// <summary>Places, sizes, joints and contact settings of the piano against the figures of RoboPianist's.</summary>
public sealed class PianoModelTests : IDisposable
{
    // Body y of all 88 keys in RoboPianist 1.0.10, m; b marks black keys.
    private const string Table = """
        -0.59925 -0.58750b -0.57575 -0.55225 -0.54000b -0.52875 -0.51650b -0.50525 -0.48175 -0.46950b -0.45825
        -0.44600b -0.43475 -0.42250b -0.41125 -0.38775 -0.37550b -0.36425 -0.35200b -0.34075 -0.31725
        -0.30500b -0.29375 -0.28150b -0.27025 -0.25800b -0.24675 -0.22325 -0.21100b -0.19975 -0.18750b
        -0.17625 -0.15275 -0.14050b -0.12925 -0.11700b -0.10575 -0.09350b -0.08225 -0.05875 -0.04650b
        -0.03525 -0.02300b -0.01175 0.01175 0.02400b 0.03525 0.04750b 0.05875 0.07100b 0.08225
        0.10575 0.11800b 0.12925 0.14150b 0.15275 0.17625 0.18850b 0.19975 0.21200b 0.22325
        0.23550b 0.24675 0.27025 0.28250b 0.29375 0.30600b 0.31725 0.34075 0.35300b 0.36425
        0.37650b 0.38775 0.40000b 0.41125 0.43475 0.44700b 0.45825 0.47050b 0.48175 0.50525
        0.51750b 0.52875 0.54100b 0.55225 0.56450b 0.57575 0.59925
        """;

    private readonly PianoScene _scene = PianoScene.Build(new SceneOptions());

    private static (double Y, bool Black)[] Keys { get; } =
        [.. Table.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(e => (double.Parse(e.TrimEnd('b'), CultureInfo.InvariantCulture), e.EndsWith('b')))];

    private MjModel Model => _scene.Model;

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void All88KeysStandWhereTheyShould()
    {
        Assert.Equal(88, Keys.Length);
        for (int k = 0; k < 88; k++)
        {
            (double y, bool black) = Keys[k];
            Assert.Equal(black, PianoGeometry.Keys[k].IsBlack);
            Assert.Equal(y, PianoGeometry.Keys[k].Y, 1e-9);
            int body = Model.RequireId(MjObject.Body, $"{(black ? "black" : "white")}_key_{k}");
            Assert.Equal(black ? -0.03 : 0, Model.BodyPos[3 * body], 1e-12);
            Assert.Equal(y, Model.BodyPos[(3 * body) + 1], 1e-9);
            Assert.Equal(black ? 0.026 : 0.01125, Model.BodyPos[(3 * body) + 2], 1e-12);
        }
        // The piano's own frame is the world's.
        int piano = Model.RequireId(MjObject.Body, "piano");
        Assert.Equal([0, 0, 0], Model.BodyPos.Slice(3 * piano, 3).ToArray());
        Assert.Equal([1, 0, 0, 0], Model.BodyQuat.Slice(4 * piano, 4).ToArray());
    }

    [Fact]
    public void KeysHaveTheirSizesMassesAndHinges()
    {
        for (int k = 0; k < 88; k++)
        {
            bool black = Keys[k].Black;
            (int body, int geom, int joint) = Ids(k);
            double[] half = black ? [0.045, 0.005, 0.009] : [0.075, 0.01125, 0.01125];
            double mass = black ? 0.02 : 0.04;
            Assert.Equal((int)MjGeomType.Box, Model.GeomType[geom]);
            Assert.Equal(mass, Model.BodyMass[body], 1e-12);
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(half[i], Model.GeomSize[(3 * geom) + i], 1e-12);
                Assert.Equal(i == 1 ? 1 : 0, Model.JntAxis[(3 * joint) + i], 1e-12);
                Assert.Equal(i == 0 ? -half[0] : 0, Model.JntPos[(3 * joint) + i], 1e-12);
            }
            // A uniform box about its own centre.
            Assert.Equal(mass / 3 * ((half[0] * half[0]) + (half[2] * half[2])), PitchInertia(body), 1e-12);
        }
    }

    [Fact]
    public void HingesHaveTheirTravelSpringAndDamping()
    {
        for (int k = 0; k < 88; k++)
        {
            bool black = Keys[k].Black;
            (_, _, int joint) = Ids(k);
            int dof = Model.JntDofAdr[joint];
            Assert.Equal(0, Model.JntRange[2 * joint]);
            Assert.Equal(black ? 0.0886559 : 0.0665682, Model.JntRange[(2 * joint) + 1], 5e-8);
            Assert.Equal(1, Model.JntLimited[joint]);
            Assert.Equal((2, 0.05, 0.001, 0), (Model.JntStiffness[joint], Model.DofDamping[dof], Model.DofArmature[dof], Model.DofFrictionLoss[dof]));
            Assert.Equal(black ? 0.0799292 : 0.0578415, _scene.KeyActivation[k], 5e-8);
            Assert.Equal(Model.JntRange[(2 * joint) + 1], _scene.KeyTravel[k]);
        }
    }

    [Fact]
    public void TheBaseStandsTwoMillimetresBehindTheKeys()
    {
        int geom = Model.RequireId(MjObject.Geom, "piano_base");
        double[] half = Model.GeomSize.Slice(3 * geom, 3).ToArray(), at = Model.GeomPos.Slice(3 * geom, 3).ToArray();
        double[] expectedHalf = [0.05, 0.6105, 0.02], expectedAt = [-0.127, 0, 0.02];
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(expectedHalf[i], half[i], 1e-12);
            Assert.Equal(expectedAt[i], at[i], 1e-12);
        }
        Assert.Equal(0.002, -0.075 - (at[0] + half[0]), 1e-12);
    }

    [Fact]
    public void ContactAndSolverSettingsAreRoboPianists()
    {
        foreach (int geom in Enumerable.Range(0, Model.NGeom))
        {
            if (Model.Name(MjObject.Geom, geom) == "floor")
            {
                Assert.Equal((0, 0), (Model.GeomContype[geom], Model.GeomConaffinity[geom]));
                continue;
            }
            bool hand = Model.Name(MjObject.Body, Model.GeomBodyId[geom])!.Contains("h_", StringComparison.Ordinal);
            Assert.Equal(3, Model.GeomCondim[geom]);
            Assert.Equal([1, 0.005, 0.0001], Model.GeomFriction.Slice(3 * geom, 3).ToArray());
            Assert.Equal((hand ? 1 : 0, 1), (Model.GeomContype[geom], Model.GeomConaffinity[geom]));
            Assert.Equal(hand ? [0.005, 1] : [0.01, 1], Model.GeomSolref.Slice(2 * geom, 2).ToArray());
            Assert.Equal(hand ? [0.5, 0.99, 0.0001] : [0.9, 0.95, 0.001], Model.GeomSolimp.Slice(5 * geom, 3).ToArray());
        }
        Assert.Equal((0.005, 10, MjCone.Pyramidal, MjSolver.Newton, MjIntegrator.Euler, 100), (Model.Timestep, Model.ImpRatio, Model.Cone, Model.Solver, Model.Integrator, Model.Iterations));
        Assert.Equal([0, 0, 0], Model.Gravity.ToArray());
        Assert.Equal(10, _scene.Options.Substeps);
    }

    private (int Body, int Geom, int Joint) Ids(int key)
    {
        int body = Model.RequireId(MjObject.Body, PianoGeometry.Keys[key].BodyName);
        Assert.Equal(1, Model.BodyGeomNum[body]);
        return (body, Model.BodyGeomAdr[body], Model.RequireId(MjObject.Joint, PianoGeometry.Keys[key].JointName));
    }

    private double PitchInertia(int body)
    {
        double[] axis = Rotation.Of(Model.BodyIQuat.Slice(4 * body, 4)) is var r ? [r.Apply([1, 0, 0])[1], r.Apply([0, 1, 0])[1], r.Apply([0, 0, 1])[1]] : [];
        double sum = 0;
        for (int i = 0; i < 3; i++)
            sum += axis[i] * axis[i] * Model.BodyInertia[(3 * body) + i];
        return sum;
    }
}
