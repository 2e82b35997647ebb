using System.CommandLine;

using Legato.RobotDriver.Configuration;
using Legato.Runtime.Experiments;
using Legato.Runtime.Watchdog;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato watchdog</c>: the second process that lifts the hands when the first one cannot.</summary>
internal sealed class WatchdogVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        string fallback = Path.Combine(cli.Paths.Config, "robots", "lab.yaml");
        var robot = new Option<string>("--robot") { Description = "YAML of the robot (lab by default)", HelpName = "file", DefaultValueFactory = _ => fallback };
        var domain = new Option<int?>("--domain") { Description = "ROS domain, 0..101, instead of the robot's own" };
        var served = new Option<int?>("--for") { Description = "Serve this process only, and end with it", Hidden = true };
        var command = new Command("watchdog", "Guard a robot from a process of its own: lift the hands when the one that plays dies or hangs ('play' starts one by itself)") { robot, domain, served };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            WatchdogPost post = await PostAsync(cli, parse.GetRequiredValue(robot), parse.GetValue(domain), parse.GetValue(served));
            WatchdogNote? note = await new WatchdogProcess(new WatchdogOptions(), cli.Time).RunAsync(post, cli.Output, line => cli.Error.WriteLine($"legato watchdog: {line}"), cancellation);
            // Its one line of JSON was the one that said it runs.
            return new VerbResult(null, _ => { }, note is null ? ExitCode.Ok : ExitCode.Failed);
        });
    }

    // The scene is needed for its names only.
    private static async Task<WatchdogPost> PostAsync(CliHost cli, string file, int? domain, int? served)
    {
        await using var setup = RobotSetup.Load(file, parametersFile: null, cli.Time);
        if (setup.Configuration is not { Ros: { } ros } robot)
            throw new InputException($"{file}: the robot is simulated in the process that plays; there is nothing to guard");
        int id = domain is null ? ros.Options.DomainId : OptionRange.Of("--domain", domain.Value, 0, 101);
        RobotConfiguration there = robot with { Ros = ros with { Options = ros.Options with { DomainId = id } } };
        return new WatchdogPost(there, setup.Limits, setup.Scene.Joints, served);
    }
}
