using Polly;
using Polly.Retry;

namespace Legato.RobotDriver.Lab;

/// <summary>
/// Serves a device from a thread of its own: opens it by its path and, whenever it is lost, opens it again with back-off,
/// for as long as this object lives.
/// </summary>
/// <remarks>Everything public is thread-safe; the abstract members run on the device's thread, <see cref="Interrupt"/> excepted.</remarks>
internal abstract class DeviceThread : IRigPart
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly Thread _thread;
    private readonly ResiliencePipeline _reopen;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _missing;
    private volatile Exception? _failure;

    /// <param name="name">Name for people, for example <c>rail right on /dev/ttyACM0</c>.</param>
    /// <param name="time">Measures the back-off.</param>
    protected DeviceThread(string name, TimeProvider time)
    {
        _name = name;
        _missing = $"{name}: not tried yet";
        _thread = new Thread(Run) { Name = name[..Math.Min(name.Length, 15)], IsBackground = true };
        _reopen = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(IsLoss),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
                OnRetry = args =>
                {
                    Blame(args.Outcome.Exception!);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>Raised on the device's thread when it is lost and when it is back, with a line for people.</summary>
    public event Action<string>? Notice;

    /// <inheritdoc/>
    public Task Ready => _ready.Task;

    /// <inheritdoc/>
    public string Missing => _missing;

    /// <inheritdoc/>
    public Exception? Failure => _failure;

    /// <inheritdoc/>
    public void Start() => _thread.Start();

    /// <summary>Closes the device and ends the thread.</summary>
    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
            return;
        _stop.Cancel();
        Interrupt();
        if (_thread.IsAlive)
            _thread.Join();
        _stop.Dispose();
        DisposeDevice();
    }

    /// <summary>Opens the device and checks that it is the right one.</summary>
    /// <exception cref="IOException">It cannot be opened, or went away.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    /// <exception cref="InputException">It answers something else.</exception>
    protected abstract void Open();

    /// <summary>Serves the device until it is lost (the exceptions of <see cref="Open"/>) or the thread has to end (a return).</summary>
    protected abstract void Serve(CancellationToken stop);

    /// <summary>Closes what is open. Called after every <see cref="Open"/>, also when that failed.</summary>
    protected abstract void Close();

    /// <summary>Ends a wait of the device's thread, from another thread.</summary>
    protected abstract void Interrupt();

    /// <summary>Frees what is left once the thread has ended.</summary>
    protected virtual void DisposeDevice() { }

    /// <summary>Says that the device has delivered.</summary>
    protected void SetReady() => _ready.TrySetResult();

    /// <summary>Remembers what the device lacks, for <see cref="Missing"/>.</summary>
    protected void Blame(Exception cause) => _missing = $"{_name}: {cause.Message.ReplaceLineEndings(" ")}";

    /// <summary>Tells people something about the device.</summary>
    protected void Say(string what) => Notice?.Invoke($"{_name}: {what}");

    private static bool IsLoss(Exception e) => e is IOException or UnauthorizedAccessException or TimeoutException or InputException;

    private void Run()
    {
        RealTimeThread.CarryMessages();
        try
        {
            CancellationToken stop = _stop.Token;
            bool wasLost = false;
            while (!stop.IsCancellationRequested)
            {
                _reopen.Execute(TryOpen, stop);
                if (wasLost)
                    Say("connected again");
                wasLost = true;
                ServeUntilLost(stop);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException && _stop.IsCancellationRequested)
        {
            // The end that Dispose asked for, perhaps between two calls on a port that is closed by now.
        }
        catch (Exception e)
        {
            _failure = e;
        }
        finally
        {
            Close();
        }
    }

    private void TryOpen(CancellationToken stop)
    {
        try
        {
            stop.ThrowIfCancellationRequested();
            Open();
        }
        catch
        {
            Close();
            throw;
        }
    }

    private void ServeUntilLost(CancellationToken stop)
    {
        try
        {
            Serve(stop);
        }
        catch (Exception e) when (IsLoss(e))
        {
            Blame(e);
            Notice?.Invoke($"{Missing}; reconnecting");
        }
        finally
        {
            Close();
        }
    }
}
