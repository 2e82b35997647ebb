namespace Rclcs;

/// <summary>Rules for ROS 2 names and their form in DDS.</summary>
/// <remarks>
/// Rules after the ROS 2 design article "Topic and Service name mapping to DDS" and rmw's validation: letters, digits and
/// underscores between slashes, no part starts with a digit. Substitutions in braces are not supported.
/// </remarks>
public static class RosName
{
    // rmw's limits: DDS allows 255 characters, some of which the prefix and service suffixes need.
    private const int MaxTopicLength = 247;
    private const int MaxNamespaceLength = 245;
    private const int MaxNodeLength = 255;
    private const string TopicPrefix = "rt";

    /// <summary>Checks a node name: one part, without slashes.</summary>
    /// <exception cref="InvalidNameException">It breaks a rule, which the message names.</exception>
    public static void CheckNode(string name)
    {
        if (Fault(name, MaxNodeLength, slashes: false) is { } fault)
            throw new InvalidNameException($"node name '{name}' {fault}");
    }

    /// <summary>Checks a namespace: <c>/</c>, or parts that each follow a slash.</summary>
    /// <exception cref="InvalidNameException">It breaks a rule, which the message names.</exception>
    public static void CheckNamespace(string name)
    {
        if (name == "/")
            return;
        if (AbsoluteFault(name, MaxNamespaceLength) is { } fault)
            throw new InvalidNameException($"namespace '{name}' {fault}");
    }

    /// <summary>Makes a topic name absolute: <c>/a</c> stays, <c>a</c> goes into the namespace, <c>~/a</c> into the node's own.</summary>
    /// <exception cref="InvalidNameException">It breaks a rule, which the message names.</exception>
    public static string ExpandTopic(string topic, string ns, string node)
    {
        string root = ns == "/" ? "" : ns;
        string full = topic switch
        {
            ['/', ..] => topic,
            ['~', '/', ..] => $"{root}/{node}{topic[1..]}",
            "" => throw new InvalidNameException("topic name '' is empty"),
            _ => $"{root}/{topic}",
        };
        return AbsoluteFault(full, MaxTopicLength) is { } fault ? throw new InvalidNameException($"topic name '{topic}' {fault}") : full;
    }

    /// <summary>The DDS topic of an absolute ROS topic: <c>/joint_states</c> is <c>rt/joint_states</c>.</summary>
    public static string ToDdsTopic(string topic) => TopicPrefix + topic;

    /// <summary>The ROS topic of a DDS topic; false for what is no ROS topic (services, discovery, other software).</summary>
    public static bool TryFromDdsTopic(string ddsTopic, out string topic)
    {
        bool isRos = ddsTopic.StartsWith(TopicPrefix + "/", StringComparison.Ordinal);
        topic = isRos ? ddsTopic[TopicPrefix.Length..] : "";
        return isRos;
    }

    /// <summary>The ROS type of a DDS type: <c>std_msgs::msg::dds_::Bool_</c> is <c>std_msgs/msg/Bool</c>. Others stay as they are.</summary>
    public static string FromDdsType(string ddsType) => ddsType.Split("::") is [var package, var kind, "dds_", var name] && name.EndsWith('_')
        ? $"{package}/{kind}/{name[..^1]}"
        : ddsType;

    private static string? AbsoluteFault(string name, int limit)
    {
        if (name.Length == 0)
            return "is empty";
        if (name[0] != '/')
            return "does not start with '/'";
        return Fault(name, limit, slashes: true);
    }

    private static string? Fault(string name, int limit, bool slashes)
    {
        if (name.Length == 0)
            return "is empty";
        if (name.Length > limit)
            return $"has {name.Length} characters; {limit} are allowed";
        if (name.Length > 0 && slashes && name[^1] == '/')
            return "ends with '/'";
        char before = '/';
        for (int i = 0; i < name.Length; before = name[i++])
        {
            char c = name[i];
            if (c == '/' && !slashes)
                return "contains '/'; give the namespace separately";
            if (c == '/' && before == '/' && i > 0)
                return "contains '//'";
            if (c != '/' && c != '_' && !char.IsAsciiLetterOrDigit(c))
                return $"contains '{c}' at {i}; letters, digits and '_' are allowed";
            if (char.IsAsciiDigit(c) && before == '/')
                return $"has a part that starts with the digit '{c}'";
        }
        return null;
    }
}
