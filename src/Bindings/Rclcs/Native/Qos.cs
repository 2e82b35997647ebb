using System.Text;

namespace Rclcs.Native;

/// <summary>A dds_qos_t. Not thread-safe.</summary>
internal sealed unsafe class Qos : IDisposable
{
    private const int Unlimited = -1;

    /// <summary>The native object.</summary>
    public nint Handle { get; } = Dds.dds_create_qos();

    /// <summary>QoS of a reader or writer.</summary>
    public static Qos Of(QosProfile profile)
    {
        var qos = new Qos();
        (int history, int depth) = ((int)profile.History, profile.Depth);
        Dds.dds_qset_reliability(qos.Handle, (int)profile.Reliability, Dds.Nanoseconds(profile.MaxBlocking));
        Dds.dds_qset_durability(qos.Handle, (int)profile.Durability);
        Dds.dds_qset_history(qos.Handle, history, depth);
        Dds.dds_qset_writer_data_lifecycle(qos.Handle, 0);
        if (profile.Durability == Durability.TransientLocal)
            Dds.dds_qset_durability_service(qos.Handle, 0, history, depth, Unlimited, Unlimited, Unlimited);
        Dds.dds_qset_lifespan(qos.Handle, Dds.Nanoseconds(profile.Lifespan));
        return qos;
    }

    /// <summary>QoS of a participant, which carries its ROS enclave in the user data.</summary>
    public static Qos OfParticipant(string enclave)
    {
        var qos = new Qos();
        byte[] data = Encoding.UTF8.GetBytes($"enclave={enclave};");
        fixed (byte* bytes = data)
            Dds.dds_qset_userdata(qos.Handle, bytes, (nuint)data.Length);
        return qos;
    }

    public void Dispose() => Dds.dds_delete_qos(Handle);
}
