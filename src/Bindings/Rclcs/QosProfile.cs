namespace Rclcs;

/// <summary>Whether lost samples are sent again.</summary>
public enum Reliability
{
    /// <summary>Not; a reliable subscription never matches such a publisher.</summary>
    BestEffort = 0,

    /// <summary>Yes.</summary>
    Reliable = 1,
}

/// <summary>Whether a subscription that comes late gets what was published before.</summary>
public enum Durability
{
    /// <summary>No.</summary>
    Volatile = 0,

    /// <summary>Yes, as long as the publisher lives, up to its depth. Such a subscription never matches a volatile publisher.</summary>
    TransientLocal = 1,
}

/// <summary>How many samples are kept.</summary>
public enum History
{
    /// <summary>The newest <see cref="QosProfile.Depth"/>.</summary>
    KeepLast = 0,

    /// <summary>All, until they are taken or acknowledged.</summary>
    KeepAll = 1,
}

/// <summary>Quality of service of a publisher or subscription. The named profiles are those of ROS 2's rmw.</summary>
/// <remarks>
/// Immutable; change with <c>with</c>. A pair matches when the publisher offers at least what the subscription requests;
/// otherwise nothing flows, and both sides only count it (<see cref="Publisher.IncompatibleQos"/>, <see cref="Subscription.IncompatibleQos"/>).
/// </remarks>
public sealed record QosProfile
{
    /// <summary>rmw's default: reliable, volatile, keep last 10.</summary>
    public static QosProfile Default { get; } = new();

    /// <summary>rmw's profile for sensors: best effort, volatile, keep last 5. As a subscription it matches every publisher.</summary>
    public static QosProfile SensorData { get; } = new() { Reliability = Reliability.BestEffort, Depth = 5 };

    /// <summary>What Cyclone's rmw makes of "system default": reliable, volatile, keep last 1.</summary>
    public static QosProfile SystemDefault { get; } = new() { Depth = 1 };

    /// <summary>rmw's profile for services: reliable, volatile, keep last 10.</summary>
    public static QosProfile Services { get; } = new();

    /// <summary>rmw's profile for parameters and their events: reliable, volatile, keep last 1000.</summary>
    public static QosProfile Parameters { get; } = new() { Depth = 1000 };

    /// <summary>rclcpp's profile for /rosout: reliable, transient local, keep last 1000, 10 s lifespan.</summary>
    public static QosProfile Rosout { get; } = new() { Durability = Durability.TransientLocal, Depth = 1000, Lifespan = TimeSpan.FromSeconds(10) };

    /// <summary>The last value, for whoever comes when ("latched"): reliable, transient local, keep last 1.</summary>
    public static QosProfile Latched { get; } = new() { Durability = Durability.TransientLocal, Depth = 1 };

    /// <summary>Whether lost samples are sent again.</summary>
    /// <value>Default <see cref="Reliability.Reliable"/>.</value>
    public Reliability Reliability { get; init => field = Defined(value); } = Reliability.Reliable;

    /// <summary>Whether late subscriptions get earlier samples.</summary>
    /// <value>Default <see cref="Durability.Volatile"/>.</value>
    public Durability Durability { get; init => field = Defined(value); } = Durability.Volatile;

    /// <summary>How many samples are kept.</summary>
    /// <value>Default <see cref="History.KeepLast"/>.</value>
    public History History { get; init => field = Defined(value); } = History.KeepLast;

    /// <summary>Samples kept with <see cref="History.KeepLast"/>.</summary>
    /// <value>Default 10; 1 or more.</value>
    public int Depth { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A QoS depth is 1 or more."); } = 10;

    /// <summary>How long a reliable publisher may be held up by slow subscriptions before publishing fails. Not seen by peers.</summary>
    /// <value>Default 100 ms, DDS' own (ROS 2 waits for ever, which a control loop must not); 0 or more.</value>
    public TimeSpan MaxBlocking
    {
        get;
        init => field = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A blocking time is 0 or more.");
    } = TimeSpan.FromMilliseconds(100);

    /// <summary>Age at which a sample is no longer delivered.</summary>
    /// <value>Default <see cref="Timeout.InfiniteTimeSpan"/>; otherwise more than 0.</value>
    public TimeSpan Lifespan
    {
        get;
        init => field = value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A lifespan is more than 0, or infinite.");
    } = Timeout.InfiniteTimeSpan;

    /// <summary>True when a publisher with this profile matches a subscription with that one.</summary>
    public bool Satisfies(QosProfile requested) => Reliability >= requested.Reliability && Durability >= requested.Durability;

    private static T Defined<T>(T value) where T : struct, Enum => Enum.IsDefined(value)
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"No such {typeof(T).Name}.");
}

/// <summary>QoS mismatches seen so far.</summary>
/// <param name="Count">How many peers could not be matched, since creation.</param>
/// <param name="LastPolicy">The policy that kept the last of them out; null when there was none.</param>
public readonly record struct IncompatibleQos(int Count, QosPolicy? LastPolicy);

/// <summary>QoS policies that can keep a publisher and a subscription apart, numbered as in Cyclone DDS.</summary>
public enum QosPolicy
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Durability.</summary>
    Durability = 2,

    /// <summary>Presentation.</summary>
    Presentation = 3,

    /// <summary>Deadline.</summary>
    Deadline = 4,

    /// <summary>Latency budget.</summary>
    LatencyBudget = 5,

    /// <summary>Ownership.</summary>
    Ownership = 6,

    /// <summary>Liveliness.</summary>
    Liveliness = 8,

    /// <summary>Reliability.</summary>
    Reliability = 11,

    /// <summary>Destination order.</summary>
    DestinationOrder = 12,

    /// <summary>Type consistency.</summary>
    TypeConsistency = 25,

    /// <summary>Data representation (the version of CDR).</summary>
    DataRepresentation = 26,
}
