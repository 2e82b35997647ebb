using System.Text;

namespace Rclcs;

/// <summary>
/// A ROS message type: its names, its .msg text, and the serializer program that Cyclone DDS needs to check its samples,
/// compiled from that text.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class TypeDescriptor
{
    private readonly FieldType[] _fields;
    private readonly TypeDescriptor[] _dependencies;

    /// <summary>Compiles a type.</summary>
    /// <param name="name">ROS name, for example <c>std_msgs/msg/Header</c>.</param>
    /// <param name="text">Lines of the .msg file: <c>type name</c>; constants (<c>type NAME=value</c>) and comments are allowed.</param>
    /// <param name="dependencies">Every message type that the fields name.</param>
    /// <exception cref="ArgumentException">The name is not <c>package/msg/Name</c>, or a field cannot be understood.</exception>
    public TypeDescriptor(string name, string text, params TypeDescriptor[] dependencies)
    {
        string[] parts = name.Split('/');
        if (parts.Length != 3 || parts[1] != "msg")
            throw new ArgumentException($"'{name}' is not of the form package/msg/Name.", nameof(name));
        Name = name;
        Package = parts[0];
        ShortName = $"{parts[0]}/{parts[2]}";
        DdsName = $"{parts[0]}::msg::dds_::{parts[2]}_";
        Text = text.Trim().ReplaceLineEndings("\n");
        _dependencies = dependencies;
        _fields = [.. Text.Split('\n').Select(ParseLine).OfType<FieldType>()];
        if (_fields.Length == 0)
            throw new ArgumentException($"'{name}' has no fields; messages without any are not supported.", nameof(text));
        Alignment = _fields.Max(field => field.Alignment);
        MinimumCdrSize = _fields.Sum(field => field.MinimumCdrSize);
        Offsets = LayOut(_fields, out int end);
        Size = AlignUp(end, Alignment);
        Definition = Concatenate();
        Program = DdsProgram.Compile(this);
    }

    /// <summary>ROS name, for example <c>sensor_msgs/msg/JointState</c>.</summary>
    public string Name { get; }

    /// <summary>Name on the wire, for example <c>sensor_msgs::msg::dds_::JointState_</c>. A peer with another one never matches.</summary>
    public string DdsName { get; }

    /// <summary>The .msg text of this type alone.</summary>
    public string Text { get; }

    /// <summary>The .msg text with those of all types it uses, in the form that MCAP files carry.</summary>
    public string Definition { get; }

    /// <summary>The serializer program: words as Cyclone DDS 0.10's <c>idlc</c> would emit them on a 64-bit host.</summary>
    public ReadOnlySpan<uint> Ops => Program.Words;

    /// <summary>Instructions (not words) in <see cref="Ops"/>.</summary>
    public int OpCount => Program.Instructions;

    /// <summary>Size of the C structure that <c>idlc</c> would emit, in bytes.</summary>
    public int Size { get; }

    /// <summary>Alignment of that structure, in bytes.</summary>
    public int Alignment { get; }

    /// <summary>Bytes of the shortest sample on the wire, without header and padding.</summary>
    public int MinimumCdrSize { get; }

    internal string Package { get; }

    internal string ShortName { get; }

    internal IReadOnlyList<FieldType> Fields => _fields;

    internal IReadOnlyList<int> Offsets { get; }

    private DdsProgram Program { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private FieldType? ParseLine(string line)
    {
        string[] words = line.Split('#')[0].Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0)
            return null;
        if (words.Length == 1)
            throw new ArgumentException($"{Name}: '{line}' is not a type and a name.", nameof(line));
        bool isConstant = words[1].Contains('=', StringComparison.Ordinal);
        return isConstant ? null : FieldType.Parse(words[0], Find);
    }

    private TypeDescriptor? Find(string name)
    {
        string full = name.Contains('/', StringComparison.Ordinal) ? name : $"{Package}/{name}";
        return Array.Find(_dependencies, dependency => dependency.ShortName == full);
    }

    private static int[] LayOut(FieldType[] fields, out int end)
    {
        int[] offsets = new int[fields.Length];
        end = 0;
        for (int i = 0; i < fields.Length; i++)
        {
            offsets[i] = AlignUp(end, fields[i].Alignment);
            end = offsets[i] + fields[i].Size;
        }
        return offsets;
    }

    private static int AlignUp(int offset, int alignment) => (offset + alignment - 1) & -alignment;

    // MCAP's "ros2msg": the type's own text, then each dependency once, under a line of 80 '=' and its name.
    private string Concatenate()
    {
        var text = new StringBuilder(Text).Append('\n');
        var seen = new HashSet<string>();
        void Append(TypeDescriptor type)
        {
            foreach (TypeDescriptor dependency in type._dependencies)
            {
                if (!seen.Add(dependency.ShortName))
                    continue;
                text.Append('=', 80).Append('\n').Append("MSG: ").Append(dependency.ShortName).Append('\n').Append(dependency.Text).Append('\n');
                Append(dependency);
            }
        }
        Append(this);
        return text.ToString();
    }
}
