using System.CommandLine;
using System.Globalization;

using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Runtime.Benchmarks.Soak;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato bench soak</c>: an hour of control on a loaded machine.</summary>
internal static class SoakCommand
{
    private const double MostMinutes = 24 * 60;
    private const int MostProcesses = 64;

    /// <summary>Describes the command.</summary>
    /// <param name="cli">The command line.</param>
    /// <param name="song">What is played.</param>
    public static Command Create(CliHost cli, string song)
    {
        var robot = new Option<string>("--robot") { Description = "YAML of the robot", DefaultValueFactory = _ => Path.Combine(cli.Paths.Config, "robots", "standin.yaml") };
        var minutes = new Option<double>("--minutes") { Description = "How long", DefaultValueFactory = _ => 60 };
        var computing = new Option<int>("--cpu-load") { Description = "Processes that compute meanwhile", DefaultValueFactory = _ => Environment.ProcessorCount };
        var quietDisk = new Option<bool>("--quiet-disk") { Description = "Nobody else writes to the disk" };
        var command = new Command("soak", "Play for an hour while other processes compute and write to the disk; report late cycles, memory, garbage collections and the recorder's lag")
        {
            robot, minutes, computing, quietDisk,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            using Serilog.Core.Logger log = cli.CreateLogger(parse);
            TimeSpan length = TimeSpan.FromMinutes(OptionRange.Of("--minutes", parse.GetValue(minutes), 0.05, MostMinutes));
            int processes = OptionRange.Of("--cpu-load", parse.GetValue(computing), 0, MostProcesses);
            await using var setup = RobotSetup.Load(parse.GetValue(robot)!, parametersFile: null, cli.Time);
            PlayableSong playable = PlayableSong.Load(SongLibrary.Open(cli.Paths.Songs), song);
            (PolicyBundle bundle, _) = NominalPolicy.FindOrPlan(setup.Scene, playable, setup.Parameters.Hash, cli.Paths.Policies, new PlannerOptions(), null, cancellation);
            string folder = Directory.CreateTempSubdirectory("legato-soak-").FullName;
            try
            {
                await setup.StartAsync(cancellation);
                using var load = MachineLoad.Start(processes, parse.GetValue(quietDisk) ? null : Path.Combine(folder, "load"));
                SoakReport report = await new SoakBenchmark(folder, cli.Time, log).RunAsync(setup, PlaySession.PolicyOf(bundle, setup.Scene, playable.Trajectory), length, cancellation);
                return new VerbResult(report, writer => Print(report, writer));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
    }

    private static void Print(SoakReport r, TextWriter writer)
    {
        string lost = r.Lost.Count == 0 ? "none lost" : string.Join(", ", r.Lost.Select(l => FormattableString.Invariant($"{l.Key} lost {l.Value}")));
        foreach (FormattableString line in (FormattableString[])
        [
            $"ended      {r.Ended} after {r.Minutes:0.0} min, {r.Cycles} cycles; {r.RealTime}",
            $"late       {r.Late} cycles began more than {SoakBenchmark.Late.TotalMilliseconds:0} ms late, {r.Overruns} overran; {r.LatenessUs.P50:0} us median, {r.LatenessUs.P99:0} us p99, {r.LatenessUs.Max:0} us max",
            $"garbage    {r.AllocatedBytes} bytes on the control thread, {r.GcCount} collections in the process, {r.GcPauseMs:0.0} ms of pauses in all",
            $"memory     {r.MemoryStartMb:0.0} MiB -> {r.MemoryEndMb:0.0} MiB, {r.MemorySlope:+0.00;-0.00;0.00} MiB/h",
            $"recording  {r.Recorded} messages, {lost}; on the disk after {r.RecorderLagMs:0} ms at the latest",
            $"quality    {r.Quality}",
        ])
            writer.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
