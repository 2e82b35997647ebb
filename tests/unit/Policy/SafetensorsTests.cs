using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Legato.Policy.Bundles;

namespace Legato.Tests.Policy;

/// <summary>What is written comes back bit for bit; whatever is damaged is refused in one line.</summary>
public class SafetensorsTests
{
    private static readonly Dictionary<string, SafeTensor> Sample = new()
    {
        ["odd"] = new SafeTensor<float>([3, 1], [0.1f, float.NaN, float.Epsilon]),
        ["targets"] = new SafeTensor<double>([2, 3], [0.1, -2, double.Epsilon, 4, 5e300, 6]),
        ["pedal"] = new SafeTensor<double>([2], [0, 1]),
        ["nothing"] = new SafeTensor<double>([0], []),
        ["no weights"] = new SafeTensor<float>([4, 0], []),
        ["one"] = new SafeTensor<double>([], [42]),
        ["one weight"] = new SafeTensor<float>([], [-0f]),
    };

    [Fact]
    public void TensorsComeBackBitForBit()
    {
        IReadOnlyDictionary<string, SafeTensor> read = Safetensors.Read(Safetensors.Write(Sample), "plan");
        Assert.Equal(Sample.Keys, read.Keys);
        foreach ((string name, SafeTensor tensor) in Sample)
        {
            Assert.Equal(tensor.GetType(), read[name].GetType());
            Assert.Equal(tensor.DType, read[name].DType);
            Assert.Equal(tensor.Shape, read[name].Shape);
            Assert.Equal(Bits(tensor), Bits(read[name]));
        }
    }

    [Fact]
    public void AnyTensorsComeBackBitForBit() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var tensors = new Dictionary<string, SafeTensor>();
            for (int i = random.Next(0, 6); i > 0; i--)
            {
                int[] shape = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => random.Next(0, 5))];
                int count = shape.Aggregate(1, (a, b) => a * b);
                tensors[$"{i}.\"weight\""] = random.Next(2) == 0
                    ? new SafeTensor<float>(shape, [.. Enumerable.Range(0, count).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)))])
                    : new SafeTensor<double>(shape, [.. Enumerable.Range(0, count).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)))]);
            }
            IReadOnlyDictionary<string, SafeTensor> read = Safetensors.Read(Safetensors.Write(tensors), "plan");
            return read.Keys.SequenceEqual(tensors.Keys) && tensors.All(t => t.Value.Shape.SequenceEqual(read[t.Key].Shape) && Bits(t.Value) == Bits(read[t.Key]));
        }).Holds();

    [Fact]
    public void WideValuesComeFirstSoThatEachTensorIsAligned()
    {
        byte[] file = Safetensors.Write(new Dictionary<string, SafeTensor> { ["f"] = new SafeTensor<float>([1], [1]), ["d"] = new SafeTensor<double>([1], [2]) });
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        Assert.Equal("""{"f":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", Encoding.UTF8.GetString(file, 8, header).TrimEnd());
        Assert.Equal((2.0, 1f), (BitConverter.ToDouble(file, 8 + header), BitConverter.ToSingle(file, 16 + header)));
    }

    [Fact]
    public void AShapeThatDoesNotFitItsValuesIsNotWritten() =>
        Assert.Throws<ArgumentException>(() => Safetensors.Write(new Dictionary<string, SafeTensor> { ["x"] = new SafeTensor<float>([2, 2], new float[3]) }));

    [Fact]
    public void ValuesAreRoundedTo32Bits()
    {
        var rounded = new float[2];
        new SafeTensor<double>([3], [7, 0.1, 1e300]).CopyTo(1, rounded);
        Assert.Equal([0.1f, float.PositiveInfinity], rounded);
    }

    private static string Bits(SafeTensor tensor) => tensor switch
    {
        SafeTensor<float> floats => string.Join(" ", floats.Values.Select(BitConverter.SingleToInt32Bits)),
        SafeTensor<double> doubles => string.Join(" ", doubles.Values.Select(BitConverter.DoubleToInt64Bits)),
        _ => throw new NotSupportedException(),
    };

    [Fact]
    public void TheFileIsLaidOutAsTheFormatSays()
    {
        byte[] file = Safetensors.Write(new Dictionary<string, SafeTensor> { ["x"] = new SafeTensor<double>([1, 2], [1, 2]) });
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
                return Safetensors.Read(file, "plan").Values.All(t => t.Shape.All(s => s >= 0) && t.Count == t.Shape.Aggregate(1, (a, b) => a * b));
            }
            catch (InputException e)
            {
                return IsOneLine(e);
            }
        }).Holds(2000);

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[0,-1],"data_offsets":[0,0]},"y":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":null,"shape":[1],"data_offsets":[0,8]}}""")]
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

    [Fact]
    public void TypesThatAreNotUsedAreNamed() =>
        Assert.Contains("only F64 and F32 are used here, not BF16", Assert.Throws<InputException>(() => Safetensors.Read(File("""{"x":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}""", 8), "plan")).Message, StringComparison.Ordinal);

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
