using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Legato.Tests.Recording;

/// <summary>A message that follows from its number: three joints with positions, names of different lengths, an empty array.</summary>
internal sealed record JointState(string Topic, int Number, long LogTime)
{
    public const string Definition =
        """
        std_msgs/Header header
        string[] name
        float64[] position
        float64[] velocity
        float64[] effort
        ================================================================================
        MSG: std_msgs/Header
        builtin_interfaces/Time stamp
        string frame_id
        ================================================================================
        MSG: builtin_interfaces/Time
        int32 sec
        uint32 nanosec
        """;

    private static readonly string[] Names = ["rh_FFJ1", "rh_forearm_tx", "lh_THJ5"];

    private double[] Positions => [Number, Number / 3.0, -Math.Sqrt(Number)];

    /// <summary>The message as ROS 2 sends it: CDR, little-endian, aligned from behind the four bytes in front.</summary>
    public byte[] ToCdr()
    {
        List<byte> cdr = [0, 1, 0, 0];
        U32((uint)(LogTime / 1_000_000_000));
        U32((uint)(LogTime % 1_000_000_000));
        String("world");
        U32((uint)Names.Length);
        foreach (string name in Names) String(name);
        Doubles(Positions);
        Doubles([]);
        Doubles([0.5 * Number]);
        return [.. cdr];

        void U32(uint value)
        {
            while (cdr.Count % 4 != 0) cdr.Add(0);
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            cdr.AddRange(bytes);
        }

        void String(string text)
        {
            U32((uint)text.Length + 1);
            cdr.AddRange(Encoding.ASCII.GetBytes(text));
            cdr.Add(0);
        }

        void Doubles(double[] values)
        {
            U32((uint)values.Length);
            if (values.Length > 0)
                while ((cdr.Count - 4) % 8 != 0) cdr.Add(0);
            Span<byte> bytes = stackalloc byte[8];
            foreach (double value in values)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
                cdr.AddRange(bytes);
            }
        }
    }

    /// <summary>The message as the judge decoded it; checks every field against what the number says.</summary>
    public static JointState FromJson(JsonNode? message)
    {
        JsonNode value = message!["value"]!, stamp = value["header"]!["stamp"]!;
        double[] positions = [.. value["position"]!.AsArray().Select(position => (double)position!)];
        long time = (long)stamp["sec"]! * 1_000_000_000 + (long)(stamp["nanosec"] ?? stamp["nsec"])!;
        JointState state = new((string)message["topic"]!, (int)positions[0], time);
        Assert.Equal(state.Positions, positions);
        Assert.Equal("world", (string?)value["header"]!["frame_id"]);
        Assert.Equal(Names, value["name"]!.AsArray().Select(name => (string)name!));
        Assert.Empty(value["velocity"]!.AsArray());
        Assert.Equal(0.5 * state.Number, (double?)Assert.Single(value["effort"]!.AsArray()));
        Assert.Equal(state.Number / 2, (int)message["sequence"]!);
        // The streaming reader states no times.
        if (message["logTime"] is { } logTime)
        {
            Assert.Equal(time.ToString(CultureInfo.InvariantCulture), (string?)logTime);
            Assert.Equal((time - 1).ToString(CultureInfo.InvariantCulture), (string?)message["publishTime"]);
        }
        return state;
    }
}
