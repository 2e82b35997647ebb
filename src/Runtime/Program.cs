using System.Globalization;
using Legato.Runtime.Cli;

// Numbers on the command line are written with a point wherever this runs; the parser would ask the user's culture.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

using var stop = new CancellationTokenSource();
using StopSources signals = StopSources.OnSignals(stop);
var cli = new CliHost(Console.Out, Console.Error, !Console.IsErrorRedirected, LegatoPaths.Find(), TimeProvider.System);
return await CommandLine.RunAsync(args, cli, CommandLine.Verbs, stop.Token);
