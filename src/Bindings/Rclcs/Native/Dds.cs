using System.Runtime.InteropServices;

namespace Rclcs.Native;

/// <summary>The functions of libddsc that are used, by their C names. Public API of Cyclone DDS 0.10 (dds/dds.h) unless said otherwise.</summary>
/// <remarks><see cref="Library.EnsureLoaded"/> comes first; <see cref="Context"/> sees to that.</remarks>
internal static unsafe partial class Dds
{
    public const int BuiltinTopicPublication = 0x7fff0003;
    public const int BuiltinTopicSubscription = 0x7fff0004;
    public const uint AnyState = 0x7f;

    [LibraryImport(Library.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int dds_create_domain(uint domain, string config);

    [LibraryImport(Library.Name)]
    public static partial int dds_create_participant(uint domain, nint qos, nint listener);

    [LibraryImport(Library.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int dds_create_topic(int participant, TopicDescriptor* descriptor, string name, nint qos, nint listener);

    [LibraryImport(Library.Name)]
    public static partial int dds_create_writer(int participant, int topic, nint qos, nint listener);

    [LibraryImport(Library.Name)]
    public static partial int dds_create_reader(int participant, int topic, nint qos, nint listener);

    [LibraryImport(Library.Name)]
    public static partial int dds_create_readcondition(int reader, uint mask);

    [LibraryImport(Library.Name)]
    public static partial int dds_create_guardcondition(int participant);

    [LibraryImport(Library.Name)]
    public static partial int dds_set_guardcondition(int guard, byte triggered);

    [LibraryImport(Library.Name)]
    public static partial int dds_take_guardcondition(int guard, out byte triggered);

    [LibraryImport(Library.Name)]
    public static partial int dds_create_waitset(int participant);

    [LibraryImport(Library.Name)]
    public static partial int dds_waitset_attach(int waitset, int entity, nint argument);

    [LibraryImport(Library.Name)]
    public static partial int dds_waitset_detach(int waitset, int entity);

    [LibraryImport(Library.Name)]
    public static partial int dds_waitset_wait(int waitset, nint arguments, nuint count, long timeout);

    [LibraryImport(Library.Name)]
    public static partial int dds_delete(int entity);

    [LibraryImport(Library.Name)]
    public static partial int dds_get_guid(int entity, out Gid guid);

    [LibraryImport(Library.Name)]
    public static partial int dds_write(int writer, void* sample);

    [LibraryImport(Library.Name)]
    public static partial int dds_read(int reader, void** samples, SampleInfo* infos, nuint size, uint max);

    [LibraryImport(Library.Name)]
    public static partial int dds_take(int reader, void** samples, SampleInfo* infos, nuint size, uint max);

    [LibraryImport(Library.Name)]
    public static partial int dds_return_loan(int reader, void** samples, int size);

    // Takes serialized samples; each must be given back with ddsi_serdata_unref.
    [LibraryImport(Library.Name)]
    public static partial int dds_takecdr(int reader, nint* samples, uint max, SampleInfo* infos, uint mask);

    // Consumes the reference to the sample, whether it succeeds or not.
    [LibraryImport(Library.Name)]
    public static partial int dds_writecdr(int writer, nint sample);

    [LibraryImport(Library.Name)]
    public static partial int dds_get_publication_matched_status(int writer, out PublicationMatchedStatus status);

    [LibraryImport(Library.Name)]
    public static partial int dds_get_subscription_matched_status(int reader, out SubscriptionMatchedStatus status);

    [LibraryImport(Library.Name)]
    public static partial int dds_get_offered_incompatible_qos_status(int writer, out IncompatibleQosStatus status);

    [LibraryImport(Library.Name)]
    public static partial int dds_get_requested_incompatible_qos_status(int reader, out IncompatibleQosStatus status);

    [LibraryImport(Library.Name)]
    public static partial int dds_get_sample_lost_status(int reader, out SampleLostStatus status);

    [LibraryImport(Library.Name)]
    public static partial int dds_get_sample_rejected_status(int reader, out SampleRejectedStatus status);

    [LibraryImport(Library.Name)]
    public static partial int dds_get_matched_publications(int reader, ulong* handles, nuint size);

    [LibraryImport(Library.Name)]
    public static partial BuiltinEndpoint* dds_get_matched_publication_data(int reader, ulong handle);

    [LibraryImport(Library.Name)]
    public static partial int dds_get_matched_subscriptions(int writer, ulong* handles, nuint size);

    [LibraryImport(Library.Name)]
    public static partial BuiltinEndpoint* dds_get_matched_subscription_data(int writer, ulong handle);

    [LibraryImport(Library.Name)]
    public static partial void dds_builtintopic_free_endpoint(BuiltinEndpoint* endpoint);

    [LibraryImport(Library.Name)]
    public static partial nint dds_create_qos();

    [LibraryImport(Library.Name)]
    public static partial void dds_delete_qos(nint qos);

    [LibraryImport(Library.Name)]
    public static partial void dds_qset_userdata(nint qos, byte* value, nuint size);

    [LibraryImport(Library.Name)]
    public static partial void dds_qset_reliability(nint qos, int kind, long maxBlocking);

    [LibraryImport(Library.Name)]
    public static partial void dds_qset_durability(nint qos, int kind);

    [LibraryImport(Library.Name)]
    public static partial void dds_qset_durability_service(
        nint qos, long cleanupDelay, int history, int depth, int maxSamples, int maxInstances, int maxSamplesPerInstance);

    [LibraryImport(Library.Name)]
    public static partial void dds_qset_history(nint qos, int kind, int depth);

    [LibraryImport(Library.Name)]
    public static partial void dds_qset_lifespan(nint qos, long lifespan);

    [LibraryImport(Library.Name)]
    public static partial void dds_qset_ignorelocal(nint qos, int kind);

    [LibraryImport(Library.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void dds_qset_partition1(nint qos, string name);

    [LibraryImport(Library.Name)]
    public static partial void dds_qset_writer_data_lifecycle(nint qos, byte autodispose);

    [LibraryImport(Library.Name)]
    public static partial byte dds_qget_reliability(nint qos, out int kind, nint maxBlocking);

    [LibraryImport(Library.Name)]
    public static partial byte dds_qget_durability(nint qos, out int kind);

    // The ddsi_ functions are Cyclone's own layer below the DDS API, the same in all of 0.10.

    [LibraryImport(Library.Name)]
    public static partial nint ddsi_sertype_ref(nint type);

    [LibraryImport(Library.Name)]
    public static partial void ddsi_sertype_unref(nint type);

    [LibraryImport(Library.Name)]
    public static partial nint ddsi_serdata_from_ser_iov(nint type, int kind, nuint count, IoVector* vectors, nuint size);

    [LibraryImport(Library.Name)]
    public static partial uint ddsi_serdata_size(nint sample);

    [LibraryImport(Library.Name)]
    public static partial nint ddsi_serdata_to_ser_ref(nint sample, nuint offset, nuint size, out IoVector bytes);

    [LibraryImport(Library.Name)]
    public static partial void ddsi_serdata_to_ser_unref(nint sample, in IoVector bytes);

    [LibraryImport(Library.Name)]
    public static partial void ddsi_serdata_unref(nint sample);

    /// <summary>A span of time as DDS takes it; an infinite one is DDS' infinity.</summary>
    public static long Nanoseconds(TimeSpan span) => span == Timeout.InfiniteTimeSpan || span.Ticks > long.MaxValue / TimeSpan.NanosecondsPerTick
        ? long.MaxValue
        : span.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Returns the result of a call, or throws what it says.</summary>
    public static int Check(int result, string what) => result >= 0 ? result : throw new RclcsException(what, (DdsReturnCode)result);
}
