using Rclcs;
using Rclcs.Messages.StdMsgs;

namespace Legato.RobotDriver.Lab;

/// <summary>Listens for a stop on a topic, on a thread of its own. Once it came it stays.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class EmergencyStop : IDisposable
{
    private readonly Subscription<Bool> _subscription;
    private readonly Thread _thread;
    private volatile bool _requested;
    private volatile bool _stopping;

    public EmergencyStop(Node node, string topic)
    {
        // Best effort matches every publisher; a button that offers less than is asked for would silently not be heard.
        _subscription = node.CreateSubscription<Bool>(topic, QosProfile.SensorData);
        _thread = new Thread(Run) { Name = "e-stop", IsBackground = true };
        _thread.Start();
    }

    /// <summary>True once <c>true</c> was received, or something that cannot be read: in doubt, stop.</summary>
    public bool IsRequested => _requested;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _subscription.Dispose();
        _thread.Join();
    }

    private void Run()
    {
        RealTimeThread.CarryMessages();
        var message = new Bool();
        try
        {
            while (!_stopping)
            {
                _subscription.Wait(Timeout.InfiniteTimeSpan);
                while (_subscription.TryTake(message, out _))
                    _requested |= message.Data;
            }
        }
        catch (ObjectDisposedException) when (_stopping)
        {
            // Dispose came between two calls.
        }
        catch (RclcsException)
        {
            _requested = true;
        }
    }
}
