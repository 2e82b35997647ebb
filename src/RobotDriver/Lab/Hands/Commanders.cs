using Rclcs;

namespace Legato.RobotDriver.Lab;

/// <summary>Finds others who command the same hands: two commanders make a hand jump between their targets. Stateless.</summary>
internal static class Commanders
{
    /// <summary>Everyone else who publishes on one of the topics, one line each; empty when nobody does.</summary>
    /// <param name="context">Asks.</param>
    /// <param name="topics">Topics of commands.</param>
    /// <param name="companion">A participant that may publish there; null for none.</param>
    public static IReadOnlyList<string> FindOthers(Context context, IReadOnlyCollection<string> topics, Gid? companion)
    {
        EndpointInfo[] others = [.. context.Graph.GetPublishers().Where(each => each.Participant != context.Gid && each.Participant != companion && topics.Contains(each.Topic))];
        if (others.Length == 0)
            return [];
        IReadOnlyList<NodeInfo> nodes = context.Graph.GetNodes();
        return [.. others.Select(each => $"{NameOf(each, nodes)} on {each.Topic}").Distinct().Order(StringComparer.Ordinal)];
    }

    private static string NameOf(EndpointInfo endpoint, IReadOnlyList<NodeInfo> nodes) =>
        nodes.FirstOrDefault(node => node.Publishers.Contains(endpoint.Gid))?.FullName ?? $"a publisher without a node ({endpoint.Gid})";
}
