using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Legato.Tests.Contract;

/// <summary>Tensors as TorchSharp has them in its releases 0.99 and 0.106. Every member of the binding that both have is used once.</summary>
public static class TensorContract
{
    private static readonly long[] Square = [2, 2];

    public static void Creation()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = zeros(new long[] { 2, 2 }, dtype: ScalarType.Float32), b = ones(2, 3), c = empty(2);
        Tensor d = full(new long[] { 2 }, 3.5), e = full_like(a, 2), f = zeros_like(a), g = ones_like(a), h = empty_like(a);
        Tensor i = arange(5), j = arange(1, 5), k = arange(0, 1, 0.5), l = linspace(0, 1, 3), m = eye(2);
        Tensor n = tensor(new float[] { 1, 2 }), o = tensor(new double[] { 1 }), p = tensor(new long[] { 1 }), q = tensor(new int[] { 1 }), r = tensor(new bool[] { true });
        Tensor s = tensor(1.5f), t = tensor(1.5), u = tensor(1L), v = tensor(1), w = tensor(true), x = from_array(new float[,] { { 1, 2 } });
        Tensor y = tensor(new float[] { 1, 2, 3, 4 }, Square), z = tensor(new float[] { 1 }, dtype: float64, requires_grad: true);
        _ = (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z);
    }

    public static void RandomNumbers()
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(5UL, CPU);
        manual_seed(3);
        torch.random.manual_seed(3);
        generator.manual_seed(7);
        Tensor state = get_rng_state(), same = torch.random.get_rng_state(), own = generator.get_state();
        set_rng_state(state);
        torch.random.set_rng_state(same);
        generator.set_state(own);
        _ = generator.initial_seed() + Generator.Default.initial_seed();
        Tensor a = rand(new long[] { 2 }, generator: generator), b = randn(2, 2), c = randint(0, 9, new long[] { 3 }), d = randint(9, new long[] { 3 }), e = randperm(4);
        Tensor f = rand_like(a), g = randn_like(a), h = bernoulli(a), i = multinomial(a, 1, true);
        a.normal_(0, 1).uniform_(0, 1).bernoulli_(0.5);
        _ = (b, c, d, e, f, g, h, i);
    }

    public static void Properties()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = ones(2, 3);
        long[] sizes = a.shape, strides = a.stride();
        long numbers = a.ndim + a.Dimensions + a.NumberOfElements + a.ElementSize + a.size(0) + a.numel() + a.dim() + Tensor.TotalCount + Tensor.PeakCount;
        bool flags = a.is_contiguous() && a.is_leaf && a.is_floating_point() && !a.requires_grad && !a.IsInvalid && a.dtype == float32 && a.device_type == DeviceType.CPU && a.Handle != 0;
        Device here = a.device, cpu = device("cpu"), same = new("cpu");
        string text = $"{here.type} {here.index} {cpu} {same} {a} {__version__}";
        _ = (sizes, strides, numbers, flags, text, uint8, int8, int16, int32, int64, float64, @bool);
    }

    public static void Data()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = ones(4);
        TensorAccessor<float> data = a.data<float>();
        float[] array = data.ToArray();
        data.CopyTo(array, 0, 0);
        data.CopyFrom(array, 0, 0);
        data[1] = data[0] + data.Count;
        foreach (float value in data)
            array[0] += value;
        Span<byte> bytes = a.bytes;
        a.bytes = bytes;
        Scalar one = 1.5;
        _ = (a[0].item<float>(), one.ToDouble(), one.ToSingle(), one.ToInt64(), one.ToInt32(), 1.ToScalar(), 1L.ToScalar(), 1f.ToScalar(), 1.0.ToScalar());
        _ = (true.ToScalar().ToBoolean(), a[0].ToSingle(), a[0].to(float64).ToDouble(), a[0].to(int64).ToInt64(), a[0].to(int32).ToInt32(), a[0].to(ScalarType.Bool).ToBoolean());
        _ = (a.to(CPU), a.cpu(), a.to_type(float64), a.clone(), a.alias(), a.contiguous(), a.detach());
        a.copy_(a.clone()).fill_(2).zero_();
    }

    public static void Indexing()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = arange(0, 24).reshape(2, 3, 4), indices = tensor(new long[] { 1, 0 });
        _ = (a[0], a[0, 1, 2], a[.., 1], a[TensorIndex.Slice(0, 2, 1), TensorIndex.Single(1)], a[TensorIndex.Ellipsis, 1..3], a[TensorIndex.Colon, 0], a[TensorIndex.Null], a[TensorIndex.None]);
        _ = a[TensorIndex.Tensor(indices), TensorIndex.Slice(1)];
        a[0, 1] = ones(new long[] { 4 }, dtype: int64);
        _ = (a.narrow(0, 0, 1), a.select(0, 1), a.slice(0, 0, 2, 1), a.index_select(0, indices), a.gather(0, zeros_like(a)), a.scatter(0, zeros_like(a), a), a.chunk(2, 1));
        _ = (a.masked_fill(a.gt(3), 0), a.masked_select(a.gt(3)), where(a.gt(3), a, a), cat(new Tensor[] { a, a }, 0), stack(new Tensor[] { a, a }, 0), gather(a, 0, zeros_like(a)), index_select(a, 0, indices));
    }

    public static void Shapes()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = ones(2, 3);
        _ = (a.view(3, 2), a.reshape(6), a.expand(4, 2, 3), a.expand_as(a), a.view_as(a), a.repeat(2, 1), a.permute(1, 0), a.flip(0), a.transpose(0, 1), a.t(), a.flatten(), a.unsqueeze(0));
        _ = (a.unsqueeze(0).squeeze(0), a.tril(), a.triu());
    }

    public static void Scopes()
    {
        using DisposeScope outer = NewDisposeScope();
        using DisposeScope scope = NewDisposeScope();
        Tensor a = zeros(1), b = zeros(1), c = zeros(1), d = zeros(1), e = WrappedTensorDisposeScope(() => zeros(1) + 1);
        scope.MoveToOuter(a);
        scope.MoveToOuter(a, b);
        scope.Detach(c);
        c.Dispose();
        scope.Detach(d, e);
        d.Dispose();
        zeros(1).MoveToOuterDisposeScope();
        zeros(1).DetachFromDisposeScope().Dispose();
        bool held = scope.Contains(e) && scope.DisposablesCount > 1;
        scope.DisposeEverythingBut(e);
        scope.DisposeEverything();
        e.Dispose();
        _ = held;
    }

    public static void Gradients()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(new long[] { 2 }, requires_grad: true);
        x.requires_grad = true;
        x.requires_grad_(true);
        x.square().sum().backward();
        using (no_grad())
        using (enable_grad(true))
        using (set_grad_enabled(true))
            _ = is_grad_enabled();
        set_num_threads(get_num_threads());
    }

    /// <summary>Not called: it is for the start of a program.</summary>
    public static Action InteropThreads() => () => set_num_interop_threads(1);
}
