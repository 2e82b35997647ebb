using System.Runtime.InteropServices;
using Legato.Runtime.Loop;

namespace Legato.Runtime.Cli;

/// <summary>Turns signals and the space bar into requests to stop. The process lives on until the hands are raised.</summary>
internal sealed class StopSources : IDisposable
{
    private readonly PosixSignalRegistration[] _signals;

    private StopSources(PosixSignalRegistration[] signals) => _signals = signals;

    /// <summary>Cancels at SIGINT, SIGTERM and SIGHUP, instead of ending the process.</summary>
    public static StopSources OnSignals(CancellationTokenSource stop)
    {
        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        return new StopSources([.. signals.Select(signal => PosixSignalRegistration.Create(signal, Cancel))]);
    }

    /// <summary>Watches the keyboard for the space bar until the process ends; does nothing where standard input is no terminal.</summary>
    public static void WatchSpaceBar(StopRequest stop)
    {
        if (Console.IsInputRedirected)
            return;
        var thread = new Thread(() =>
        {
            while (Console.ReadKey(intercept: true).Key != ConsoleKey.Spacebar)
            {
            }
            stop.Request("space bar");
        })
        { IsBackground = true, Name = "space bar" };
        thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
            signal.Dispose();
    }
}
