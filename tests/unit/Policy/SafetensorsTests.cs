using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Legato.Policy.Bundles;

namespace Legato.Tests.Policy;

/// <summary>What is written comes back bit for bit; whatever is damaged is refused in one line.</summary>
public class SafetensorsTests
{
    private static readonly Dictionary<string, Tensor> Sample = new()
    {
        ["targets"] = new([2, 3], [0.1, -2, double.Epsilon, 4, 5e300, 6]),
        ["pedal"] = new([2], [0, 1]),
        ["nothing"] = new([0], []),
        ["one"] = new([], [42]),
    };

    [Fact]
    public void TensorsComeBackBitForBit()
    {
        IReadOnlyDictionary<string, Tensor> read = Safetensors.Read(Safetensors.Write(Sample), "plan");
        Assert.Equal(Sample.Keys, read.Keys);
        foreach ((string name, Tensor tensor) in Sample)
        {
            Assert.Equal(tensor.Shape, read[name].Shape);
            Assert.Equal(tensor.Values.Select(BitConverter.DoubleToInt64Bits), read[name].Values.Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void TheFileIsLaidOutAsTheFormatSays()
    {
        byte[] file = Safetensors.Write(new Dictionary<string, Tensor> { ["x"] = new([1, 2], [1, 2]) });
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        Assert.Equal("""{"x":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]}}""", Encoding.UTF8.GetString(file, 8, header).TrimEnd());
        Assert.Equal(0, (8 + header) % 8);
        Assert.Equal([1.0, 2.0], (double[])[BitConverter.ToDouble(file, 8 + header), BitConverter.ToDouble(file, 16 + header)]);
        Assert.Equal(24 + header, file.Length);
    }

    [Fact]
    public void MetadataIsPassedOver() =>
        Assert.Equal(["x"], Safetensors.Read(File("""{"__metadata__":{"by":"someone"},"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 8), "plan").Keys);

    [Fact]
    public void AFileCutAnywhereIsRefused()
    {
        byte[] file = Safetensors.Write(Sample);
        for (int length = 0; length < file.Length; length++)
            AssertRefused(file[..length]);
    }

    [Fact]
    public void RandomBytesAreRefused() =>
        Prop.ForAll(Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf().ToArbitrary(), bytes => AssertRefused(bytes)).Holds();

    [Fact]
    public void ADamagedHeaderIsRefusedOrStillDescribesItsData() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            byte[] file = Safetensors.Write(Sample);
            int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
            for (int i = random.Next(1, 4); i > 0; i--)
                file[random.Next(0, 8 + header)] = (byte)(random.Next(2) == 0 ? random.Next(256) : "{}[]\",:0-19 "[random.Next(12)]);
            try
            {
                return Safetensors.Read(file, "plan").Values.All(t => t.Shape.All(s => s >= 0) && t.Values.Length == t.Shape.Aggregate(1, (a, b) => a * b));
            }
            catch (InputException e)
            {
                return IsOneLine(e);
            }
        }).Holds(2000);

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[1],"data_offsets":[-8,0]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[1],"data_offsets":[0]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[1],"data_offsets":8}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[-1,-1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[1073741824,1073741824,2],"data_offsets":[0,0]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,0]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":["1"],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"shape":[1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":7}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void AHeaderThatDoesNotDescribeItsDataIsRefused(string header) => AssertRefused(File(header, 8));

    private static byte[] File(string header, int data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + text.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        return file;
    }

    private static void AssertRefused(byte[] file)
    {
        InputException e = Assert.Throws<InputException>(() => Safetensors.Read(file, "plan.safetensors"));
        Assert.StartsWith("plan.safetensors: ", e.Message, StringComparison.Ordinal);
        Assert.True(IsOneLine(e), e.Message);
    }

    private static bool IsOneLine(InputException e) => !e.Message.Contains('\n', StringComparison.Ordinal);
}
