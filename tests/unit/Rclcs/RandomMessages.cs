using System.Text.Json;
using System.Text.Json.Serialization;
using Rclcs;
using Rclcs.Messages.BuiltinInterfaces;
using Rclcs.Messages.DiagnosticMsgs;
using Rclcs.Messages.RclInterfaces;
using Rclcs.Messages.RmwDdsCommon;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.StdMsgs;
using Rclcs.Messages.TrajectoryMsgs;

namespace Legato.Tests.Rclcs;

/// <summary>Messages of every type with random content, and a way to compare them that does not use CDR.</summary>
internal sealed class RandomMessages(int seed)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IncludeFields = true,
        Converters = { new GidAsText() },
    };

    private readonly Random _random = new(seed);

    /// <summary>All public fields of a message as text.</summary>
    public static string Show<T>(T message) => JsonSerializer.Serialize(message, Json);

    public Bool Bool() => new() { Data = _random.Next(2) == 1 };

    public Float64 Float64() => new() { Data = Number() };

    public global::Rclcs.Messages.StdMsgs.String String() => new() { Data = Text() };

    public Header Header() => new() { Stamp = new Time(_random.Next(), (uint)_random.Next(1_000_000_000)), FrameId = Text() };

    public Float64MultiArray Float64MultiArray() => new()
    {
        Layout = new MultiArrayLayout
        {
            Dim = List(() => new MultiArrayDimension { Label = Text(), Size = (uint)_random.Next(), Stride = (uint)_random.Next() }),
            DataOffset = (uint)_random.Next(),
        },
        Data = List(Number),
    };

    public JointState JointState() => new()
    {
        Header = Header(),
        Name = List(Text),
        Position = List(Number),
        Velocity = List(Number),
        Effort = List(Number),
    };

    public JointTrajectory JointTrajectory() => new()
    {
        Header = Header(),
        JointNames = List(Text),
        Points = List(() => new JointTrajectoryPoint
        {
            Positions = List(Number),
            Velocities = List(Number),
            Accelerations = List(Number),
            Effort = List(Number),
            TimeFromStart = new Duration(_random.Next(-5, 5), (uint)_random.Next(1_000_000_000)),
        }),
    };

    public DiagnosticArray DiagnosticArray() => new()
    {
        Header = Header(),
        Status = List(() => new DiagnosticStatus
        {
            Level = (byte)_random.Next(4),
            Name = Text(),
            Message = Text(),
            HardwareId = Text(),
            Values = List(() => new KeyValue { Key = Text(), Value = Text() }),
        }),
    };

    public Log Log() => new()
    {
        Stamp = new Time(_random.Next(), 1),
        Level = global::Rclcs.Messages.RclInterfaces.Log.Warn,
        Name = Text(),
        Message = Text(),
        File = Text(),
        Function = Text(),
        Line = (uint)_random.Next(),
    };

    public ParticipantEntitiesInfo<TLayout> ParticipantEntitiesInfo<TLayout>() where TLayout : struct, IGidLayout => new()
    {
        Gid = Gid(),
        Nodes = List(() => new NodeEntitiesInfo<TLayout>
        {
            NodeNamespace = Text(),
            NodeName = Text(),
            ReaderGids = List(Gid),
            WriterGids = List(Gid),
        }),
    };

    private Gid Gid()
    {
        Span<byte> bytes = stackalloc byte[global::Rclcs.Gid.Size];
        _random.NextBytes(bytes);
        return new Gid(bytes);
    }

    private double Number() => _random.Next(8) switch
    {
        0 => double.NaN,
        1 => double.NegativeInfinity,
        2 => -0.0,
        3 => double.Epsilon,
        _ => _random.NextDouble() - 0.5,
    };

    // Lengths 0..9 reach every alignment of what follows.
    private string Text()
    {
        const string Alphabet = "aZ0_/ é漢𝄞";
        string text = "";
        for (int i = _random.Next(10); i > 0; i--)
        {
            int at = _random.Next(Alphabet.Length);
            text += char.IsSurrogate(Alphabet[at]) ? "𝄞" : Alphabet[at];
        }
        return text;
    }

    private List<T> List<T>(Func<T> make)
    {
        var list = new List<T>();
        for (int i = _random.Next(5); i > 0; i--)
            list.Add(make());
        return list;
    }

    private sealed class GidAsText : JsonConverter<Gid>
    {
        public override Gid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Gid value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
