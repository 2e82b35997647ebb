using Legato.RobotDriver.Configuration;
using Rclcs;

namespace Legato.RobotDriver.Lab;

/// <summary>The newest position and velocity of every joint of both hands.</summary>
internal sealed class HandsSample(int joints)
{
    /// <summary>Positions, rad.</summary>
    public readonly double[] Positions = new double[joints];

    /// <summary>Velocities, rad/s; 0 where the hand sends none.</summary>
    public readonly double[] Velocities = new double[joints];

    /// <summary>When the joint that was heard of longest ago was received, in the robot's time.</summary>
    public long Stamp = long.MinValue;

    /// <summary>Messages that are known to be missing so far.</summary>
    public long Lost;
}

/// <summary>Receives the joint states of both hands on a thread of its own and puts them together by name.</summary>
/// <remarks>
/// Messages may have any order of names and any part of them; names of other joints are passed over. A message with a
/// position that is not finite, or without as many positions as names, is dropped and counts as lost.
/// </remarks>
internal sealed class JointStateReader : IRigPart
{
    private const int NamesInMessages = 6, MostSenders = 64;

    private static readonly QosProfile Qos = QosProfile.SensorData with { Depth = 64 };

    private readonly string[] _joints;
    private readonly bool[] _expected;
    private readonly long[] _stamps;
    private readonly HandsSample _newest;
    private readonly JointReport _report;
    private readonly Subscription<JointReport>[] _subscriptions;
    private readonly WaitSet _waitSet;
    private readonly IRobotClock _clock;
    private readonly LossCounter _losses;
    private readonly Dictionary<ulong, SenderClock> _senders = [];
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _seen = new();
    private volatile Exception? _failure;
    private volatile bool _stopping;

    /// <param name="node">Subscribes.</param>
    /// <param name="hands">Topics and rates.</param>
    /// <param name="joints">The joints to report, in order.</param>
    /// <param name="expected">Which of them the hands send; the others stay at zero.</param>
    /// <param name="clock">The robot's time.</param>
    public JointStateReader(Node node, IReadOnlyList<HandSettings> hands, IReadOnlyList<string> joints, IEnumerable<bool> expected, IRobotClock clock)
    {
        _clock = clock;
        _joints = [.. joints];
        _expected = [.. expected];
        _stamps = [.. _expected.Select(isExpected => isExpected ? long.MinValue : long.MaxValue)];
        _newest = new HandsSample(_joints.Length);
        Samples = new TripleBuffer<HandsSample>(() => new HandsSample(_joints.Length));
        _report = new JointReport { Joints = _joints };
        _losses = new LossCounter(hands.Min(hand => hand.StatesRate));
        _subscriptions = [.. hands.Select(hand => hand.StatesTopic).Distinct().Select(topic => node.CreateSubscription<JointReport>(topic, Qos))];
        _waitSet = new WaitSet(_subscriptions);
        _thread = new Thread(Run) { Name = "joint states", IsBackground = true };
    }

    /// <summary>The newest states.</summary>
    public TripleBuffer<HandsSample> Samples { get; }

    /// <summary>Messages received and missing.</summary>
    public StreamLoss Loss => new("joint_states", _losses.Received, _losses.Lost);

    /// <summary>The senders' clocks.</summary>
    public IReadOnlyList<ClockOffset> Clocks
    {
        get
        {
            lock (_seen)
                return [.. _senders.Values.Select((sender, i) => sender.Estimate(_senders.Count == 1 ? "joint_states" : FormattableString.Invariant($"joint_states {i + 1}"))).OfType<ClockOffset>()];
        }
    }

    /// <inheritdoc/>
    public Task Ready => _ready.Task;

    /// <inheritdoc/>
    public Exception? Failure => _failure;

    /// <inheritdoc/>
    public string Missing
    {
        get
        {
            string[] missing = MissingJoints();
            string names = missing.Length == _expected.Count(each => each) ? "any joint" : string.Join(", ", missing.Take(NamesInMessages));
            string more = names != "any joint" && missing.Length > NamesInMessages ? $" and {missing.Length - NamesInMessages} more" : "";
            return $"no joint state for {names}{more} on {string.Join(", ", _subscriptions.Select(each => each.Topic))}";
        }
    }

    /// <inheritdoc/>
    public void Start() => _thread.Start();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _waitSet.Dispose();
        if (_thread.IsAlive)
            _thread.Join();
    }

    private string[] MissingJoints()
    {
        lock (_seen)
            return [.. _joints.Where((_, i) => _stamps[i] == long.MinValue)];
    }

    private void Run()
    {
        RealTimeThread.CarryMessages();
        try
        {
            while (!_stopping)
            {
                _waitSet.Wait(Timeout.InfiniteTimeSpan);
                long now = _clock.Now;
                foreach (Subscription<JointReport> subscription in _subscriptions)
                {
                    while (!_stopping && TryTake(subscription, out MessageInfo info))
                        Take(info, now);
                }
            }
        }
        catch (ObjectDisposedException) when (_stopping)
        {
            // Dispose came between two waits.
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    // False when there is no message; one that is malformed is counted and passed over.
    private bool TryTake(Subscription<JointReport> subscription, out MessageInfo info)
    {
        while (true)
        {
            try
            {
                return subscription.TryTake(_report, out info);
            }
            catch (CdrException)
            {
                _losses.AddLost(1);
            }
        }
    }

    private void Take(MessageInfo info, long now)
    {
        foreach (double position in _report.Position)
        {
            if (!double.IsFinite(position))
            {
                _losses.AddLost(1);
                return;
            }
        }
        long sent = _report.Stamp == default ? info.SourceTimestamp : _report.Stamp.TotalNanoseconds;
        _losses.Add(info.PublicationHandle, _report.OrderId, sent);
        ReadOnlySpan<int> places = _report.Places;
        lock (_seen)
        {
            AddTo(_senders, info.PublicationHandle, now, sent);
            for (int i = 0; i < places.Length; i++)
            {
                if (places[i] < 0 || !_expected[places[i]])
                    continue;
                _newest.Positions[places[i]] = _report.Position[i];
                _newest.Velocities[places[i]] = _report.Velocity.Count > 0 ? _report.Velocity[i] : 0;
                _stamps[places[i]] = now;
            }
        }
        Publish();
    }

    // Allocates only for a sender that was not met before; one that comes back again and again must not fill the memory.
    private static void AddTo(Dictionary<ulong, SenderClock> senders, ulong publisher, long received, long sent)
    {
        if (!senders.TryGetValue(publisher, out SenderClock? clock))
        {
            if (senders.Count == MostSenders)
                return;
            senders[publisher] = clock = new SenderClock();
        }
        clock.Add(received, sent);
    }

    private void Publish()
    {
        long oldest = long.MaxValue;
        foreach (long stamp in _stamps)
            oldest = Math.Min(oldest, stamp);
        if (oldest == long.MinValue)
            return;
        HandsSample back = Samples.Back;
        _newest.Positions.CopyTo(back.Positions, 0);
        _newest.Velocities.CopyTo(back.Velocities, 0);
        (back.Stamp, back.Lost) = (oldest, _losses.Lost);
        Samples.Publish();
        _ready.TrySetResult();
    }
}
