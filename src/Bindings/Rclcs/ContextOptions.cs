namespace Rclcs;

/// <summary>The ROS 2 release whose nodes are the peers.</summary>
public enum Distro
{
    /// <summary>Humble Hawksbill.</summary>
    Humble,

    /// <summary>Jazzy Jalisco (and Iron).</summary>
    Jazzy,
}

/// <summary>Where and as what a <see cref="Context"/> joins ROS 2.</summary>
public sealed record ContextOptions
{
    /// <summary>The ROS domain, what ROS_DOMAIN_ID is elsewhere.</summary>
    /// <value>Default 0; 0..101, above which DDS' ports fall among those that Linux gives to others.</value>
    public int DomainId
    {
        get;
        init => field = value is >= 0 and <= 101 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A ROS domain id is 0..101.");
    }

    /// <summary>Name of the only network interface to use; null lets DDS choose.</summary>
    /// <value>Default <c>lo</c>: nothing leaves the machine.</value>
    public string? Interface { get; init; } = "lo";

    /// <summary>The release of the peers. It matters for ros_discovery_info alone, whose GIDs differ in size.</summary>
    /// <value>Default <see cref="Distro.Humble"/>.</value>
    public Distro Distro { get; init; } = Distro.Humble;

    /// <summary>The security enclave that the participant announces.</summary>
    /// <value>Default <c>/</c>.</value>
    public string Enclave { get; init; } = "/";
}
