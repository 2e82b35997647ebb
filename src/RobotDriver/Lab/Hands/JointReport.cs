using System.Text;
using Rclcs;
using Rclcs.Messages.BuiltinInterfaces;
using Rclcs.Messages.SensorMsgs;

namespace Legato.RobotDriver.Lab;

/// <summary>A received sensor_msgs/msg/JointState whose names have become places in a list of joints.</summary>
/// <remarks>
/// Several senders with names of their own share a topic. Their name blocks are compared as bytes with those seen before, so
/// that names are decoded only when they change; after that, receiving allocates nothing. One thread at a time.
/// </remarks>
internal sealed class JointReport : IMessage<JointReport>
{
    // Both hands, each perhaps in several messages; a sender that permutes its names at random must not fill the memory.
    private const int MaxKnownOrders = 32;

    private readonly List<Order> _known = [];
    private readonly List<double> _effort = [];
    private Order _order = new(0, [], []);
    private int _orders;

    /// <inheritdoc/>
    public static TypeDescriptor Descriptor => JointState.Descriptor;

    /// <inheritdoc/>
    public static string TypeName => JointState.TypeName;

    /// <inheritdoc/>
    public static string Definition => JointState.Definition;

    /// <summary>The joints that count, in order: set once, before anything is received.</summary>
    public IReadOnlyList<string> Joints { get; set; } = [];

    /// <summary>When it was measured, by the sender's clock.</summary>
    public Time Stamp { get; private set; }

    /// <summary>For each entry of the message its place in <see cref="Joints"/>, or −1.</summary>
    public ReadOnlySpan<int> Places => _order.Places;

    /// <summary>Number of the name block: the same for the same names in the same order.</summary>
    public int OrderId => _order.Id;

    /// <summary>Positions, rad or m.</summary>
    public List<double> Position { get; } = [];

    /// <summary>Velocities, rad/s or m/s, or empty.</summary>
    public List<double> Velocity { get; } = [];

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer) => throw new NotSupportedException($"{nameof(JointReport)} is for receiving; send a {nameof(JointState)}.");

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Stamp = Time.Deserialize(ref reader);
        // The frame means nothing for joints.
        _ = reader.ReadBytes(reader.ReadCount(1));
        _order = FindOrder(ref reader);
        reader.Read(Position);
        reader.Read(Velocity);
        reader.Read(_effort);
        if (Position.Count != Places.Length || (Velocity.Count != 0 && Velocity.Count != Places.Length))
            throw new CdrException($"a JointState has {Places.Length} names, {Position.Count} positions and {Velocity.Count} velocities");
    }

    private Order FindOrder(ref CdrReader reader)
    {
        foreach (Order known in _known)
        {
            CdrReader probe = reader;
            if (!known.Matches(ref probe))
                continue;
            reader = probe;
            return known;
        }
        byte[][] names = new byte[reader.ReadCount(sizeof(uint) + 1)][];
        int[] places = new int[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = reader.ReadBytes(reader.ReadCount(1)).ToArray();
            places[i] = IndexOf(Encoding.UTF8.GetString(names[i].AsSpan().TrimEnd((byte)0)));
        }
        if (_known.Count == MaxKnownOrders)
            _known.Clear();
        var order = new Order(++_orders, names, places);
        _known.Add(order);
        return order;
    }

    private int IndexOf(string name)
    {
        for (int i = 0; i < Joints.Count; i++)
        {
            if (Joints[i] == name)
                return i;
        }
        return -1;
    }

    /// <summary>A name block and what it means.</summary>
    private sealed record Order(int Id, byte[][] Names, int[] Places)
    {
        public bool Matches(ref CdrReader reader)
        {
            if (reader.ReadCount(sizeof(uint) + 1) != Names.Length)
                return false;
            foreach (byte[] name in Names)
            {
                if (!reader.ReadBytes(reader.ReadCount(1)).SequenceEqual(name))
                    return false;
            }
            return true;
        }
    }
}
