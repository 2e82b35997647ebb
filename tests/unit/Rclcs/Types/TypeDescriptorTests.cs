using Rclcs;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.StdMsgs;

namespace Legato.Tests.Rclcs.Types;

public class TypeDescriptorTests
{
    [Fact]
    public void NamesFollowRos()
    {
        Assert.Equal("sensor_msgs/msg/JointState", JointState.TypeName);
        Assert.Equal("sensor_msgs::msg::dds_::JointState_", JointState.Descriptor.DdsName);
    }

    [Fact]
    public void TheDefinitionCarriesItsDependenciesTheWayMcapWantsIt()
    {
        string rule = new('=', 80);
        Assert.Equal($"""
            std_msgs/Header header
            string[] name
            float64[] position
            float64[] velocity
            float64[] effort
            {rule}
            MSG: std_msgs/Header
            builtin_interfaces/Time stamp
            string frame_id
            {rule}
            MSG: builtin_interfaces/Time
            int32 sec
            uint32 nanosec

            """, JointState.Definition);
    }

    [Fact]
    public void EveryDependencyStandsOnce()
    {
        string definition = Float64MultiArray.Definition;
        Assert.Equal(2, definition.Split("MSG: ").Length - 1);
        Assert.Contains("MSG: std_msgs/MultiArrayLayout\n", definition, StringComparison.Ordinal);
        Assert.Contains("MSG: std_msgs/MultiArrayDimension\n", definition, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("JointState", "int32 a")]
    [InlineData("pkg/srv/Name", "int32 a")]
    [InlineData("pkg/msg/Name", "")]
    [InlineData("pkg/msg/Name", "# only a comment")]
    [InlineData("pkg/msg/Name", "int32")]
    [InlineData("pkg/msg/Name", "int33 a")]
    [InlineData("pkg/msg/Name", "other/Type a")]
    [InlineData("pkg/msg/Name", "int32[<=3] a")]
    [InlineData("pkg/msg/Name", "int32[0] a")]
    public void WhatCannotBeUnderstoodIsRefused(string name, string text) =>
        Assert.Throws<ArgumentException>(() => new TypeDescriptor(name, text));

    [Fact]
    public void CommentsConstantsAndBlanksCarryNoData()
    {
        var plain = new TypeDescriptor("pkg/msg/Name", "int32 a\nstring b");
        var rich = new TypeDescriptor("pkg/msg/Name", "# a type\r\nint32 X=1 # one\n\nint32   a # first\nbyte  Y = 2\nstring<=9 b");
        Assert.Equal(plain.Ops, rich.Ops);
    }

    [Theory]
    [InlineData("int32 a", 4)]
    [InlineData("string a", 5)]
    [InlineData("float64[] a\nbool b", 5)]
    [InlineData("uint8[16] a", 16)]
    public void TheShortestSampleIsKnown(string text, int size) =>
        Assert.Equal(size, new TypeDescriptor("pkg/msg/Name", text).MinimumCdrSize);
}
