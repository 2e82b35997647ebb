using System.CommandLine;
using Legato.Policy.Bundles;
using Legato.Runtime.Calibration;
using Legato.Runtime.Experiments;
using Legato.Runtime.Passport;
using Legato.Sim.Parameters;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Runtime.Cli.Verbs;

/// <summary>The options of flights in the simulator before a performance.</summary>
internal sealed class PassportOptions
{
    private const int MostRigs = 10_000;

    private readonly CliHost _cli;
    private readonly RobotOptions _robot;

    /// <param name="cli">Where to say how far it is.</param>
    /// <param name="robot">The options that say whose robot.</param>
    public PassportOptions(CliHost cli, RobotOptions robot) => (_cli, _robot) = (cli, robot);

    public Option<double> Severity { get; } = new("--doubt")
    {
        Description = "How far the robot may differ from the simulator in what no calibration says, 0 to 1",
        DefaultValueFactory = _ => 0.5,
    };

    /// <summary>Plays on rigs as likely as the real one; null for none.</summary>
    public async Task<FlightPassport?> FlyAsync(ParseResult parse, int rigs, RobotSetup setup, PlayableSong song, PolicyBundle bundle, string folder, CancellationToken stop)
    {
        if (OptionRange.Of("rigs", rigs, 0, MostRigs) == 0)
            return null;
        double severity = OptionRange.Of("--doubt", parse.GetValue(Severity), 0, 1);
        int seed = parse.GetValue(_robot.Seed);
        string? file = _robot.ParametersFile(parse);
        IRigSource source = file is not null && FittedRigs.Beside(file, severity) is { } fitted ? fitted : new RandomRigs(severity, setup.Parameters);
        SimParameters[] drawn = [.. Enumerable.Range(0, rigs).Select(i => source.Draw(unchecked((seed * MostRigs) + i)).Parameters)];
        using FlightLine progress = _cli.FlightLine(rigs);
        return await new PassportSession(setup, new PassportLimits(), _cli.Time).RunAsync(song, bundle, folder, drawn, source.Description, progress, stop);
    }
}
