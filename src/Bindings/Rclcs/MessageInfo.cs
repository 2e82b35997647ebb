namespace Rclcs;

/// <summary>What DDS knows about a received sample. (Cyclone DDS 0.10 hands out no sequence number.)</summary>
/// <param name="SourceTimestamp">When it was published, by the publisher's wall clock: nanoseconds since 1970-01-01 UTC.</param>
/// <param name="PublicationHandle">The publisher, by the number that <see cref="EndpointInfo.Handle"/> has in this process; 0 if unknown.</param>
/// <param name="Skipped">Older samples that <see cref="Subscription{T}.TryTakeLatest"/> passed over.</param>
public readonly record struct MessageInfo(long SourceTimestamp, ulong PublicationHandle, int Skipped)
{
    /// <summary>When it was published, to 100 ns.</summary>
    public DateTimeOffset SourceTime => DateTimeOffset.UnixEpoch.AddTicks(SourceTimestamp / TimeSpan.NanosecondsPerTick);
}
