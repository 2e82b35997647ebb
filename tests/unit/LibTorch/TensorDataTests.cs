using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>How elements get into tensors and out again.</summary>
public sealed class TensorDataTests : LibTorchTest
{
    [Fact]
    public void ArraysOfEveryTypeComeBack()
    {
        Assert.Equal([1.5f, -2f], tensor([1.5f, -2f]).data<float>().ToArray());
        Assert.Equal([1.5, -2], tensor([1.5, -2.0]).data<double>().ToArray());
        Assert.Equal([1L, -2L], tensor([1L, -2L]).data<long>().ToArray());
        Assert.Equal([1, -2], tensor([1, -2]).data<int>().ToArray());
        Assert.Equal([true, false], tensor([true, false]).data<bool>().ToArray());
        Assert.Equal([(byte)7, (byte)255], from_array(new byte[] { 7, 255 }).data<byte>().ToArray());
        Assert.Equal([1f, 0f], tensor([true, false], float32).data<float>().ToArray());
        Assert.Empty(tensor(Array.Empty<float>()).data<float>().ToArray());
        Assert.Equal([(Half)0.5, (Half)(-3)], tensor([0.5f, -3f], ScalarType.Float16).data<Half>().ToArray());
    }

    [Fact]
    public void ArraysOfAnyRankKeepTheirOrder()
    {
        Tensor t = from_array(new[,] { { 1.0, 2, 3 }, { 4, 5, 6 } });

        Assert.Equal([2, 3], t.shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], t.data<double>().ToArray());
        Assert.Equal([2, 3], tensor([1f, 2, 3, 4, 5, 6], [2, 3]).shape);
        Assert.Throws<ArgumentException>(() => tensor([1f, 2], [3]));
        Assert.Throws<ArgumentException>(() => from_array(new[] { "a" }));
    }

    [Fact]
    public void ATensorOfANumberHasItsType()
    {
        Assert.Equal((float32, 2.5f), (tensor(2.5f).dtype, tensor(2.5f).item<float>()));
        Assert.Equal((float64, 0.1), (tensor(0.1).dtype, tensor(0.1).item<double>()));
        Assert.Equal((int32, -3), (tensor(-3).dtype, tensor(-3).item<int>()));
        Assert.Equal((int64, 1L << 60), (tensor(1L << 60).dtype, tensor(1L << 60).item<long>()));
        Assert.Equal((@bool, true), (tensor(true).dtype, tensor(true).item<bool>()));
        Assert.Equal(float32, full([2], 3).dtype);
        Assert.Equal(0, tensor(1f).ndim);
    }

    [Fact]
    public void TheValueOfOneElementIsReadAsWhatItIs()
    {
        Assert.Equal((Half)1.5, ones([1], ScalarType.Float16).mul(1.5).item<Half>());
        Assert.Equal((sbyte)-4, full([1, 1], -4, int8).item<sbyte>());
        Assert.Equal((1L << 53) + 1, tensor((1L << 53) + 1).ToInt64());
        Assert.Equal(3, tensor(3.9f).ToInt32());
        Assert.True(tensor(0.5).ToBoolean());
        Assert.True(double.IsNaN(tensor(double.NaN).item<double>()));
        Assert.Throws<ArgumentException>(() => tensor(1f).item<double>());
        Assert.Throws<ArgumentException>(() => tensor(1f).item<decimal>());
        Assert.Throws<OverflowException>(() => tensor(1L << 40).ToInt32());
    }

    [Fact]
    public void DataOfAnotherTypeIsRefused() => Assert.Throws<ArgumentException>(() => ones(2).data<double>());

    [Fact]
    public void ReadingFollowsTheDimensionsNotTheMemory()
    {
        Tensor whole = arange(0, 24, dtype: float64).reshape(2, 3, 4), turned = whole.permute(2, 0, 1)[1..3];
        double[] expected = [1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22];
        TensorAccessor<double> data = turned.data<double>();

        Assert.False(turned.is_contiguous());
        Assert.Equal([1, 12, 4], turned.stride());
        Assert.Equal(12, data.Count);
        Assert.Equal(expected, data.ToArray());
        Assert.Equal(expected, data);
        Assert.Equal(expected, Enumerable.Range(0, 12).Select(i => data[i]));
        double[] target = new double[14];
        data.CopyTo(target, 2);
        Assert.Equal([0, 0, .. expected], target);
        double[] tail = new double[4];
        data.CopyTo(tail, 1, 10);
        Assert.Equal([0, 18, 22, 0], tail);
        Assert.Throws<ArgumentOutOfRangeException>(() => data[12]);
        Assert.Throws<ArgumentOutOfRangeException>(() => data[-1] = 1);
        Assert.Throws<InvalidOperationException>(() => turned.bytes.Length);
        Assert.Equal(expected, MemoryMarshal.Cast<byte, double>(turned.contiguous().bytes).ToArray());
    }

    [Fact]
    public void ExpandedTensorsRepeatTheirElements()
    {
        Tensor row = tensor([1f, 2]).expand(3, 2);

        Assert.Equal([0, 1], row.stride());
        Assert.Equal([1f, 2, 1, 2, 1, 2], row.data<float>().ToArray());
        Assert.Equal(2f, row.data<float>()[5]);
    }

    [Fact]
    public void WritingToAViewWritesToItsTensor()
    {
        Tensor whole = zeros([3, 3], float64), column = whole[.., 1];
        TensorAccessor<double> data = column.data<double>();

        data.CopyFrom([1, 2, 3]);
        data[1] = -2;
        whole[0].data<double>().CopyFrom([9.0, 8], 1);

        Assert.Equal([0, 9, 8, 0, -2, 0, 0, 3, 0], whole.data<double>().ToArray());
        whole.bytes = MemoryMarshal.AsBytes(new double[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }.AsSpan());
        Assert.Equal([2, 5, 8], data.ToArray());
        Assert.Throws<ArgumentException>(() => whole.bytes = new byte[8]);
    }

    [Fact]
    public void ConvertedTensorsAreHandlesOfTheirOwn()
    {
        Tensor x = tensor([1.7f, -1.7f]);

        using (Tensor same = x.to(float32), here = x.to(CPU), cpu = x.cpu())
        {
            same.fill_(3);
            Assert.Equal([3f, 3f], cpu.data<float>().ToArray());
            Assert.Equal([3f, 3f], here.data<float>().ToArray());
        }
        using (Tensor copy = x.to(float32, copy: true))
            copy.fill_(4);

        Assert.Equal([3f, 3f], x.data<float>().ToArray());
        Assert.Equal([3L, 3L], x.to(int64).data<long>().ToArray());
        Assert.Equal([-1, 1], tensor([-1.9, 1.9]).to_type(int32).data<int>().ToArray());
    }

    [Fact]
    public void ScalarsKeepTheirKind()
    {
        Assert.Equal(int64, (ones([1], int64) * 2).dtype);
        Assert.Equal(float32, (ones([1], int64) * 2.0).dtype);
        Assert.Equal(float64, (ones([1], float64) * 2f).dtype);
        Assert.Equal(long.MaxValue, ((Scalar)long.MaxValue).ToInt64());
        Assert.Equal(0.1, 0.1.ToScalar().ToDouble());
        Assert.Equal(1f, true.ToScalar().ToSingle());
        Assert.Equal(-2, (-2.7).ToScalar().ToInt32());
        Assert.False(0L.ToScalar().ToBoolean());
    }
}
