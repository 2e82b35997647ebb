using TorchSharp;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>Picking and assigning by index; the oracle counts through the elements. Element [i, j, k] of the cube is 100 i + 10 j + k.</summary>
public sealed class IndexingTests : LibTorchTest
{
    private readonly Tensor _cube;

    public IndexingTests()
    {
        _cube = arange(0, 4).reshape(4, 1, 1) * 100 + arange(0, 3).reshape(1, 3, 1) * 10 + arange(0, 5);
        Assert.Equal([4, 3, 5], _cube.shape);
    }

    [Fact]
    public void NumbersTakeADimensionAway()
    {
        Picks([], [312], _cube[3, 1, 2]);
        Picks([], [312], _cube[-1, -2, -3]);
        Picks([5], [120, 121, 122, 123, 124], _cube[1, 2]);
        Picks([5], [120, 121, 122, 123, 124], _cube[1, ^1]);
    }

    [Fact]
    public void RangesKeepTheirDimension()
    {
        Picks([2, 1], [113, 213], _cube[1..3, 1, 3..4]);
        Picks([3], [2, 12, 22], _cube[0, .., 2]);
        Picks([2], [303, 304], _cube[3, 0, ^2..]);
        Picks([2], [300, 301], _cube[3, 0, ..^3]);
        Picks([0], [], _cube[3, 0, ^0..]);
        Picks([3], [300, 302, 304], _cube[3, 0, TensorIndex.Slice(step: 2)]);
        Picks([2], [1, 3], _cube[0, 0, TensorIndex.Slice(-4, -1, 2)]);
        Picks([5], [0, 1, 2, 3, 4], _cube[0, 0, TensorIndex.Slice(-99, 99)]);
        Picks([3], [4, 14, 24], _cube[0, TensorIndex.Colon, 4]);
        Assert.Throws<TorchException>(() => _cube[0, 0, TensorIndex.Slice(step: -1)]);
    }

    [Fact]
    public void TheEllipsisStandsForWhatTheOthersLeave()
    {
        Picks([4, 3], [4, 14, 24, 104, 114, 124, 204, 214, 224, 304, 314, 324], _cube[TensorIndex.Ellipsis, 4]);
        Picks([3], [203, 213, 223], _cube[2, TensorIndex.Ellipsis, 3]);
        Picks([2, 3], [200, 210, 220, 300, 310, 320], _cube[2.., TensorIndex.Ellipsis, 0]);
        Picks([], [123], _cube[1, 2, TensorIndex.Ellipsis, 3]);
    }

    [Fact]
    public void NothingIsANewDimension()
    {
        Picks([1, 5], [110, 111, 112, 113, 114], _cube[1, 1, TensorIndex.Null]);
        Picks([1, 3, 1], [104, 114, 124], _cube[TensorIndex.None, 1, .., TensorIndex.None, 4]);
        Picks([4, 1], [24, 124, 224, 324], _cube[.., 2, 4, TensorIndex.Null]);
        Picks([1, 1], [312], _cube[TensorIndex.Null, 3, TensorIndex.Ellipsis, 1, 2, TensorIndex.Null]);
    }

    [Fact]
    public void TensorsPickTheirIndicesTogether()
    {
        Tensor rows = tensor([3L, 0L, 3L]), columns = tensor([2L, 1L, -1L]);

        Picks([3], [321, 11, 321], _cube[rows, columns, 1]);
        Picks([3, 2], [321, 322, 11, 12, 321, 322], _cube[rows, columns, 1..3]);
        Picks([3, 3], [304, 314, 324, 4, 14, 24, 304, 314, 324], _cube[rows, .., 4]);
        Picks([3], [123, 113, 123], _cube[1, columns, 3]);
        Picks([2, 3], [121, 111, 121, 221, 211, 221], _cube[1..3, columns, 1]);
        Picks([3], [222, 221, 224], _cube[2, TensorIndex.Ellipsis, 2, tensor([2L, 1L, 4L])]);
        Picks([1, 3], [222, 221, 224], _cube[2, TensorIndex.Null, 2, tensor([2L, 1L, 4L])]);
        Picks([2, 2], [301, 1, 1, 301], _cube[tensor([3L, 0L, 0L, 3L]).reshape(2, 2), 0, 1]);
        Picks([5], [110, 111, 112, 113, 114], _cube[tensor(1L), tensor(1L)]);
        Assert.Throws<TorchIndexException>(() => _cube[tensor([4L])]);
    }

    [Fact]
    public void MasksStandForAsManyDimensionsAsTheyHave()
    {
        Tensor odd = _cube[.., .., 0].eq(tensor([-1L, 10L, -1L]) + (arange(0, 4).reshape(4, 1) * 100));
        Picks([4, 5], [10, 11, 12, 13, 14, 110, 111, 112, 113, 114, 210, 211, 212, 213, 214, 310, 311, 312, 313, 314], _cube[odd]);
        Picks([4, 2], [13, 14, 113, 114, 213, 214, 313, 314], _cube[odd, 3..]);
        Picks([4], [11, 111, 211, 311], _cube[odd, 1]);
        Picks([4], [11, 111, 211, 311], _cube[odd, TensorIndex.Ellipsis, 1]);
        Picks([4], [14, 114, 214, 314], _cube[odd, tensor([4L])]);
        Picks([2, 3], [1, 11, 21, 201, 211, 221], _cube[tensor([true, false, true, false]), .., 1]);
        Picks([2], [323, 324], _cube[_cube.gt(322)]);
    }

    [Fact]
    public void WhatIsPickedWithoutTensorsIsAView()
    {
        Tensor view = _cube[1.., 2, 3];
        view.fill_(-7);

        Assert.Equal([-7, -7, -7], _cube[1.., 2, 3].data<long>().ToArray());
        Assert.Equal(23, _cube[0, 2, 3].item<long>());
        _cube[tensor([0L])].fill_(5);
        Assert.Equal(0, _cube[0, 0, 0].item<long>());
    }

    [Fact]
    public void AssignmentChangesWhatIsPickedAndNothingElse()
    {
        double[] before = Values(_cube);
        _cube[0, 0, 0] = tensor(-1L);
        _cube[1, .., ^1] = tensor([-2L, -3L, -4L]);
        _cube[2.., 1, 1..3] = tensor(-5L);
        _cube[tensor([3L, 0L]), tensor([2L, 0L]), 3] = tensor([-6L, -7L]);
        _cube[_cube.eq(222)] = tensor(-8L);
        _cube[TensorIndex.Ellipsis, tensor([0L]), 4] = tensor(-9L);

        double[] expected = [.. before.Select(v => v switch
        {
            0 => -1,
            114 => -3,
            124 => -4,
            211 or 212 or 311 or 312 => -5,
            323 => -6,
            3 => -7,
            222 => -8,
            4 or 104 or 204 or 304 => -9,
            _ => v,
        })];
        Assert.Equal(expected, Values(_cube));
        Assert.Throws<TorchException>(() => _cube[0, 0] = ones([4], int64));
    }

    [Fact]
    public void GradientsGoThroughIndices()
    {
        Tensor x = ones([3, 3], float64, requires_grad: true);

        (x[1, ..].sum() + (x[tensor([0L, 0L]), 2] * 3).sum()).backward();

        Assert.Equal([0, 0, 6, 1, 1, 1, 0, 0, 0], Values(x.grad!));
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        long before = Settled();

        using (Tensor picked = _cube[1.., TensorIndex.Null, 0, ..^1])
            Assert.Equal(before + 1, LiveTensors.Count);

        Assert.Equal(before, LiveTensors.Count);
    }

    private static void Picks(long[] shape, double[] elements, Tensor picked)
    {
        Assert.Equal(shape, picked.shape);
        Assert.Equal(elements, Values(picked));
    }
}
