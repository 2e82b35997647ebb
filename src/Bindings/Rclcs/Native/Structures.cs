using System.Runtime.InteropServices;

namespace Rclcs.Native;

/// <summary>dds_topic_descriptor_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TopicDescriptor
{
    public const uint RestrictDataRepresentation = 1 << 7;
    public const uint Xcdr1 = 1;

    public uint Size;
    public uint Alignment;
    public uint Flags;
    public uint KeyCount;
    public byte* TypeName;
    public void* Keys;
    public uint OpCount;
    public uint* Ops;
    public byte* Meta;
    public TypeMeta TypeInformation;
    public TypeMeta TypeMapping;
    public uint DataRepresentation;
}

/// <summary>struct dds_type_meta_ser.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TypeMeta
{
    public byte* Data;
    public uint Size;
}

/// <summary>dds_sample_info_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SampleInfo
{
    public uint SampleState;
    public uint ViewState;
    public uint InstanceState;
    public byte ValidData;
    public long SourceTimestamp;
    public ulong InstanceHandle;
    public ulong PublicationHandle;
    public uint DisposedGenerationCount;
    public uint NoWritersGenerationCount;
    public uint SampleRank;
    public uint GenerationRank;
    public uint AbsoluteGenerationRank;
}

/// <summary>struct ddsi_serdata up to the field that is needed; Cyclone's header asks not to change this part.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Serdata
{
    public const int Data = 2;

    public nint Ops;
    public uint Hash;
    public uint References;
    public int Kind;
    public nint Type;
}

/// <summary>struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Base;
    public nuint Length;

    public readonly ReadOnlySpan<byte> Span => new(Base, checked((int)Length));
}

/// <summary>dds_builtintopic_endpoint_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BuiltinEndpoint
{
    public Gid Key;
    public Gid ParticipantKey;
    public ulong ParticipantHandle;
    public byte* TopicName;
    public byte* TypeName;
    public nint Qos;
}

/// <summary>dds_publication_matched_status_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PublicationMatchedStatus
{
    public uint TotalCount;
    public int TotalCountChange;
    public uint CurrentCount;
    public int CurrentCountChange;
    public ulong LastSubscriptionHandle;
}

/// <summary>dds_subscription_matched_status_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SubscriptionMatchedStatus
{
    public uint TotalCount;
    public int TotalCountChange;
    public uint CurrentCount;
    public int CurrentCountChange;
    public ulong LastPublicationHandle;
}

/// <summary>dds_offered_incompatible_qos_status_t and its requested twin.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IncompatibleQosStatus
{
    public uint TotalCount;
    public int TotalCountChange;
    public uint LastPolicyId;
}

/// <summary>dds_sample_lost_status_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SampleLostStatus
{
    public uint TotalCount;
    public int TotalCountChange;
}

/// <summary>dds_sample_rejected_status_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SampleRejectedStatus
{
    public uint TotalCount;
    public int TotalCountChange;
    public int LastReason;
    public ulong LastInstanceHandle;
}
