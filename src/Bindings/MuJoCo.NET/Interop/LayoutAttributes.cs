namespace MuJoCo;

/// <summary>Names the C struct that a generated layout mirrors.</summary>
/// <param name="name">The C type name.</param>
[AttributeUsage(AttributeTargets.Struct)]
internal sealed class CStructAttribute(string name) : Attribute
{
    /// <summary>The C type name.</summary>
    public string Name { get; } = name;
}

/// <summary>Names the C member that a field mirrors where it is not the field's own name.</summary>
/// <param name="path">The member as C's <c>offsetof</c> takes it, for example <c>global.offwidth</c>.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class CPathAttribute(string path) : Attribute
{
    /// <summary>The member as C's <c>offsetof</c> takes it.</summary>
    public string Path { get; } = path;
}

/// <summary>Names the common prefix of the C constants that an enum mirrors, for example <c>mjOBJ_</c>.</summary>
/// <param name="prefix">The prefix; the rest is the member's name in capitals.</param>
[AttributeUsage(AttributeTargets.Enum)]
internal sealed class CEnumAttribute(string prefix) : Attribute
{
    /// <summary>The prefix.</summary>
    public string Prefix { get; } = prefix;
}
