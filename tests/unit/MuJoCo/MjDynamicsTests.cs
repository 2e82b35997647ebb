using FsCheck;
using FsCheck.Fluent;
using MuJoCo;

namespace Legato.Tests.MuJoCo;

/// <summary>Jacobians, inertia, inverse dynamics and contacts against independent calculations.</summary>
public class MjDynamicsTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, 100_000).ToArbitrary();
    private const int Few = 30;

    private delegate void Jacobian(MjData data, Span<double> jacp, Span<double> jacr);

    private delegate ReadOnlySpan<double> Pose(MjData data);

    [Fact]
    public void SiteJacobianIsTheDerivativeOfItsPose()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        CheckJacobian(model, (d, p, r) => d.JacSite(0, p, r), d => d.SiteXPos, d => d.SiteXMat);
    }

    [Fact]
    public void BodyJacobiansAreTheDerivativesOfFrameAndCentreOfMass()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        int hand = model.RequireId(MjObject.Body, "hand");
        CheckJacobian(model, (d, p, r) => d.JacBody(hand, p, r), d => d.XPos.Slice(3 * hand, 3), d => d.XMat.Slice(9 * hand, 9));
        CheckJacobian(model, (d, p, r) => d.JacBodyCom(hand, p, r), d => d.XIPos.Slice(3 * hand, 3), d => d.XIMat.Slice(9 * hand, 9));
    }

    [Fact]
    public void GeomAndPointJacobiansAgreeWithTheGeomsMotion()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        int finger = model.RequireId(MjObject.Geom, "finger");
        int body = model.GeomBodyId[finger];
        CheckJacobian(model, (d, p, r) => d.JacGeom(finger, p, r), d => d.GeomXPos.Slice(3 * finger, 3), d => d.GeomXMat.Slice(9 * finger, 9));
        CheckJacobian(model, (d, p, r) => d.JacPoint(d.GeomXPos.Slice(3 * finger, 3), body, p, r), d => d.GeomXPos.Slice(3 * finger, 3), d => d.GeomXMat.Slice(9 * finger, 9));
    }

    [Fact]
    public void JacobianArgumentsAreChecked()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        using var data = new MjData(model);
        double[] right = new double[3 * model.NV];

        Assert.Throws<ArgumentOutOfRangeException>(() => data.JacSite(1, right, right));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.JacBody(-1, right, right));
        Assert.Throws<ArgumentException>(() => data.JacGeom(0, right, right.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => data.JacBodyCom(0, new double[1], right));
        Assert.Throws<ArgumentException>(() => data.JacPoint([0, 0], 0, right, right));
    }

    [Fact]
    public void MassMatrixGivesTheKineticEnergyAndItsProductsAgree()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        model.EnableFlags |= MjEnableFlags.Energy;
        int nv = model.NV;

        Prop.ForAll(Seeds, seed =>
        {
            using MjData data = Random(model, seed, out double[] velocity);
            velocity.CopyTo(data.Qvel);
            data.Forward();
            double[] matrix = new double[nv * nv];
            double[] product = new double[nv];
            double[] solved = new double[nv];
            data.FullMassMatrix(matrix);
            data.MulM(product, velocity);
            data.SolveM(solved, product);

            for (int i = 0; i < nv; i++)
            {
                double row = 0;
                for (int j = 0; j < nv; j++)
                {
                    Assert.Equal(matrix[(i * nv) + j], matrix[(j * nv) + i]);
                    row += matrix[(i * nv) + j] * velocity[j];
                }

                Assert.Equal(row, product[i], tolerance: 1e-9);
                Assert.Equal(velocity[i], solved[i], tolerance: 1e-9);
            }

            Assert.Equal(data.Energy[1], 0.5 * product.Zip(velocity, (p, v) => p * v).Sum(), tolerance: 1e-9);
        }).Holds(Few);
    }

    [Fact]
    public void MassMatrixArgumentsAreChecked()
    {
        using MjModel model = MjModel.FromXmlString(Models.Ball);
        using var data = new MjData(model);
        double[] six = new double[6];

        Assert.Throws<ArgumentException>(() => data.FullMassMatrix(six));
        Assert.Throws<ArgumentException>(() => data.MulM(six, new double[5]));
        Assert.Throws<ArgumentException>(() => data.MulM(six, six));
        Assert.Throws<ArgumentException>(() => data.SolveM(new double[7], new double[7]));
        Assert.Throws<ArgumentException>(() => data.SolveM(six, new double[12]));
    }

    [Fact]
    public void InverseDynamicsReturnsTheForcesThatWereApplied()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        model.DisableFlags = MjDisableFlags.Constraint;
        using MjData data = Models.MovingArm(model, seed: 9, steps: 30);
        data.XfrcApplied.Clear();
        data.Forward();
        double[] applied = data.QfrcApplied.ToArray();
        double[] actuated = data.QfrcActuator.ToArray();

        data.Inverse();

        for (int i = 0; i < model.NV; i++)
            Assert.Equal(applied[i] + actuated[i], data.QfrcInverse[i], tolerance: 1e-9);
    }

    [Fact]
    public void BallAtRestHasOneContactThatCarriesItsWeight()
    {
        using MjModel model = MjModel.FromXmlString(Models.Ball);
        using var data = new MjData(model);
        data.Step(3000);

        MjContact contact = Assert.Single(data.Contacts.ToArray());

        Assert.Equal((model.RequireId(MjObject.Geom, "floor"), model.RequireId(MjObject.Geom, "ball")), (contact.Geom1, contact.Geom2));
        Assert.Equal(data.Qpos[2] - 0.1, contact.Dist, tolerance: 1e-9);
        Assert.InRange(contact.Dist, -0.001, 0);
        Assert.Equal(contact.Dist / 2, contact.Pos[2], tolerance: 1e-9);
        ReadOnlySpan<double> frame = contact.Frame;
        Assert.Equal([0, 0, 1], frame[..3].ToArray());
        Assert.Equal(3, contact.Dim);
        Assert.Equal([1, 1, 0.005, 0.0001, 0.0001], ((ReadOnlySpan<double>)contact.Friction).ToArray());
        Assert.Equal(0.02, contact.Solref[0]);
        Assert.Equal(0, contact.Exclude);
        Assert.Equal(0, contact.EfcAddress);

        double[] force = new double[6];
        data.ContactForce(0, force);
        Assert.Equal(9.81, force[0], tolerance: 1e-5);
        Assert.All(force[1..], value => Assert.Equal(0, value, tolerance: 1e-5));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.ContactForce(1, force));
        Assert.Throws<ArgumentException>(() => data.ContactForce(0, new double[5]));
    }

    private static void CheckJacobian(MjModel model, Jacobian jacobian, Pose position, Pose rotation)
    {
        const double h = 1e-6;
        int nv = model.NV;

        Prop.ForAll(Seeds, seed =>
        {
            using MjData data = Random(model, seed, out double[] velocity);
            double[] middle = data.Qpos.ToArray();
            double[] jacp = new double[3 * nv];
            double[] jacr = new double[3 * nv];
            jacobian(data, jacp, jacr);
            double[] alone = new double[3 * nv];
            jacobian(data, [], alone);
            Assert.Equal(jacr, alone);

            (double[] afterPosition, double[] afterRotation) = PoseAt(data, middle, velocity, h, position, rotation);
            (double[] beforePosition, double[] beforeRotation) = PoseAt(data, middle, velocity, -h, position, rotation);
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal((afterPosition[i] - beforePosition[i]) / (2 * h), Row(jacp, i), tolerance: 1e-7);

                // ω from the antisymmetric part of R(h) R(−h)ᵀ ≈ 1 + 2h [ω].
                (int j, int k) = ((i + 1) % 3, (i + 2) % 3);
                Assert.Equal((Dot(afterRotation, k, beforeRotation, j) - Dot(afterRotation, j, beforeRotation, k)) / (4 * h), Row(jacr, i), tolerance: 1e-7);
            }

            double Row(double[] matrix, int row) => velocity.Select((v, column) => matrix[(row * nv) + column] * v).Sum();
        }).Holds(Few);

        static double Dot(double[] a, int rowA, double[] b, int rowB) =>
            Enumerable.Range(0, 3).Sum(column => a[(3 * rowA) + column] * b[(3 * rowB) + column]);
    }

    private static (double[] Position, double[] Rotation) PoseAt(MjData data, double[] qpos, double[] velocity, double time, Pose position, Pose rotation)
    {
        Integrate(data.Model, qpos, velocity, time, data.Qpos);
        data.Kinematics();
        data.ComPos();
        return (position(data).ToArray(), rotation(data).ToArray());
    }

    private static MjData Random(MjModel model, int seed, out double[] velocity)
    {
        var random = new Random(seed);
        velocity = [.. Enumerable.Range(0, model.NV).Select(_ => 2 * random.NextDouble() - 1)];
        var data = new MjData(model);
        Integrate(model, model.Qpos0, [.. velocity.Select(_ => 2 * random.NextDouble() - 1)], 1, data.Qpos);
        data.Kinematics();
        data.ComPos();
        return data;
    }

    // Moves a configuration along a velocity: angular velocities of free and ball joints are in the body's frame.
    private static void Integrate(MjModel model, ReadOnlySpan<double> from, double[] velocity, double time, Span<double> to)
    {
        from.CopyTo(to);
        for (int joint = 0; joint < model.NJoint; joint++)
        {
            (int q, int v) = (model.JntQposAdr[joint], model.JntDofAdr[joint]);
            var type = (MjJointType)model.JntType[joint];
            int translations = type == MjJointType.Free ? 3 : type == MjJointType.Ball ? 0 : 1;
            for (int i = 0; i < translations; i++)
                to[q + i] += time * velocity[v + i];
            if (type is MjJointType.Free or MjJointType.Ball)
                Rotate(to.Slice(q + translations, 4), velocity.AsSpan(v + translations, 3), time);
        }
    }

    private static void Rotate(Span<double> quaternion, ReadOnlySpan<double> omega, double time)
    {
        double speed = Math.Sqrt((omega[0] * omega[0]) + (omega[1] * omega[1]) + (omega[2] * omega[2]));
        (double sin, double cos) = Math.SinCos(speed * time / 2);
        (double a, double b, double c, double d) = (cos, sin * omega[0] / speed, sin * omega[1] / speed, sin * omega[2] / speed);
        (double w, double x, double y, double z) = (quaternion[0], quaternion[1], quaternion[2], quaternion[3]);
        quaternion[0] = (w * a) - (x * b) - (y * c) - (z * d);
        quaternion[1] = (w * b) + (x * a) + (y * d) - (z * c);
        quaternion[2] = (w * c) - (x * d) + (y * a) + (z * b);
        quaternion[3] = (w * d) + (x * c) - (y * b) + (z * a);
    }
}
