using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>Tensors are counted by process: everything that uses libtorch is of this collection and runs one after another. What a test creates goes with it.</summary>
[Collection("libtorch")]
public abstract class LibTorchTest : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    protected LibTorchTest()
    {
        set_num_threads(1);
        manual_seed(1);
    }

    public virtual void Dispose()
    {
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>How many tensors live, when those that earlier tests forgot are gone.</summary>
    internal static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return LiveTensors.Count;
    }

    /// <summary>Numbers in [−1, 1) that do not come from libtorch.</summary>
    protected static double[] Numbers(int seed, long count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (int)count).Select(_ => (2 * random.NextDouble()) - 1)];
    }

    protected static Tensor Some(int seed, params long[] shape) => Of(Numbers(seed, shape.Aggregate(1L, (a, b) => a * b)), shape);

    protected static Tensor Of(double[] values, params long[] shape) => tensor(values).reshape(shape);

    /// <summary>All elements as doubles, in order.</summary>
    protected static double[] Values(Tensor tensor)
    {
        using Tensor plain = tensor.detach(), wide = plain.to(float64);
        return wide.data<double>().ToArray();
    }

    protected static void Near(double[] expected, Tensor actual, double tolerance = 1e-12) => Near(expected, Values(actual), tolerance);

    protected static void Near(double[] expected, double[] actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"[{i}]: expected {expected[i]:R}, found {actual[i]:R}");
    }

    /// <summary>Gives all parameters of a module numbers of doubles that a test knows.</summary>
    protected static T Filled<T>(T module, int seed)
        where T : nn.Module
    {
        module.to(float64);
        using IDisposable frozen = no_grad();
        foreach (Parameter parameter in module.parameters())
            parameter.copy_(Some(seed++, parameter.shape));
        return module;
    }

    /// <summary>Holds gradients of a loss against central differences.</summary>
    protected static void GradientsAgree(Func<Tensor> loss, params Tensor[] variables)
    {
        loss().backward();
        foreach (Tensor variable in variables)
        {
            using Tensor? gradient = variable.grad;
            Assert.NotNull(gradient);
            double[] expected = new double[variable.NumberOfElements];
            for (int i = 0; i < expected.Length; i++)
                expected[i] = (At(variable, i, 1e-6) - At(variable, i, -1e-6)) / 2e-6;
            Near(expected, gradient, 1e-7);
        }

        double At(Tensor variable, int index, double by)
        {
            using IDisposable frozen = no_grad();
            using DisposeScope scope = NewDisposeScope();
            double before = variable.data<double>()[index];
            variable.data<double>()[index] = before + by;
            double value = loss().ToDouble();
            variable.data<double>()[index] = before;
            return value;
        }
    }

    /// <summary>Runs on a thread of its own; what it throws is thrown here.</summary>
    protected static void Elsewhere(Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(action));
        thread.Start();
        thread.Join();
        if (thrown is not null)
            throw thrown;
    }
}
