using TorchSharp;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>Arithmetic, reductions and shapes against loops.</summary>
public sealed class TensorMathTests : LibTorchTest
{
    private readonly double[] _x = [0.3, -1.7, 2.5, -0.25, 0.75, 4], _y = [1, 2, -3, 0.5, 0.25, -2];

    private Tensor X => Of(_x, 2, 3);

    private Tensor Y => Of(_y, 2, 3);

    [Fact]
    public void OperatorsWorkElementByElement()
    {
        Both(X + Y, X.add(Y), (a, b) => a + b);
        Both(X - Y, X.sub(Y), (a, b) => a - b);
        Both(X * Y, X.mul(Y), (a, b) => a * b);
        Both(X / Y, X.div(Y), (a, b) => a / b);
        Both(X + 2, 2 + X, (a, _) => a + 2);
        Both(X - 2, -(2 - X), (a, _) => a - 2);
        Both(X * 3, 3 * X, (a, _) => a * 3);
        Both(1 / X, X.reciprocal(), (a, _) => 1 / a);
        Both(X / 4, X.div(4), (a, _) => a / 4);
        Both(X.add(Y, 10), X.clone().add_(Y, 10), (a, b) => a + (10 * b));
        Both(maximum(X, Y), X.clone().maximum_(Y), Math.Max);
        Both(minimum(X, Y), X.minimum(Y), Math.Min);
        Both(X.abs().pow(Y), torch.pow(X.abs(), Y), (a, b) => Math.Pow(Math.Abs(a), b));
        Both(X.pow(3), torch.pow(X, 3), (a, _) => a * a * a);
        Near([7 / 3.0], 7 / tensor([3L]), 1e-7);
    }

    [Fact]
    public void ComparisonsAreTruthValues()
    {
        Truth(X < Y, X.lt(Y), (a, b) => a < b);
        Truth(X <= Y, X.le(Y), (a, b) => a <= b);
        Truth(X > Y, X.gt(Y), (a, b) => a > b);
        Truth(X >= Y, X.ge(Y), (a, b) => a >= b);
        Truth(X > 0.3, X.gt(0.3), (a, _) => a > 0.3);
        Truth(X >= 0.3, X.ge(0.3), (a, _) => a >= 0.3);
        Truth(X < 0.3, torch.lt(X, 0.3), (a, _) => a < 0.3);
        Truth(X <= 0.3, X.le(0.3), (a, _) => a <= 0.3);
        Truth(X.eq(2.5), torch.eq(X, full_like(X, 2.5)), (a, _) => a == 2.5);
        Truth(X.ne(2.5), X.ne(full_like(X, 2.5)), (a, _) => a != 2.5);
        Truth(X.gt(0).logical_and(Y.gt(0)), X.le(0).logical_or(Y.le(0)).logical_not(), (a, b) => a > 0 && b > 0);
        Assert.True(X.lt(5).all().item<bool>() && X.lt(-1).any().item<bool>());
        Assert.False(X.lt(4).all().item<bool>() || X.lt(-2).any().item<bool>());
    }

    [Fact]
    public void FunctionsWorkElementByElement()
    {
        Both(X.exp(), torch.exp(X), (a, _) => Math.Exp(a));
        Both(X.expm1(), X.exp() - 1, (a, _) => Math.Exp(a) - 1);
        Both(X.abs().log(), torch.log(torch.abs(X)), (a, _) => Math.Log(Math.Abs(a)));
        Both(X.abs().log1p(), torch.log1p(X.abs()), (a, _) => Math.Log(1 + Math.Abs(a)));
        Both(X.abs().sqrt(), X.abs().sqrt_(), (a, _) => Math.Sqrt(Math.Abs(a)));
        Both(X.abs().rsqrt(), 1 / X.abs().sqrt(), (a, _) => 1 / Math.Sqrt(Math.Abs(a)));
        Both(X.square(), torch.square(X), (a, _) => a * a);
        Both(X.sin(), torch.sin(X), (a, _) => Math.Sin(a));
        Both(X.cos(), torch.cos(X), (a, _) => Math.Cos(a));
        Both((X / 5).atanh(), torch.atanh(X / 5), (a, _) => Math.Atanh(a / 5));
        Both(X.tanh(), torch.tanh(X), (a, _) => Math.Tanh(a));
        Both(X.sigmoid(), torch.sigmoid(X), (a, _) => 1 / (1 + Math.Exp(-a)));
        Both(X.floor(), torch.floor(X), (a, _) => Math.Floor(a));
        Both(X.ceil(), torch.ceil(X), (a, _) => Math.Ceiling(a));
        Both(X.round(), torch.round(X), (a, _) => Math.Round(a));
        Both(X.sign(), torch.sign(X), (a, _) => Math.Sign(a));
        Both(X.relu(), X.clamp(min: 0), (a, _) => Math.Max(0, a));
        Both(-X, torch.neg(X), (a, _) => -a);
        Both(X.clamp(-1, 2), X.clone().clamp_(-1, 2), (a, _) => Math.Clamp(a, -1, 2));
        Both(X.clamp(max: 0), torch.clamp(X, null, 0), (a, _) => Math.Min(a, 0));
        // erf(0.3) = 0.3286267594591274.
        Near([0.3286267594591274], X.erf()[0, 0].reshape(1));
        Near(_x[..2], torch.erfinv(X.erf())[0, ..2], 1e-9);
        Tensor odd = tensor([double.NaN, double.PositiveInfinity, 1]);
        Assert.Equal([1, 0, 0], Values(isnan(odd)));
        Assert.Equal([0, 0, 1], Values(isfinite(odd)));
    }

    [Fact]
    public void ChangesInPlaceReturnTheTensorItself()
    {
        Tensor t = X;

        Assert.Same(t, t.mul_(2).add_(1).sub_(Y).div_(4).mul_(Y).div_(Y));
        Near([.. _x.Zip(_y, (a, b) => ((2 * a) + 1 - b) / 4)], t);
        Near([.. _x.Zip(_y, (a, b) => a + (3 * b * b))], X.addcmul_(Y, Y, 3));
        Near([.. _x.Zip(_y, (a, b) => a + (3 * a / b))], X.addcdiv_(X, Y, 3));
        Near([.. _x.Zip(_y, (a, b) => a + (0.25 * (b - a)))], X.lerp_(Y, 0.25));
        Near([.. _x.Select(Math.Exp)], X.exp_());
        Assert.Equal([7, 7], Values(zeros(2).fill_(7)));
        Assert.Equal([0, 0], Values(ones(2).zero_()));
        Assert.Equal([1, 2, 1, 2], Values(zeros(2, 2).copy_(tensor([1L, 2]))));
    }

    [Fact]
    public void ReductionsGoOverAllOrSomeDimensions()
    {
        double mean = _x.Average();
        Near([_x.Sum()], X.sum().reshape(1));
        Near([_x.Average()], torch.mean(X).reshape(1));
        Near([_x[0] + _x[3], _x[1] + _x[4], _x[2] + _x[5]], X.sum(0));
        Near(Values(X.sum(0L)), torch.sum(X, 0));
        Near([(_x[0] + _x[3]) / 2, (_x[1] + _x[4]) / 2, (_x[2] + _x[5]) / 2], X.mean(0));
        Near([_x[..3].Average(), _x[3..].Average()], X.mean([1]));
        Assert.Equal([1, 1], X.sum([0, 1], keepdim: true).shape);
        Assert.Equal(float32, X.sum(0, false, float32).dtype);
        Near([_x.Sum(v => (v - mean) * (v - mean)) / 5], X.var().reshape(1));
        Near([Math.Sqrt(_x.Sum(v => (v - mean) * (v - mean)) / 6)], X.std(false).reshape(1));
        Near([Math.Abs(_x[0] - _x[3]) / Math.Sqrt(2), Math.Abs(_x[1] - _x[4]) / Math.Sqrt(2), Math.Abs(_x[2] - _x[5]) / Math.Sqrt(2)], X.std(0));
        Near([Math.Sqrt(_x.Sum(v => v * v)), _x.Sum(Math.Abs)], stack([X.norm(), X.norm(1)]));
        Near([_x[0], _x[0] + _x[1], _x[0] + _x[1] + _x[2]], X.cumsum(1)[0]);
        Near([Math.Log(_x[..3].Sum(Math.Exp)), Math.Log(_x[3..].Sum(Math.Exp))], torch.logsumexp(X, 1));
        Assert.Equal([_x.Max(), _x.Min()], Values(stack([X.max(), torch.min(X)])));
    }

    [Fact]
    public void ExtremesSayWhereTheyAre()
    {
        (Tensor most, Tensor at) = X.max(1);
        (Tensor least, Tensor where) = X.min(0, keepdim: true);
        (Tensor sorted, Tensor order) = X.sort(1, descending: true);

        Assert.Equal([2.5, 4], Values(most));
        Assert.Equal([2, 2], at.data<long>().ToArray());
        Assert.Equal([-0.25, -1.7, 2.5], Values(least));
        Assert.Equal([1, 0, 0], where.data<long>().ToArray());
        Assert.Equal([1, 3], least.shape);
        Assert.Equal([2.5, 0.3, -1.7, 4, 0.75, -0.25], Values(sorted));
        Assert.Equal([2, 0, 1, 2, 1, 0], order.data<long>().ToArray());
        Assert.Equal((5L, 1L), (X.argmax().item<long>(), X.argmin().item<long>()));
        Assert.Equal([1, 0, 0], X.argmin(0).data<long>().ToArray());
        Assert.Equal([2, 1], X.argmax(1, keepdim: true).shape);
    }

    [Fact]
    public void ProductsOfMatricesAreSumsOfProducts()
    {
        double[] a = Numbers(1, 6), b = Numbers(2, 12), expected = new double[8];
        for (int i = 0; i < 24; i++)
            expected[(i / 12 * 4) + (i % 4)] += a[(i / 12 * 3) + (i / 4 % 3)] * b[(i / 4 % 3 * 4) + (i % 4)];
        Tensor left = Of(a, 2, 3), right = Of(b, 3, 4);

        Near(expected, left.matmul(right));
        Near(expected, mm(left, right));
        Near(expected, bmm(left.unsqueeze(0), right.unsqueeze(0)).squeeze(0));
        Near([expected[0], expected[4]], mv(left, right[.., 0]));
        Near([(2 * 0.5) + (3 * expected[0]), (2 * -1) + (3 * expected[4])], addmv(tensor([0.5, -1]), left, right[.., 0], 2, 3));
        Near([.. expected.Select(v => 2 - v)], ones([4], float64).addmm(left, right, 2, -1));
    }

    [Fact]
    public void ShapesAreChangedWithoutCopies()
    {
        Tensor t = arange(0, 6).reshape(2, 3);

        Assert.Equal([0, 3, 1, 4, 2, 5], Values(t.t()));
        Assert.Equal([0, 3, 1, 4, 2, 5], Values(t.transpose(-1, 0)));
        Assert.Equal([3, 1, 2], t.view(1, 2, 3).permute(2, 0, 1).shape);
        Assert.Equal([2, 3], t.unsqueeze(0).unsqueeze(-1).squeeze().shape);
        Assert.Equal([6], t.flatten().shape);
        Assert.Equal([5, 4, 3, 2, 1, 0], Values(t.flip(0, 1)));
        Assert.Equal([4, 3], t.repeat(2, 1).shape);
        Assert.Equal([7, 2, 3], t.expand_as(zeros(7, 2, 3)).shape);
        Assert.Equal([3, 2], t.view_as(zeros(3, 2)).shape);
        Assert.Equal([1, 2, 4, 5], Values(t.narrow(1, 1, 2)));
        Assert.Equal([0, 2, 3, 5], Values(t.slice(1, 0, 3, 2)));
        Assert.Equal([2, 2, 1], t.reshape(-1)[..5].chunk(3).Select(c => c.shape[0]));
        Assert.Equal([0, 0, 0, 3, 4, 0], Values(t.tril()));
        Assert.Equal([0, 1, 2, 0, 0, 5], Values(t.triu(1)));
        Assert.Equal("[2x3], type = Int64, device = cpu", t.ToString());
    }

    [Fact]
    public void TensorsAreJoinedAndPicked()
    {
        Tensor t = arange(0, 6).reshape(2, 3), index = tensor([2L, 0]);

        Assert.Equal([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], Values(cat([t, t])));
        Assert.Equal([2, 6], cat([t, t], 1).shape);
        Assert.Equal([2, 2, 3], stack([t, t], 1).shape);
        Assert.Equal([2, 0, 5, 3], Values(t.index_select(1, index)));
        Assert.Equal([2, 3], Values(gather(t, 1, index.reshape(2, 1))));
        Assert.Equal([0, 1, 9, 8, 4, 5], Values(t.scatter(1, index.reshape(2, 1), tensor([9L, 8]).reshape(2, 1))));
        Assert.Equal([0, -1, -1, -1, -1, 5], Values(t.masked_fill(t.gt(0).logical_and(t.lt(5)), -1)));
        Assert.Equal([4, 5], Values(t.masked_select(t.gt(3))));
        Assert.Equal([-1, -1, 2, 3, 4, 5], Values(where(t.lt(2), full([1], -1, int64), t)));
    }

    [Fact]
    public void TensorsAreMadeAsAsked()
    {
        Assert.Equal([2, 3, 4], Values(arange(2, 5)));
        Assert.Equal([0, 1, 2], Values(arange(3)));
        Assert.Equal((int64, float32), (arange(3).dtype, arange(3.0).dtype));
        Near([0, 0.5, 1], arange(0, 1.5, 0.5, float64));
        Near([1, 1.5, 2], linspace(1, 2, 3, float64));
        Assert.Equal([1, 0, 0, 1, 0, 0], Values(eye(3, 2)));
        Assert.Equal([2, 2], eye(2).shape);
        Assert.Equal((float64, int64), (zeros_like(X).dtype, ones_like(X, int64).dtype));
        Assert.Equal([2, 3], empty_like(X).shape);
        Assert.Equal(float32, zeros(2, 3).dtype);
        Assert.True(ones([2], requires_grad: true).requires_grad);
        Assert.StartsWith("1.13.", __version__, StringComparison.Ordinal);
        Assert.Equal(1, get_num_threads());
        Assert.Throws<ArgumentOutOfRangeException>(() => set_num_threads(0));
    }

    private void Both(Tensor one, Tensor other, Func<double, double, double> expected)
    {
        double[] values = [.. _x.Zip(_y, expected)];
        Near(values, one);
        Near(values, other);
    }

    private void Truth(Tensor one, Tensor other, Func<double, double, bool> expected)
    {
        bool[] values = [.. _x.Zip(_y, expected)];
        Assert.Equal(values, one.data<bool>().ToArray());
        Assert.Equal(values, other.data<bool>().ToArray());
    }
}
