using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Legato.Tests.Contract;
using TorchSharp;

namespace Legato.Tests.LibTorch;

/// <summary>The contract, which compiles against TorchSharp as well, runs on the binding and uses all of it.</summary>
public sealed class ContractTests : LibTorchTest
{
    // What the binding has beyond TorchSharp, or where its releases disagree.
    private static readonly HashSet<string> Own =
    [
        "BatchNorm1d.get_num_batches_tracked", "DisposeScope.Attach", "DisposeScope.get_OuterScope", "ModuleList`1.append", "MultiheadAttention.get_in_proj_bias",
        "MultiheadAttention.get_in_proj_weight", "MultiheadAttention.get_out_proj", "ParameterList.append", "Sequential.get_Count", "Tensor.ToScalar", "TransformerEncoder.call",
        "TransformerEncoder.get_layers", "TransformerEncoderLayer.call", "TransformerEncoderLayer.get_linear1", "TransformerEncoderLayer.get_linear2", "TransformerEncoderLayer.get_norm1",
        "TransformerEncoderLayer.get_norm2", "TransformerEncoderLayer.get_self_attn", "functional.embedding",
    ];

    public static TheoryData<string, string> Methods() => [.. typeof(TensorContract).Assembly.GetExportedTypes()
        .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)).Select(m => (m.DeclaringType!.Name, m.Name))];

    [Theory]
    [MemberData(nameof(Methods))]
    public void EveryPartOfTheContractRuns(string type, string method)
    {
        long before = Settled();

        typeof(TensorContract).Assembly.GetType($"Legato.Tests.Contract.{type}", throwOnError: true)!.GetMethod(method)!.Invoke(null, null);

        Assert.True(LiveTensors.Count >= before);
        Assert.True(torch.is_grad_enabled());
    }

    [Fact]
    public void EveryMemberOfTheBindingIsInTheContract()
    {
        HashSet<string> used = Used();
        string[] members = [.. typeof(LiveTensors).Assembly.GetExportedTypes().Where(t => !t.IsSubclassOf(typeof(Exception)) && t != typeof(LiveTensors))
            .SelectMany(t => t.GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)).Where(IsOffered)
            .Select(m => $"{m.DeclaringType!.Name}.{m.Name}").Distinct()];

        Assert.True(members.Length > 300, $"only {members.Length} members found");
        Assert.Equal([], members.Except(used).Except(Own).Order());
        Assert.Equal([], Own.Where(m => used.Contains(m) || !members.Contains(m)));
    }

    // Methods and constructors that a program can call. Overrides, and what implements an interface, are called under other names.
    private static bool IsOffered(MemberInfo member) =>
        member is MethodBase { IsPrivate: false, IsAssembly: false, IsFamilyAndAssembly: false } and not { Name: ".cctor" } && (member is not MethodInfo method || (method.GetBaseDefinition() == method && method is { IsFinal: false, IsAbstract: false }));

    // Names of members of the binding that the compiled contract refers to, with those of their types.
    private static HashSet<string> Used()
    {
        using var file = new PEReader(File.OpenRead(typeof(TensorContract).Assembly.Location));
        MetadataReader reader = file.GetMetadataReader();
        return [.. reader.MemberReferences.Select(reader.GetMemberReference).Select(m => $"{TypeName(m.Parent)}.{reader.GetString(m.Name)}")];

        string TypeName(EntityHandle parent)
        {
            if (parent.Kind == HandleKind.TypeSpecification)
            {
                BlobReader blob = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
                // A generic instance: its mark, class or value type, and then the type itself.
                if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                    return "";
                blob.ReadByte();
                parent = blob.ReadTypeHandle();
            }
            return parent.Kind == HandleKind.TypeReference ? reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name) : "";
        }
    }
}
