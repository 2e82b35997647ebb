using System.Globalization;
using System.Text.Json.Nodes;

using Legato.Music;
using Legato.Policy.Bundles;
using Legato.RobotDriver.StandIn;
using Legato.Runtime.Cli;
using Legato.Tests.Runtime.Improvement;

namespace Legato.Tests.Runtime.Cli;

/// <summary>The verb <c>evaluate</c> through the command line, in this process, on a song of a second.</summary>
public sealed class EvaluateVerbTests(EvaluateVerbTests.Plans plans) : IClassFixture<EvaluateVerbTests.Plans>
{
    [Theory]
    [InlineData("SONG --severity 2", "--severity 2: must be 0..1")]
    [InlineData("SONG --rigs 0", "--rigs 0: must be 1..10000")]
    [InlineData("SONG --seed -1", "--seed -1: must be 0..1000000")]
    [InlineData("SONG --repeats 3", "--repeats is for realities")]
    [InlineData("SONG --reality r.yaml --rigs 3", "leave them out with --reality")]
    [InlineData("SONG --policy missing", "missing: no policy bundle")]
    [InlineData("SONG --policy PLAN --against missing", "missing: no policy bundle")]
    [InlineData("SONG --policy PLAN --against corrected", "--against corrected: ")]
    [InlineData("SONG --policy PLAN --reality missing.yaml", "missing.yaml")]
    [InlineData("OTHER --policy PLAN", "made for other notes than this song")]
    [InlineData("PLAN --policy PLAN", "names a policy already")]
    [InlineData("SONG --policy FAST", "made for 40 Hz")]
    [InlineData("SONG --policy TURNED", "actuator 0 is")]
    [InlineData("SONG --policy DAMAGED", "not the weights that policy.json speaks of")]
    public async Task ACallThatMakesNoSenseIsRefusedInOneLine(string arguments, string reason)
    {
        (int code, string output, string error) = await plans.Run(["evaluate", .. plans.Words(arguments)]);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(reason, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoPoliciesAreComparedRigByRig()
    {
        JsonObject json = await plans.Json("evaluate SONG --policy PLAN --against SILENT --rigs 6 --severity 0.3 --seed 4");
        Assert.Equal(6, (int)json["n"]!);
        Assert.Equal("rigs", (string?)json["unit"]);
        double[] own = F1(json["policy"]!), others = F1(json["against"]!);
        Assert.Equal(6, own.Length);
        Assert.Equal(own.Average(), (double)json["policy"]!["f1"]!, 1e-12);
        Assert.Equal(own.Min(), (double)json["policy"]!["worst_f1"]!);
        Assert.InRange((double)json["policy"]!["p10_f1"]!, own.Min(), (double)json["policy"]!["median_f1"]!);
        Assert.True(own.Average() > others.Average() + 0.2);
        Assert.Equal(own.Average() - others.Average(), (double)json["difference"]!["f1"]!["mean"]!, 1e-12);
        // All of six pairs gain.
        Assert.Equal(2.0 / 64, (double)json["difference"]!["f1"]!["p"]!, 1e-12);

        // The same rigs for whoever asks, others for another seed.
        Assert.Equal(own, F1((await plans.Json("evaluate PLAN --rigs 6 --severity 0.3 --seed 4"))["policy"]!));
        Assert.NotEqual(own, F1((await plans.Json("evaluate PLAN --rigs 6 --severity 0.3 --seed 5"))["policy"]!));
    }

    [Fact]
    public async Task OnARealityPerformancesAreWholeRuns()
    {
        JsonObject json = await plans.Json("evaluate SONG --policy PLAN --against plan --reality RIG --repeats 2");
        Assert.Equal("performances", (string?)json["unit"]);
        Assert.Equal(2, F1(json["policy"]!).Length);
        // A plan without a network is its own plan, and noise has the same seeds.
        Assert.Equal(F1(json["policy"]!), F1(json["against"]!));
        Assert.Equal(0, (double)json["difference"]!["f1"]!["mean"]!);
        Assert.All(json["policy"]!["runs"]!.AsArray(), run => Assert.True(File.Exists(Path.Combine((string)run!, "run.mcap"))));

        JsonObject two = await plans.Json("evaluate SONG --policy PLAN --reality RIG NOMINAL --repeats 2");
        Assert.Equal("realities", (string?)two["unit"]);
        Assert.Equal(F1(json["policy"]!).Average(), F1(two["policy"]!)[0], 1e-12);
        Assert.Equal(4, two["policy"]!["runs"]!.AsArray().Count);
    }

    [Fact]
    public async Task FiguresAreForPeopleToo()
    {
        (int code, string output, _) = await plans.Run(["evaluate", .. plans.Words("SONG --policy PLAN --against SILENT --rigs 2 --severity 0")]);
        Assert.Equal(0, code);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Contains("F1 1.000 (1.000..1.000), onset F1 1.000 (1.000..1.000) on 2 rigs", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("difference: F1 +", lines[^1], StringComparison.Ordinal);
        Assert.Equal(5, lines.Length);
    }

    private static double[] F1(JsonNode policy) => [.. policy["rigs"]!.AsArray().Select(r => (double)r!["f1"]!)];

    /// <summary>A planned song, and bundles that do not fit it.</summary>
    public sealed class Plans : IAsyncLifetime
    {
        private static readonly string Robot = Path.Combine(Repository.Root, "hardware", "config", "robots", "sim.yaml");

        private readonly string _folder = Directory.CreateTempSubdirectory("legato-evaluate-").FullName;
        private readonly Dictionary<string, string> _words = [];

        public async ValueTask InitializeAsync()
        {
            _words["SONG"] = SmallSongs.Write(Path.Combine(_folder, "two.mid"), 60, 64);
            _words["OTHER"] = SmallSongs.Write(Path.Combine(_folder, "other.mid"), 62, 64);
            foreach (string name in (string[])["PLAN", "SILENT", "FAST", "TURNED", "DAMAGED"])
                _words[name] = Path.Combine(_folder, name);
            _words["NOMINAL"] = Path.Combine(Repository.Root, "hardware", "config", "realities", "nominal.yaml");
            _words["RIG"] = Path.Combine(_folder, "rig.yaml");
            await File.WriteAllTextAsync(_words["RIG"], new Reality { Seed = 3, Effects = new RealityEffects { CommandJitter = 0.01, ReportNoise = 1 } }.ToYaml());
            (int code, _, string error) = await Run(["plan", _words["SONG"], "--robot", Robot, "--seconds", "20", "--out", _words["PLAN"]]);
            Assert.True(code == 0, error);

            var plan = PolicyBundle.Load(_words["PLAN"]);
            var nothing = new Legato.Policy.CommandTable(plan.Commands.Actuators, plan.Commands.Steps);
            (plan with { Commands = nothing }).Save(_words["SILENT"]);
            (plan with { Manifest = plan.Manifest with { Rate = 40 } }).Save(_words["FAST"]);
            (plan with { Manifest = plan.Manifest with { Actuators = [.. plan.Manifest.Actuators.Reverse()], Units = [.. plan.Manifest.Units.Reverse()] } }).Save(_words["TURNED"]);
            Damage(plan);
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }

        public string[] Words(string arguments) => [.. arguments.Split(' ').Select(word => _words.GetValueOrDefault(word, word))];

        public async Task<JsonObject> Json(string arguments)
        {
            (int code, string output, string error) = await Run([.. Words(arguments), "--json"]);
            Assert.True(code == 0, error);
            return JsonNode.Parse(Assert.Single(output.TrimEnd('\n').Split('\n')))!.AsObject();
        }

        public async Task<(int Code, string Output, string Error)> Run(string[] arguments)
        {
            using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
            var paths = new LegatoPaths(Repository.Root) { Songs = _folder, Policies = Path.Combine(_folder, "policies"), Runs = Path.Combine(_folder, "runs") };
            int code = await CommandLine.RunAsync(arguments, new CliHost(output, TextWriter.Synchronized(error), false, paths, TimeProvider.System), CommandLine.Verbs, CancellationToken.None);
            return (code, output.ToString(), error.ToString());
        }

        private void Damage(PolicyBundle plan)
        {
            Legato.Policy.Networks.NetworkDescription description = new() { Inputs = 88, Layers = [new Legato.Policy.Networks.LinearLayer(plan.Commands.Actuators.Count + 1)] };
            var zeros = new TrainedNetwork(description, description.Tensors().ToDictionary(t => t.Name, t => (SafeTensor)new SafeTensor<float>(t.Shape, new float[t.Shape.Aggregate(1, (a, b) => a * b)])));
            plan.With(zeros, new ResidualManifest
            {
                Task = "observations: [piano/keys]\naction: {kind: residual}\nrewards: {key_press: {weight: 1}}\n",
                Observation = [new Legato.Sim.Tasks.Observations.ObservationRange("piano/keys", 0, 88)],
                Network = description,
                WeightsHash = "",
                Learner = "none",
                Severity = 0,
                EnvSteps = 0,
                PlanF1 = 1,
                PolicyF1 = 1,
            }).Save(_words["DAMAGED"]);
            string weights = Path.Combine(_words["DAMAGED"], "weights.safetensors");
            byte[] file = File.ReadAllBytes(weights);
            file[^2] ^= 1;
            File.WriteAllBytes(weights, file);
        }
    }
}
