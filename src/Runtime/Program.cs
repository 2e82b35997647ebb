using Legato.Runtime.Cli;

using var stop = new CancellationTokenSource();
using StopSources signals = StopSources.OnSignals(stop);
var cli = new CliHost(Console.Out, Console.Error, !Console.IsErrorRedirected, LegatoPaths.Find(), TimeProvider.System);
return await CommandLine.RunAsync(args, cli, CommandLine.Verbs, stop.Token);
