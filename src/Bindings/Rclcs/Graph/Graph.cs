using Rclcs.Native;

namespace Rclcs;

/// <summary>A topic and who is on it.</summary>
/// <param name="Name">Absolute name.</param>
/// <param name="TypeName">ROS type; when endpoints disagree, the first one's (they do not match then).</param>
/// <param name="Publishers">Number of publishers.</param>
/// <param name="Subscriptions">Number of subscriptions.</param>
public sealed record TopicInfo(string Name, string TypeName, int Publishers, int Subscriptions);

/// <summary>A node as its participant announces it.</summary>
/// <param name="Name">Name without namespace.</param>
/// <param name="Namespace">Namespace, starting with a slash.</param>
/// <param name="Participant">The participant.</param>
/// <param name="Publishers">Its publishers.</param>
/// <param name="Subscriptions">Its subscriptions.</param>
public sealed record NodeInfo(string Name, string Namespace, Gid Participant, IReadOnlyList<Gid> Publishers, IReadOnlyList<Gid> Subscriptions)
{
    /// <summary>Namespace and name.</summary>
    public string FullName => Namespace == "/" ? $"/{Name}" : $"{Namespace}/{Name}";
}

/// <summary>What discovery has found so far in a domain, this process included. For messages to people, not for control loops.</summary>
/// <remarks>Thread-safe. Peers appear within a second or so; peers that crash disappear after 10 s.</remarks>
public sealed class Graph
{
    private const int Batch = 64;

    private readonly Context _context;

    internal Graph(Context context) => _context = context;

    /// <summary>All publishers on ROS topics.</summary>
    public IReadOnlyList<EndpointInfo> GetPublishers() => [.. Read(Dds.BuiltinTopicPublication).Where(IsRosTopic)];

    /// <summary>All subscriptions on ROS topics.</summary>
    public IReadOnlyList<EndpointInfo> GetSubscriptions() => [.. Read(Dds.BuiltinTopicSubscription).Where(IsRosTopic)];

    /// <summary>All ROS topics in order of name.</summary>
    public IReadOnlyList<TopicInfo> GetTopics()
    {
        ILookup<string, EndpointInfo> publishers = GetPublishers().ToLookup(each => each.Topic, StringComparer.Ordinal);
        ILookup<string, EndpointInfo> subscriptions = GetSubscriptions().ToLookup(each => each.Topic, StringComparer.Ordinal);
        IEnumerable<string> names = publishers.Concat(subscriptions).Select(group => group.Key).Distinct().Order(StringComparer.Ordinal);
        return [.. names.Select(name => new TopicInfo(
            name, publishers[name].Concat(subscriptions[name]).First().TypeName, publishers[name].Count(), subscriptions[name].Count()))];
    }

    /// <summary>All nodes that announce themselves, in order of full name; those of participants that are gone are left out.</summary>
    public IReadOnlyList<NodeInfo> GetNodes()
    {
        HashSet<Gid> alive = [.. Read(Dds.BuiltinTopicPublication).Where(each => each.Topic == NodeDirectory.DdsTopic).Select(each => each.Participant)];
        return [.. _context.Directory.Read().Where(node => alive.Contains(node.Participant)).OrderBy(node => node.FullName, StringComparer.Ordinal)];
    }

    private static bool IsRosTopic(EndpointInfo endpoint) => endpoint.Topic.StartsWith('/');

    // A fresh reader on a builtin topic starts with everything that is known.
    private unsafe List<EndpointInfo> Read(int builtinTopic)
    {
        const string What = "cannot read the discovery data";
        int reader = Dds.Check(Dds.dds_create_reader(_context.Participant, builtinTopic, 0, 0), What);
        var found = new List<EndpointInfo>();
        try
        {
            void** samples = stackalloc void*[Batch];
            SampleInfo* infos = stackalloc SampleInfo[Batch];
            int count;
            do
            {
                // A null first pointer makes Cyclone lend its own memory.
                samples[0] = null;
                count = Dds.Check(Dds.dds_take(reader, samples, infos, Batch, Batch), What);
                for (int i = 0; i < count; i++)
                {
                    if (infos[i].ValidData != 0)
                        found.Add(EndpointInfo.Of((BuiltinEndpoint*)samples[i], infos[i].InstanceHandle));
                }
                if (count > 0)
                    Dds.Check(Dds.dds_return_loan(reader, samples, count), What);
            }
            while (count > 0);
        }
        finally
        {
            Dds.Check(Dds.dds_delete(reader), What);
        }
        return found;
    }
}
