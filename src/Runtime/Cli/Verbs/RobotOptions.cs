using System.CommandLine;
using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.RobotDriver.Configuration;
using Legato.Runtime.Calibration;
using Legato.Runtime.Experiments;
using Legato.Runtime.Watchdog;

namespace Legato.Runtime.Cli.Verbs;

/// <summary>The options that verbs around a robot share.</summary>
internal sealed class RobotOptions
{
    private readonly CliHost _cli;

    public RobotOptions(CliHost cli, string defaultRobot)
    {
        _cli = cli;
        string fallback = Path.Combine(cli.Paths.Config, "robots", defaultRobot);
        Robot = new Option<string>("--robot") { Description = "YAML of the robot", HelpName = "file", DefaultValueFactory = _ => fallback };
        Parameters = new Option<string?>("--params") { Description = "YAML of the simulator's parameters, or 'current' for those promoted for the robot (nominal by default)", HelpName = "file" };
        Tempo = new Option<double>("--tempo") { Description = "Tempo as a fraction of the written one", DefaultValueFactory = _ => 1 };
        Seed = new Option<int>("--seed") { Description = "Seed of everything random" };
        Seconds = new Option<double>("--seconds") { Description = "Time budget for planning, s", DefaultValueFactory = _ => 300 };
    }

    public Option<string> Robot { get; }

    public Option<string?> Parameters { get; }

    public Option<double> Tempo { get; }

    public Option<int> Seed { get; }

    public Option<double> Seconds { get; }

    public Option<WatchdogChoice> Watchdog { get; } = new("--watchdog")
    {
        Description = "Who lifts the hands if this process dies or hangs: 'start' a watchdog, a 'running' one ('legato watchdog'), or 'none'; simulations need nobody",
        DefaultValueFactory = _ => WatchdogChoice.Start,
    };

    public Option<bool> Robust { get; } = new("--robust") { Description = "Plan for a rig that may differ from the simulator: learn on several at once (takes longer)" };

    public Option<string> Policy { get; } = new("--policy") { Description = "Folder of a policy bundle, or 'nominal' to plan", DefaultValueFactory = _ => NominalPolicy.Name };

    public Argument<string> Song { get; } = new("song") { Description = "Name in songs/, or path of a .mid file" };

    /// <summary>Loads the song of the call and says what it leaves out.</summary>
    public PlayableSong LoadSong(ParseResult parse) => LoadSong(parse, parse.GetRequiredValue(Song));

    /// <summary>Loads a song and says what it leaves out.</summary>
    /// <param name="parse">The call.</param>
    /// <param name="name">Name or path.</param>
    /// <param name="tempo">As a fraction of the written one; that of the call if null.</param>
    public PlayableSong LoadSong(ParseResult parse, string name, double? tempo = null)
    {
        PlayableSong song = PlayableSong.Load(Music.SongLibrary.Open(_cli.Paths.Songs), name, tempo ?? parse.GetValue(Tempo));
        foreach (string warning in song.Score.Warnings)
            _cli.Error.WriteLine($"legato: {warning}");
        return song;
    }

    /// <summary>The bundle that the call names, or the nominal plan, made now if there is none yet; its folder, and the seconds of planning.</summary>
    public (PolicyBundle Bundle, string Folder, double Seconds) FindPolicy(ParseResult parse, PlayableSong song, RobotSetup setup, CancellationToken cancellation)
    {
        string wanted = parse.GetRequiredValue(Policy);
        if (wanted != NominalPolicy.Name)
            return (PolicyBundle.Load(wanted), wanted, 0);
        PlannerOptions planner = Planner(parse) with { Limits = setup.PlanningLimits };
        long start = _cli.Time.GetTimestamp();
        using PlanningLine line = _cli.PlanningLine(planner.Seconds);
        (PolicyBundle bundle, string folder) = NominalPolicy.FindOrPlan(setup.Scene, song, setup.Parameters.Hash, _cli.Paths.Policies, planner, line, cancellation);
        return (bundle, folder, _cli.Time.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>The parameter file of the call; null for nominal parameters.</summary>
    public string? ParametersFile(ParseResult parse)
    {
        string? file = parse.GetValue(Parameters);
        return file == ParameterStore.CurrentWord ? Current(_cli, RobotConfiguration.Load(parse.GetRequiredValue(Robot)).Name) : file;
    }

    /// <summary>The parameter file that is current for a robot; null, and a line that says so, where none was promoted.</summary>
    public static string? Current(CliHost cli, string robot)
    {
        CurrentParameters current = new ParameterStore(cli.Paths.Calibrations, cli.Time).Current(robot);
        if (current.File is null)
            cli.Error.WriteLine($"legato: no parameters are promoted for '{robot}': nominal ones are used");
        return current.File;
    }

    /// <summary>Planner options of the call.</summary>
    public PlannerOptions Planner(ParseResult parse)
    {
        double seconds = parse.GetValue(Seconds);
        return seconds is > 0 and <= 86400
            ? PlannerOptions.For(parse.GetValue(Robust)) with { Seconds = seconds }
            : throw new InputException(FormattableString.Invariant($"--seconds {seconds}: must be above 0, at most 86400"));
    }
}
