using Legato.Runtime.Cli;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Hil;

/// <summary>How a run in this process looks to an operator.</summary>
/// <param name="Report">Its report; null if it made none.</param>
/// <param name="Exit">The exit code that <c>legato play</c> would have ended with.</param>
internal sealed record Told(PlayReport? Report, int Exit)
{
    /// <summary>Plays, and writes everything that <c>legato play</c> would have said.</summary>
    /// <param name="request">What to play.</param>
    /// <param name="runs">Folder of the run.</param>
    /// <param name="told">Receives it.</param>
    /// <param name="time">Wall clock and timers.</param>
    /// <param name="stop">The operator stops the run.</param>
    public static async Task<Told> HearAsync(PlayRequest request, string runs, TextWriter told, TimeProvider time, CancellationToken stop)
    {
        var writer = TextWriter.Synchronized(told);
        try
        {
            using Serilog.Core.Logger log = Logs.Create(writer, verbose: false, file: null);
            PlayReport report = await new PlaySession(runs, time, log).RunAsync(request, stop);
            report.Print(writer);
            return new Told(report, report.Ended == PlayReport.Completed ? ExitCode.Ok : ExitCode.Failed);
        }
        catch (InputException e)
        {
            writer.WriteLine(e.Message);
            return new Told(null, ExitCode.BadInput);
        }
        catch (Exception e)
        {
            writer.WriteLine(e.Message);
            return new Told(null, ExitCode.Failed);
        }
    }
}
