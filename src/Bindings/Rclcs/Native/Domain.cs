using System.Globalization;
using System.Net.NetworkInformation;
using System.Security;

namespace Rclcs.Native;

/// <summary>A share in a DDS domain. Cyclone has one object per domain and process; all contexts of the process share it.</summary>
/// <remarks>Thread-safe. The domain goes with its last share.</remarks>
internal sealed class Domain : IDisposable
{
    // Interop's only global state: Cyclone's own table of domains is per process as well.
    private static readonly Dictionary<int, Domain> Open = [];
    private static readonly Lock Gate = new();

    // Enough for about 30 processes on a loopback interface, where participants are found by trying ports.
    private const int MaxParticipantIndex = 31;

    // Fast DDS recognises what leaves by its key hash alone; without, it keeps participants, publishers and subscriptions
    // until the lease ends. ROS topics have no keys and look the same either way.
    private const string KeyHashes = "<Internal><GenerateKeyhash>true</GenerateKeyhash></Internal>";

    private readonly int _id;
    private readonly int _entity;
    private readonly string? _interface;
    private int _shares = 1;

    private Domain(int id, string? @interface)
    {
        _id = id;
        _interface = @interface;
        _entity = Dds.Check(
            Dds.dds_create_domain((uint)id, Configuration(@interface)),
            $"cannot open ROS domain {id} on interface '{@interface ?? "any"}' (is another library in this process using it?)");
    }

    /// <summary>Opens a domain, or takes a share in it.</summary>
    /// <param name="id">0..232; above 101 ports collide with those Linux hands out.</param>
    /// <param name="interface">Name of the network interface; null lets Cyclone choose.</param>
    /// <exception cref="RclcsException">There is no such interface, or this process has the domain open on another one.</exception>
    public static Domain Acquire(int id, string? @interface)
    {
        lock (Gate)
        {
            if (!Open.TryGetValue(id, out Domain? domain))
                return Open[id] = new Domain(id, @interface);
            if (domain._interface != @interface)
                throw new RclcsException($"ROS domain {id} is already open in this process on interface '{domain._interface ?? "any"}', not '{@interface ?? "any"}'; use one interface per domain");
            domain._shares++;
            return domain;
        }
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (--_shares > 0)
                return;
            Open.Remove(_id);
            Dds.Check(Dds.dds_delete(_entity), $"cannot close ROS domain {_id}");
        }
    }

    // The interface; on loopback also how participants find one another without multicast.
    private static string Configuration(string? name)
    {
        if (name is null)
            return $"<CycloneDDS><Domain>{KeyHashes}</Domain></CycloneDDS>";
        NetworkInterface[] known = NetworkInterface.GetAllNetworkInterfaces();
        NetworkInterface found = Array.Find(known, candidate => candidate.Name == name)
            ?? throw new RclcsException($"no network interface '{name}' on this machine; there are {string.Join(", ", known.Select(each => each.Name))}");
        bool isLoopback = found.NetworkInterfaceType == NetworkInterfaceType.Loopback;
        string multicast = isLoopback ? "<AllowMulticast>false</AllowMulticast>" : "";
        string discovery = isLoopback
            ? string.Create(CultureInfo.InvariantCulture, $"<Discovery><ParticipantIndex>auto</ParticipantIndex><MaxAutoParticipantIndex>{MaxParticipantIndex}</MaxAutoParticipantIndex></Discovery>")
            : "";
        return $"""
            <CycloneDDS><Domain><General>
            <Interfaces><NetworkInterface name="{SecurityElement.Escape(name)}"/></Interfaces>{multicast}
            </General>{discovery}{KeyHashes}</Domain></CycloneDDS>
            """;
    }
}
