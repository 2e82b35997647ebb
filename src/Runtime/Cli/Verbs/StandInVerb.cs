using System.CommandLine;

using Legato.RobotDriver.StandIn;
using Legato.Sim.Scene;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato standin</c>: the whole rig as one process that speaks the hardware's protocols.</summary>
internal sealed class StandInVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        string nominal = Path.Combine(cli.Paths.Config, "realities", "nominal.yaml");
        var reality = new Option<string>("--reality") { Description = "YAML of the reality (nominal by default)", HelpName = "file", DefaultValueFactory = _ => nominal };
        var domain = new Option<int>("--domain") { Description = "ROS domain, 0..101", DefaultValueFactory = _ => 77 };
        var devices = new Option<string?>("--devices") { Description = "Folder for the links to its serial ports (a new one by default)", HelpName = "folder" };
        var preset = new Option<string>("--preset") { Description = "robopianist or lab", DefaultValueFactory = _ => "robopianist" };
        preset.AcceptOnlyFromAmong("robopianist", "lab");
        var seed = new Option<int>("--seed") { Description = "Seed of this run's noise, jitter and drop-outs; the rig itself is drawn from the reality's seed" };
        var parentPipe = new Option<bool>("--parent-pipe") { Description = "Quit when standard input closes", Hidden = true };
        var command = new Command("standin", "Run the stand-in rig until it is stopped") { reality, domain, devices, preset, seed, parentPipe };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            int rosDomain = parse.GetValue(domain);
            if (rosDomain is < 0 or > 101)
                throw new InputException(FormattableString.Invariant($"--domain {rosDomain}: must be 0..101"));
            await StandInProcess.RunAsync(
                new StandInOptions
                {
                    Reality = Reality.Load(parse.GetRequiredValue(reality)) with { RunSeed = parse.GetValue(seed) },
                    Domain = rosDomain,
                    Devices = parse.GetValue(devices),
                    Preset = parse.GetRequiredValue(preset) == "lab" ? ScenePreset.Lab : ScenePreset.RoboPianist,
                    Output = cli.Output,
                    Log = cli.Error.WriteLine,
                    ParentPipe = parse.GetValue(parentPipe) ? Console.OpenStandardInput() : null,
                    Time = cli.Time,
                },
                cancellation);
            // Its one line of JSON was the one that said it runs.
            return new VerbResult(null, _ => { });
        });
    }
}
