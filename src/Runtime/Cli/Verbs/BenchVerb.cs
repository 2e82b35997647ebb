using System.CommandLine;
using System.Globalization;

using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Runtime.Benchmarks;
using Legato.Runtime.Experiments;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato bench</c>: figures of this machine, each beside a reference of the same run.</summary>
internal sealed class BenchVerb : IVerb
{
    // The four one-hand songs of "Learning to Play Piano in the Real World".
    private static readonly string[] PaperSongs = ["twinkle", "ode-to-joy", "happy-birthday", "are-you-sleeping"];

    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var only = new Argument<string[]>("names") { Description = "Benchmarks to run: stepping, sampling, kinematics, inference, codec, loop, fit, training, libtorch, planning (all by default)", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("bench", "Measure this machine: stepping, sampling, planning, kinematics, inference, codec, loop, fit, training, libtorch; or plans: robustness, ablation, tempo; or calibration: identification; or learning: learning; or the lift of hands whose process fails: watchdog; or an hour of control: soak")
        {
            only, RobustnessCommand.Create(cli, PaperSongs), AblationCommand.Create(cli), IdentificationCommand.Create(cli, PaperSongs), LearningCommand.Create(cli, PaperSongs[0]), TempoCommand.Create(cli, PaperSongs),
            WatchdogBenchCommand.Create(cli, PaperSongs[0]), SoakCommand.Create(cli, PaperSongs[0]),
        };
        return cli.Handle(command, (parse, cancellation) => Task.Run(
            () =>
            {
                string[] names = parse.GetValue(only) ?? [];
                Dictionary<string, Func<IBenchmark>> known = Known(cli, cancellation);
                if (names.FirstOrDefault(n => !known.ContainsKey(n)) is { } unknown)
                    throw new InputException($"no benchmark '{unknown}'; there are {string.Join(", ", known.Keys)}");
                var results = new List<BenchmarkResult>();
                foreach (string name in names.Length > 0 ? names : [.. known.Keys])
                {
                    cli.Error.WriteLine($"measuring {name}");
                    results.AddRange(known[name]().Run(cancellation));
                }
                return new VerbResult(new { Benchmarks = results }, writer => Print(results, writer));
            },
            cancellation));
    }

    private static Dictionary<string, Func<IBenchmark>> Known(CliHost cli, CancellationToken cancellation) => new(StringComparer.Ordinal)
    {
        ["stepping"] = () => new SteppingBenchmark(Plan(cli, cancellation)),
        ["sampling"] = () => new SamplingBenchmark(PlayableSong.Load(SongLibrary.Open(cli.Paths.Songs), PaperSongs[0])),
        ["kinematics"] = () => new KinematicsBenchmark(),
        ["inference"] = () => new InferenceBenchmark(),
        ["codec"] = () => new CodecBenchmark(),
        ["loop"] = () => new LoopBenchmark(),
        ["fit"] = () => new FitBenchmark(Plan(cli, cancellation)),
        ["training"] = () => new TrainingBenchmark(PlayableSong.Load(SongLibrary.Open(cli.Paths.Songs), PaperSongs[0]), Plan(cli, cancellation), new TrainOptions { Learner = TrainOptions.Ppo, Task = TaskDefinition.Load(Path.Combine(cli.Paths.Config, "tasks", "legato.yaml")) }),
        ["libtorch"] = () => new LibtorchBenchmark(Path.Combine(cli.Paths.Root, "artifacts", "native", "legato_bench_step"), StepSize.Ppo),
        ["planning"] = () => new PlanningBenchmark([.. PaperSongs.Select(s => PlayableSong.Load(SongLibrary.Open(cli.Paths.Songs), s))]),
    };

    // Stepping is measured while playing: contacts are what costs.
    private static PolicyBundle Plan(CliHost cli, CancellationToken cancellation)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        PlayableSong song = PlayableSong.Load(SongLibrary.Open(cli.Paths.Songs), PaperSongs[0]);
        return NominalPolicy.FindOrPlan(scene, song, SimParameters.Nominal.Hash, cli.Paths.Policies, new PlannerOptions(), null, cancellation).Bundle;
    }

    private static void Print(IEnumerable<BenchmarkResult> results, TextWriter writer)
    {
        foreach (BenchmarkResult r in results)
        {
            string reference = r.Reference is { } value ? string.Create(CultureInfo.InvariantCulture, $"  ({r.ReferenceName}: {value:0.###}{(r.Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $", ratio {ratio:0.000}") : "")})") : "";
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{r.Name,-24} {r.Value,12:0.###} {r.Unit}{reference}{(r.Note is null ? "" : "  " + r.Note)}"));
        }
    }
}
