using TorchSharp;
using static TorchSharp.torch;

namespace Legato.Tests.Contract;

/// <summary>Arithmetic and reductions as TorchSharp has them.</summary>
public static class TensorMathContract
{
    public static void Operators()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = ones(2, 2), b = ones(2, 2);
        _ = (a + b, a - b, a * b, a / b, a + 1, a - 1, a * 2, a / 2, 1 + a, 1 - a, 2 * a, 2 / a, -a, a < b, a <= b, a > b, a >= b, a < 1, a <= 1, a > 1, a >= 1);
        _ = (a.add(b), a.add(1), a.add(b, 2), a.sub(b), a.sub(1), a.mul(b), a.mul(2), a.div(b), a.div(2), a.pow(b), a.pow(2), a.neg(), a.reciprocal());
        _ = (a.eq(b), a.eq(1), a.ne(b), a.ne(1), a.lt(b), a.lt(1), a.le(b), a.le(1), a.gt(b), a.gt(1), a.ge(b), a.ge(1), a.maximum(b), a.minimum(b));
        _ = (a.gt(0).logical_and(b.gt(0)), a.gt(0).logical_or(b.gt(0)), a.gt(0).logical_not());
        _ = (a.matmul(b), a.mm(b), a.unsqueeze(0).bmm(b.unsqueeze(0)), a.mv(b[0]), b[0].addmv(a, b[0], 1, 1), a.addmm(a, b, 1, 1));
    }

    public static void InPlace()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = ones(2, 2), b = ones(2, 2);
        a.add_(b).add_(b, 2).add_(1).sub_(b).mul_(b).mul_(2).div_(b).div_(2);
        a.addcmul_(b, b, 1).addcdiv_(b, b, 1).lerp_(b, 0.5).sqrt_().exp_().clamp_(0, 1);
    }

    public static void Functions()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = full(new long[] { 2, 2 }, 0.5, dtype: float32);
        _ = (a.abs(), a.exp(), a.expm1(), a.log(), a.log1p(), a.sqrt(), a.rsqrt(), a.square(), a.sin(), a.cos(), a.tanh(), a.atanh(), a.erf(), a.erfinv(), a.sigmoid(), a.floor());
        _ = (a.ceil(), a.round(), a.sign(), a.isnan(), a.isfinite(), a.relu(), a.silu(), a.gelu(), a.clamp(0, 1), a.softmax(0), a.log_softmax(0), a.cumsum(0), a.logsumexp(0));
        _ = (torch.abs(a), torch.exp(a), torch.log(a), torch.log1p(a), torch.sqrt(a), torch.square(a), torch.sin(a), torch.cos(a), torch.tanh(a), torch.atanh(a), torch.erf(a), torch.erfinv(a));
        _ = (torch.sigmoid(a), torch.floor(a), torch.ceil(a), torch.round(a), torch.sign(a), torch.isnan(a), torch.isfinite(a), torch.neg(a));
        _ = (torch.maximum(a, a), torch.minimum(a, a), torch.matmul(a, a), torch.mm(a, a), torch.bmm(a.unsqueeze(0), a.unsqueeze(0)), torch.mv(a, a[0]), torch.addmv(a[0], a, a[0]));
        _ = (torch.add(a, a), torch.add(a, 1), torch.sub(a, a), torch.sub(a, 1), torch.mul(a, a), torch.mul(a, 1), torch.div(a, a), torch.div(a, 1), torch.pow(a, a), torch.pow(a, 2));
        _ = (torch.eq(a, a), torch.eq(a, 1), torch.lt(a, a), torch.lt(a, 1), torch.gt(a, a), torch.gt(a, 1), torch.clamp(a, 0, 1), torch.logsumexp(a, 0L));
    }

    public static void Reductions()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = ones(2, 3);
        long[] both = [0, 1];
        _ = (a.sum(), a.sum(1), a.sum(both, true), a.mean(), a.mean(both, true), a.std(), a.std(1), a.var(), a.var(1), a.max(), a.min(), a.norm(), a.argmax(), a.argmax(1), a.argmin(), a.argmin(1));
        (Tensor most, Tensor where) = a.max(1);
        (Tensor least, Tensor there) = a.min(1);
        (Tensor sorted, Tensor order) = a.sort(1, true);
        (Tensor largest, Tensor at) = torch.max(a, 1);
        _ = (a.gt(0).all(), a.gt(0).any(), torch.sum(a), torch.mean(a), torch.max(a), torch.min(a), most, where, least, there, sorted, order, largest, at);
    }
}
