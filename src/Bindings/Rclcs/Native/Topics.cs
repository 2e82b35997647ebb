using System.Text;

namespace Rclcs.Native;

/// <summary>Creates the native topics and sample types of message types.</summary>
internal static unsafe class Topics
{
    /// <summary>Creates a topic. Cyclone copies everything it is given here.</summary>
    public static int Create(int participant, TypeDescriptor type, string ddsTopic)
    {
        byte[] name = Encoding.UTF8.GetBytes(type.DdsName + '\0');
        byte meta = 0;
        fixed (byte* typeName = name)
        fixed (uint* ops = type.Ops)
        {
            var descriptor = new TopicDescriptor
            {
                Size = (uint)type.Size,
                Alignment = (uint)type.Alignment,
                Flags = TopicDescriptor.RestrictDataRepresentation,
                TypeName = typeName,
                OpCount = (uint)type.OpCount,
                Ops = ops,
                Meta = &meta,
                DataRepresentation = TopicDescriptor.Xcdr1,
            };
            return Dds.Check(Dds.dds_create_topic(participant, &descriptor, ddsTopic, 0, 0), $"cannot create topic '{ddsTopic}' of type {type.Name}");
        }
    }

    /// <summary>Gets a counted reference to Cyclone's object for a message type, which serialized samples are made with.</summary>
    /// <remarks>
    /// Cyclone 0.10 has no function for that, but every sample points to its type. So one all-zero sample goes through a topic
    /// that nobody else can match (a partition and a name of its own) and is taken back. The reference keeps the type alive
    /// when that topic goes; Cyclone shares one type object among all topics of the type.
    /// </remarks>
    public static nint ReferenceType(int participant, TypeDescriptor type)
    {
        string topicName = $"rclcs_type/{type.Name}";
        string what = $"cannot prepare type {type.Name}";
        int topic = Create(participant, type, topicName);
        int writer = 0, reader = 0;
        byte[] zeros = GC.AllocateArray<byte>(type.Size, pinned: true);
        try
        {
            using Qos qos = Qos.Of(QosProfile.SystemDefault);
            Dds.dds_qset_partition1(qos.Handle, $"rclcs_{Environment.ProcessId}");
            reader = Dds.Check(Dds.dds_create_reader(participant, topic, qos.Handle, 0), what);
            writer = Dds.Check(Dds.dds_create_writer(participant, topic, qos.Handle, 0), what);
            fixed (byte* sample = zeros)
                Dds.Check(Dds.dds_write(writer, sample), what);
            nint serdata;
            SampleInfo info;
            if (Dds.Check(Dds.dds_takecdr(reader, &serdata, 1, &info, Dds.AnyState), what) != 1)
                throw new RclcsException($"{what}: DDS did not hand back a sample written within the process");
            nint reference = Dds.ddsi_sertype_ref(((Serdata*)serdata)->Type);
            Dds.ddsi_serdata_unref(serdata);
            return reference;
        }
        finally
        {
            foreach (int entity in (ReadOnlySpan<int>)[writer, reader, topic])
            {
                if (entity > 0)
                    Dds.Check(Dds.dds_delete(entity), what);
            }
        }
    }
}
