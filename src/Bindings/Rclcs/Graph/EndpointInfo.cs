using System.Runtime.InteropServices;
using Rclcs.Native;

namespace Rclcs;

/// <summary>A publisher or subscription somewhere on the network, as discovery shows it.</summary>
/// <param name="Gid">Its identity.</param>
/// <param name="Participant">Identity of the participant (usually one per process) it belongs to.</param>
/// <param name="Handle">Its number within this process, as in <see cref="MessageInfo.PublicationHandle"/>.</param>
/// <param name="Topic">The ROS topic, or the DDS topic when it is none.</param>
/// <param name="TypeName">The ROS type, or the DDS type when it is none.</param>
/// <param name="Reliability">What it offers or requests.</param>
/// <param name="Durability">What it offers or requests.</param>
public sealed record EndpointInfo(Gid Gid, Gid Participant, ulong Handle, string Topic, string TypeName, Reliability Reliability, Durability Durability)
{
    internal static unsafe EndpointInfo Of(BuiltinEndpoint* native, ulong handle)
    {
        string ddsTopic = Marshal.PtrToStringUTF8((nint)native->TopicName) ?? "";
        string ddsType = Marshal.PtrToStringUTF8((nint)native->TypeName) ?? "";
        int reliability = 0, durability = 0;
        _ = native->Qos != 0 && Dds.dds_qget_reliability(native->Qos, out reliability, 0) != 0;
        _ = native->Qos != 0 && Dds.dds_qget_durability(native->Qos, out durability) != 0;
        string topic = RosName.TryFromDdsTopic(ddsTopic, out string ros) ? ros : ddsTopic;
        return new EndpointInfo(native->Key, native->ParticipantKey, handle, topic, RosName.FromDdsType(ddsType), (Reliability)reliability, (Durability)durability);
    }

    internal static unsafe IReadOnlyList<EndpointInfo> OfMatches(
        int entity, delegate*<int, ulong*, nuint, int> list, delegate*<int, ulong, BuiltinEndpoint*> describe)
    {
        ulong[] handles = new ulong[16];
        int count;
        while ((count = ListMatches(entity, list, handles)) > handles.Length)
            handles = new ulong[count];
        var found = new List<EndpointInfo>(count);
        foreach (ulong handle in handles.AsSpan(0, count))
        {
            // Null when the peer left since it was listed.
            BuiltinEndpoint* native = describe(entity, handle);
            if (native is null)
                continue;
            found.Add(Of(native, handle));
            Dds.dds_builtintopic_free_endpoint(native);
        }
        return found;
    }

    private static unsafe int ListMatches(int entity, delegate*<int, ulong*, nuint, int> list, ulong[] handles)
    {
        fixed (ulong* first = handles)
            return Dds.Check(list(entity, first, (nuint)handles.Length), "cannot list matches");
    }
}
