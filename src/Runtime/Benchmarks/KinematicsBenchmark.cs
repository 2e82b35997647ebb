using Legato.Policy.Kinematics;
using Legato.Sim.Scene;

namespace Legato.Runtime.Benchmarks;

/// <summary>Inverse kinematics: solves of both hands per second, against the forward kinematics and Jacobians alone.</summary>
public sealed class KinematicsBenchmark : IBenchmark
{
    private const int Solves = 200;

    /// <inheritdoc/>
    public string Name => "kinematics";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkResult> Run(CancellationToken cancellation)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using var kinematics = new HandKinematics(scene);
        var style = new KeystrokeStyle();
        PlayingPosture posture = PlayingPosture.Measure(kinematics, style, new PostureOptions());
        var options = new InverseKinematicsOptions();
        var solver = new InverseKinematics(kinematics, options);
        var random = new Random(1);
        TipTarget[] targets = [.. scene.Fingers.Select((f, i) => new TipTarget(style.WhiteX, f.Side.RootY() + posture.Span.Fingers[i].Offset, 0.03, 0.15, 1, 1, 0))];
        double[] pose = [.. posture.Pose];
        double[] jacobian = new double[3 * scene.Actuators.Count];
        (double solve, double forward, _) = Stopwatches.Paired(7, Solve, Forward);
        yield return new BenchmarkResult("inverse_kinematics", Solves / solve, "solves/s", Solves / forward, "forward kinematics and Jacobians of the same iterations", forward / solve, $"both hands, {options.Iterations} Gauss-Newton iterations");

        void Solve()
        {
            for (int i = 0; i < Solves; i++)
            {
                for (int f = 0; f < targets.Length; f++)
                    targets[f] = targets[f] with { Z = 0.03 + (0.01 * random.NextDouble()) };
                solver.Solve(targets, posture.Pose, [0, 0], pose);
            }
        }

        void Forward()
        {
            for (int i = 0; i < Solves * options.Iterations; i++)
            {
                kinematics.SetPose(pose);
                for (int f = 0; f < targets.Length; f++)
                    kinematics.TipJacobian(f, kinematics.ActuatorsOfSide[(int)scene.Fingers[f].Side], jacobian);
            }
        }
    }
}
