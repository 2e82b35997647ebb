using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

using Legato.RobotDriver.StandIn;
using Legato.Tests.Rclcs;

using Rclcs;

using SerialPorts;

namespace Legato.Tests.StandIn;

/// <summary>A stand-in that runs in this process, with a ROS node and ports that talk to it as a driver would.</summary>
internal sealed class RunningStandIn : IAsyncDisposable
{
    /// <summary>Longest wait for anything; far beyond what a loaded machine needs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly AnonymousPipeServerStream _parentEnd = new(PipeDirection.Out);
    private readonly List<IDisposable> _owned = [];
    private TestDomain? _lease;

    private RunningStandIn(int domain, Reality reality)
    {
        Domain = domain;
        var lines = new LineChannel();
        var pipe = new AnonymousPipeClientStream(PipeDirection.In, _parentEnd.ClientSafePipeHandle);
        Ready = lines.FirstAsync();
        Ended = Task.Run(() => StandInProcess.RunAsync(
            new StandInOptions { Reality = reality, Domain = domain, Output = lines, Log = Log.Enqueue, ParentPipe = pipe }, _stop.Token));
    }

    public int Domain { get; }

    public Task<string> Ready { get; }

    public Task Ended { get; }

    public System.Collections.Concurrent.ConcurrentQueue<string> Log { get; } = [];

    public JsonElement Devices { get; private set; }

    public Node Node { get; private set; } = null!;

    /// <summary>Starts one on a domain of its own.</summary>
    public static async Task<RunningStandIn> StartAsync(Reality? reality = null)
    {
        var domain = TestDomain.Lease();
        try
        {
            RunningStandIn rig = await StartAsync(domain.Id, reality);
            rig._lease = domain;
            return rig;
        }
        catch
        {
            domain.Dispose();
            throw;
        }
    }

    /// <summary>Starts one on a domain that is the caller's.</summary>
    public static async Task<RunningStandIn> StartAsync(int domain, Reality? reality = null)
    {
        var rig = new RunningStandIn(domain, reality ?? Reality.Nominal);
        Task first = await Task.WhenAny(rig.Ready, rig.Ended).WaitAsync(Patience);
        await first;
        rig.Devices = JsonDocument.Parse(await rig.Ready).RootElement.GetProperty("devices");
        var context = new Context(new ContextOptions { DomainId = domain });
        rig._owned.Add(context);
        rig.Node = context.CreateNode("driver");
        return rig;
    }

    public SerialPort Open(string device, int baud = 115200)
    {
        var port = new SerialPort(Devices.GetProperty(device).GetString()!, baud) { ReadTimeout = (int)Patience.TotalMilliseconds };
        port.Open();
        _owned.Add(port);
        return port;
    }

    /// <summary>Takes messages until one satisfies the condition.</summary>
    public static T Await<T>(Subscription<T> subscription, Func<T, bool> condition) where T : class, IMessage<T>, new()
    {
        var message = new T();
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Patience)
        {
            subscription.Wait(Patience);
            while (subscription.TryTake(message, out _))
            {
                if (condition(message))
                    return message;
            }
        }
        throw new TimeoutException($"nothing on {subscription} met the condition");
    }

    /// <summary>Ends the parent's side of the pipe.</summary>
    public void CloseParentPipe() => _parentEnd.Dispose();

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable each in Enumerable.Reverse(_owned))
            each.Dispose();
        await _stop.CancelAsync();
        await Ended.WaitAsync(Patience);
        await _parentEnd.DisposeAsync();
        _stop.Dispose();
        _lease?.Dispose();
    }

    private sealed class LineChannel : StringWriter
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public override Encoding Encoding => Encoding.UTF8;

        public Task<string> FirstAsync() => _lines.Reader.ReadAsync().AsTask();

        public override Task WriteLineAsync(string? value)
        {
            _lines.Writer.TryWrite(value ?? "");
            return Task.CompletedTask;
        }
    }
}
