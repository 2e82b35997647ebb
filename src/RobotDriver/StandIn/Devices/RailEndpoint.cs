using Legato.Sim.Scene;

namespace Legato.RobotDriver.StandIn;

/// <summary>The rail controller of one hand: an ODrive on a pseudo-terminal, with a thread of its own.</summary>
internal sealed class RailEndpoint : IDisposable
{
    private const int LongestLine = 256;

    private readonly PluggablePort _port = new();
    private readonly OdriveServer _server;
    private readonly Thread _thread;
    private volatile bool _answersHalf;

    public RailEndpoint(HandSide side, RigPlant plant, RigExchange exchange, RigWiring wiring)
    {
        string prefix = side.Prefix();
        _server = new OdriveServer([Axis(0, "forearm_tx"), Axis(1, "forearm_ty")]);
        _thread = new Thread(Serve) { IsBackground = true, Name = $"rail {side}" };
        _thread.Start();

        RailAxis Axis(int axis, string joint) => new(side, axis, plant.Scene.Joints.Require(prefix + joint), exchange, wiring);
    }

    /// <summary>The port that a driver opens.</summary>
    public string Path => _port.Path;

    /// <summary>The cable.</summary>
    public PluggablePort Port => _port;

    /// <summary>Whether answers break off in the middle, without the end of their line.</summary>
    public bool AnswersHalf
    {
        set => _answersHalf = value;
    }

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
                length += _port.Read(received[length..]);
                int start = 0;
                for (int end; (end = received[start..length].IndexOf((byte)'\n')) >= 0; start += end + 1)
                {
                    int answered = _server.Answer(received.Slice(start, end), answer);
                    _port.TryWrite(answer[..(_answersHalf ? answered / 2 : answered)]);
                }
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
