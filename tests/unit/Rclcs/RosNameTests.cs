using Rclcs;

namespace Legato.Tests.Rclcs;

public class RosNameTests
{
    [Theory]
    [InlineData("/a/b", "/", "n", "/a/b")]
    [InlineData("a/b", "/", "n", "/a/b")]
    [InlineData("a", "/left/hand", "n", "/left/hand/a")]
    [InlineData("~/a", "/", "n", "/n/a")]
    [InlineData("~/a", "/left", "n", "/left/n/a")]
    [InlineData("/_hidden/a__b9", "/", "n", "/_hidden/a__b9")]
    public void TopicsAreMadeAbsolute(string topic, string ns, string node, string full) =>
        Assert.Equal(full, RosName.ExpandTopic(topic, ns, node));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("/", "ends with '/'")]
    [InlineData("/a/", "ends with '/'")]
    [InlineData("/a//b", "contains '//'")]
    [InlineData("//a", "contains '//'")]
    [InlineData("/9a", "starts with the digit '9'")]
    [InlineData("a/9", "starts with the digit '9'")]
    [InlineData("/a-b", "contains '-' at 2")]
    [InlineData("/a b", "contains ' ' at 2")]
    [InlineData("/ä", "contains 'ä' at 1")]
    [InlineData("/{node}/a", "contains '{' at 1")]
    [InlineData("~a", "contains '~'")]
    public void BadTopicsAreRefusedWithTheReason(string topic, string reason)
    {
        var error = Assert.Throws<InvalidNameException>(() => RosName.ExpandTopic(topic, "/", "n"));
        Assert.Contains($"topic name '{topic}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("9n", "starts with the digit '9'")]
    [InlineData("a/b", "contains '/'")]
    [InlineData("a.b", "contains '.' at 1")]
    public void BadNodeNamesAreRefusedWithTheReason(string name, string reason)
    {
        var error = Assert.Throws<InvalidNameException>(() => RosName.CheckNode(name));
        Assert.Contains($"node name '{name}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("left", "does not start with '/'")]
    [InlineData("/left/", "ends with '/'")]
    public void BadNamespacesAreRefusedWithTheReason(string name, string reason)
    {
        var error = Assert.Throws<InvalidNameException>(() => RosName.CheckNamespace(name));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GoodNodesAndNamespacesPass()
    {
        RosName.CheckNode("_node_9");
        RosName.CheckNamespace("/");
        RosName.CheckNamespace("/left/hand_2");
    }

    [Fact]
    public void NamesAsLongAsDdsTakesPassAndLongerOnesDoNot()
    {
        Assert.Equal(247, RosName.ExpandTopic("/" + new string('a', 246), "/", "n").Length);
        Assert.Throws<InvalidNameException>(() => RosName.ExpandTopic("/" + new string('a', 247), "/", "n"));
        Assert.Throws<InvalidNameException>(() => RosName.CheckNode(new string('a', 256)));
    }

    [Fact]
    public void NamesTranslateToDdsAndBack()
    {
        Assert.Equal("rt/joint_states", RosName.ToDdsTopic("/joint_states"));
        Assert.True(RosName.TryFromDdsTopic("rt/joint_states", out string topic));
        Assert.Equal("/joint_states", topic);
        Assert.False(RosName.TryFromDdsTopic("rq/add_two_intsRequest", out _));
        Assert.False(RosName.TryFromDdsTopic("ros_discovery_info", out _));
        Assert.Equal("sensor_msgs/msg/JointState", RosName.FromDdsType("sensor_msgs::msg::dds_::JointState_"));
        Assert.Equal("Square::Type", RosName.FromDdsType("Square::Type"));
    }
}
