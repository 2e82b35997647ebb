using System.CommandLine;

using Legato.RobotDriver.StandIn;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato reality</c>: draws a reality for the stand-in.</summary>
internal sealed class RealityVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var seed = new Option<int>("--seed") { Description = "Seed, 0 or more" };
        var severity = new Option<double>("--severity") { Description = "How far from the simulator, 0 to 1", DefaultValueFactory = _ => 0.5 };
        var output = new Option<string>("--out") { Description = "YAML to write", HelpName = "file", Required = true };
        var command = new Command("reality", "Draw a reality for the stand-in at random") { seed, severity, output };
        return cli.Handle(command, parse =>
        {
            string path = parse.GetRequiredValue(output);
            Reality reality = Generate(parse.GetValue(seed), parse.GetValue(severity));
            try
            {
                File.WriteAllText(path, reality.ToYaml());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InputException($"{path}: cannot be written ({e.Message})", e);
            }
            return new VerbResult(
                new { Reality = path, reality.Name, reality.Seed, ParametersHash = reality.Parameters.Hash },
                writer => writer.WriteLine($"{path}: {reality.Name}"));
        });
    }

    private static Reality Generate(int seed, double severity)
    {
        OptionRange.RequireDrawable(seed, severity);
        return RealityGenerator.Generate(seed, severity);
    }
}
