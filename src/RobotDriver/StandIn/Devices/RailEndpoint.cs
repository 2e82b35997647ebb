using Legato.Sim.Scene;

using SerialPorts;

namespace Legato.RobotDriver.StandIn;

/// <summary>The rail controller of one hand: an ODrive on a pseudo-terminal, with a thread of its own.</summary>
internal sealed class RailEndpoint : IDisposable
{
    private const int LongestLine = 256;

    private readonly PseudoTerminal _port = PseudoTerminal.Open();
    private readonly OdriveServer _server;
    private readonly Thread _thread;

    public RailEndpoint(HandSide side, RigPlant plant, RigExchange exchange, RigWiring wiring)
    {
        string prefix = side.Prefix();
        _server = new OdriveServer([Axis(0, "forearm_tx"), Axis(1, "forearm_ty")]);
        _thread = new Thread(Serve) { IsBackground = true, Name = $"rail {side}" };
        _thread.Start();

        RailAxis Axis(int axis, string joint) => new(side, axis, plant.Scene.Joints.Require(prefix + joint), exchange, wiring);
    }

    /// <summary>The port that a driver opens.</summary>
    public string Path => _port.SlavePath;

    /// <inheritdoc/>
    public void Dispose()
    {
        _port.Dispose();
        _thread.Join();
    }

    private void Serve()
    {
        RealTimeThread.CarryMessages();
        Span<byte> received = stackalloc byte[LongestLine];
        Span<byte> answer = stackalloc byte[OdriveServer.LongestAnswer];
        int length = 0;
        try
        {
            while (true)
            {
                length += _port.Read(received[length..], Timeout.InfiniteTimeSpan);
                int start = 0;
                for (int end; (end = received[start..length].IndexOf((byte)'\n')) >= 0; start += end + 1)
                    _port.TryWrite(answer[.._server.Answer(received.Slice(start, end), answer)]);
                received[start..length].CopyTo(received);
                length -= start;
                // A line without end is noise.
                if (length == LongestLine)
                    length = 0;
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of: this is how the thread ends.
        }
        catch (ObjectDisposedException)
        {
            // Disposed of between two reads.
        }
    }

    private sealed class RailAxis(HandSide side, int axis, int joint, RigExchange exchange, RigWiring wiring) : IOdriveAxis
    {
        private readonly double _metresPerTurn = wiring.MetresPerTurn * wiring.RailSign;

        public (double Position, double Velocity) Estimate
        {
            get
            {
                (double position, double velocity) = exchange.ReadJoint(joint);
                return ((position - wiring.RailOffset) / _metresPerTurn, velocity / _metresPerTurn);
            }
        }

        public bool IsEnabled
        {
            get;
            set
            {
                field = value;
                exchange.EnableRail(side, axis, value);
            }
        } = true;

        public void MoveTo(double turns, double speed) =>
            exchange.CommandRail(side, axis, (turns * _metresPerTurn) + wiring.RailOffset, speed * wiring.MetresPerTurn);
    }
}
