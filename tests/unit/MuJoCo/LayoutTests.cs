using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using MuJoCo;

namespace Legato.Tests.MuJoCo;

/// <summary>Holds the binding's structs and constants against the C compiler's view of the installed headers.</summary>
public sealed class LayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryFieldIsWhereTheCompilerPutsIt()
    {
        var expected = new List<string>();
        var probe = new StringBuilder();
        foreach ((Type type, string name) in Marked(type => type.IsValueType && !type.IsEnum, "CStructAttribute"))
        {
            expected.Add($"{name} {Marshal.SizeOf(type)}");
            probe.AppendLine(CultureInfo.InvariantCulture, $"printf(\"{name} %zu\\n\", sizeof({name}));");
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public))
            {
                string path = Argument(field, "CPathAttribute") ?? field.Name;
                expected.Add($"{name}.{path} {field.GetCustomAttribute<FieldOffsetAttribute>()!.Value} {SizeOf(field)} {KindOf(field)}");
                probe.AppendLine(CultureInfo.InvariantCulture, $"FIELD({name}, {path});");
            }
        }

        Assert.True(expected.Count > 400, $"only {expected.Count} members found");
        Assert.Equal(expected, Compile(probe));
    }

    [Fact]
    public void EveryConstantHasTheHeadersValue()
    {
        var expected = new List<string>();
        var probe = new StringBuilder();
        foreach ((Type type, string prefix) in Marked(type => type.IsEnum, "CEnumAttribute"))
            foreach (object value in Enum.GetValues(type))
            {
                // No bit set is no constant of C.
                if (type.IsDefined(typeof(FlagsAttribute)) && (int)value == 0)
                    continue;
                string name = prefix + value.ToString()!.ToUpperInvariant();
                expected.Add($"{name} {(int)value}");
                probe.AppendLine(CultureInfo.InvariantCulture, $"printf(\"{name} %d\\n\", {name});");
            }

        Assert.True(expected.Count > 80, $"only {expected.Count} constants found");
        Assert.Equal(expected, Compile(probe));
    }

    [Fact]
    public void CommittedCodeIsWhatTheGeneratorWrites()
    {
        (int exitCode, string output) = Programs.Run("sh", [Path.Combine(Programs.BindingFolder(), "Generator/generate.sh"), _folder.Path]);

        Assert.True(exitCode == 0, output);
        string committed = Path.Combine(Programs.BindingFolder(), "Generated");
        Assert.Equal(Names(committed), Names(_folder.Path));
        foreach (string name in Names(_folder.Path))
            Assert.Equal(File.ReadAllText(_folder.File(name)), File.ReadAllText(Path.Combine(committed, name)));

        static string[] Names(string folder) => [.. Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
    }

    private string[] Compile(StringBuilder statements)
    {
        string source = _folder.File("probe.c");
        string program = _folder.File("probe");
        File.WriteAllText(source, $$"""
            #include <stddef.h>
            #include <stdio.h>
            #include <mujoco/mujoco.h>
            #define KIND(x) _Generic((x), int: "int", unsigned: "uint", float: "float", double: "double", \
                int*: "int*", float*: "float*", double*: "double*", char*: "byte*", mjtByte*: "byte*", \
                void*: "void*", mjContact*: "MjContact*", default: "struct")
            #define FIELD(type, path) printf(#type "." #path " %zu %zu %s\n", \
                offsetof(type, path), sizeof(((type*)0)->path), KIND(((type*)0)->path))
            int main(void)
            {
            {{statements}}
                return 0;
            }
            """);
        (int exitCode, string output) = Programs.Run("cc", ["-o", program, source]);
        Assert.True(exitCode == 0, output);
        return Programs.Run(program, []).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static IEnumerable<(Type Type, string Name)> Marked(Func<Type, bool> kind, string attribute) =>
        from type in typeof(MjModel).Assembly.GetTypes()
        where kind(type)
        let name = Argument(type, attribute)
        where name != null
        select (type, name);

    private static string? Argument(MemberInfo member, string attribute) =>
        (string?)member.CustomAttributes.SingleOrDefault(data => data.AttributeType.Name == attribute)?.ConstructorArguments[0].Value;

    private static int SizeOf(FieldInfo field) =>
        field.FieldType.IsPointer ? nint.Size : Marshal.SizeOf(field.FieldType);

    private static string KindOf(FieldInfo field)
    {
        if (field.GetCustomAttribute<FixedBufferAttribute>() is { } buffer)
            return NameOf(buffer.ElementType) + "*";
        if (field.FieldType.GetCustomAttribute<InlineArrayAttribute>() != null)
            return "double*";
        return field.FieldType.IsPointer ? NameOf(field.FieldType.GetElementType()!) + "*"
            : field.FieldType.IsPrimitive ? NameOf(field.FieldType) : "struct";
    }

    private static string NameOf(Type type) => type.Name switch
    {
        "Int32" => "int",
        "UInt32" => "uint",
        "Single" => "float",
        "Double" => "double",
        "Byte" => "byte",
        "Void" => "void",
        string other => other,
    };
}
