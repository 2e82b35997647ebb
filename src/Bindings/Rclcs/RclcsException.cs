namespace Rclcs;

/// <summary>Anything that goes wrong in this library, from a refused name to an error returned by DDS.</summary>
/// <remarks>The message is one line: what was tried, on what, why it failed and, where known, what to do.</remarks>
public class RclcsException : Exception
{
    /// <summary>Creates the exception with its one-line message.</summary>
    public RclcsException(string message) : base(message) { }

    /// <summary>Creates the exception for a call that DDS refused.</summary>
    public RclcsException(string message, DdsReturnCode code) : base($"{message}: DDS says {code}") => Code = code;

    /// <summary>What DDS returned; <see cref="DdsReturnCode.Ok"/> when the failure did not come from DDS.</summary>
    public DdsReturnCode Code { get; }
}

/// <summary>A node, topic or namespace name breaks the rules of ROS 2.</summary>
public sealed class InvalidNameException(string message) : RclcsException(message);

/// <summary>Bytes that are not the CDR of the message they are read as.</summary>
public sealed class CdrException(string message) : RclcsException(message);

/// <summary>The Cyclone DDS library is missing or has a version this binding does not know.</summary>
public sealed class LibraryException(string message) : RclcsException(message);

/// <summary>Return codes of DDS, by their names in the standard.</summary>
public enum DdsReturnCode
{
    /// <summary>Success.</summary>
    Ok = 0,

    /// <summary>An unspecific error.</summary>
    Error = -1,

    /// <summary>The feature is not supported.</summary>
    Unsupported = -2,

    /// <summary>A parameter is illegal, or the entity is gone.</summary>
    BadParameter = -3,

    /// <summary>A precondition is not met.</summary>
    PreconditionNotMet = -4,

    /// <summary>Out of memory, ports or handles.</summary>
    OutOfResources = -5,

    /// <summary>The entity or feature is not enabled.</summary>
    NotEnabled = -6,

    /// <summary>A policy that cannot change was changed.</summary>
    ImmutablePolicy = -7,

    /// <summary>Policies contradict one another.</summary>
    InconsistentPolicy = -8,

    /// <summary>The entity was deleted.</summary>
    AlreadyDeleted = -9,

    /// <summary>The time ran out.</summary>
    Timeout = -10,

    /// <summary>There is no data.</summary>
    NoData = -11,

    /// <summary>The call does not fit the entity.</summary>
    IllegalOperation = -12,

    /// <summary>Security rules forbid it.</summary>
    NotAllowedBySecurity = -13,
}
