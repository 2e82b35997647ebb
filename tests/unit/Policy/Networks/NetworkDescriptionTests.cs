using FsCheck;
using FsCheck.Fluent;
using Legato.Policy.Bundles;
using Legato.Policy.Networks;
using Legato.Policy.Networks.Vectors;

namespace Legato.Tests.Policy.Networks;

/// <summary>Descriptions in JSON, and the tensors that they ask for; whatever does not fit is named in one line.</summary>
public class NetworkDescriptionTests
{
    private static readonly NetworkDescription Policy = new()
    {
        Inputs = 400,
        Normalization = new(5),
        Layers = [new LinearLayer(256), new LayerNormLayer(), new ActivationLayer(ActivationFunction.Gelu), new LinearLayer(45, Bias: false)],
    };

    [Fact]
    public void TheTensorsAreNamedAsTheStateOfASequential()
    {
        Assert.Equal(
            ["actor.normalization.mean [400]", "actor.normalization.std [400]", "actor.0.weight [256,400]", "actor.0.bias [256]", "actor.1.weight [256]", "actor.1.bias [256]", "actor.3.weight [45,256]"],
            Policy.Tensors("actor.").Select(t => $"{t.Name} [{string.Join(",", t.Shape)}]"));
        Assert.Equal(45, Policy.Outputs);
    }

    [Fact]
    public void JsonSaysWhatTheLayersAre()
    {
        NetworkDescription read = NetworkDescription.Parse(
            """
            {"inputs": 400, "normalization": {"clip": 5}, "layers": [
              {"type": "linear", "outputs": 256}, {"type": "layer_norm"}, {"type": "gelu"}, {"type": "linear", "outputs": 45, "bias": false}]}
            """,
            "policy.json");
        AssertSame(Policy, read);
    }

    [Fact]
    public void EveryDescriptionComesBack() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            NetworkDescription description = NetworkSamples.Network(new Random(seed), 1, 17, 400);
            AssertSame(description, NetworkDescription.Parse(description.ToJson(), "policy.json"));
        }).Holds();

    [Theory]
    [InlineData("""{"inputs": 4, "layers": [{"type": "conv1d", "outputs": 3}]}""", "unknown layer 'conv1d'; there are linear, layer_norm, identity, relu, tanh, gelu, gelu_tanh, silu, mish")]
    [InlineData("""{"inputs": 4, "layers": [{"type": "linear"}]}""", "a linear layer needs outputs")]
    [InlineData("""{"inputs": 4, "layers": [{"type": "linear", "outputs": "3"}]}""", """layer {"type": "linear", "outputs": "3"}""")]
    [InlineData("""{"inputs": 4, "layers": [{"type": "linear", "outputs": 1e3, "bias": 1}]}""", "layer {")]
    [InlineData("""{"inputs": 4, "layers": [{"type": "linear", "output": 3}]}""", "a layer of type 'linear' has no 'output'")]
    [InlineData("""{"inputs": 4, "layers": [{"type": "gelu", "approximate": "tanh"}]}""", "a layer of type 'gelu' has no 'approximate'")]
    [InlineData("""{"inputs": 4, "layers": [{"outputs": 3}]}""", "an object with a type")]
    [InlineData("""{"inputs": 4, "layers": ["gelu"]}""", "an object with a type")]
    [InlineData("""{"inputs": 4, "layers": [null]}""", "layer 0 is null")]
    [InlineData("""{"inputs": 4, "layers": []}""", "without layers")]
    [InlineData("""{"inputs": 4}""", "layers")]
    [InlineData("""{"inputs": 0, "layers": [{"type": "gelu"}]}""", "0 inputs")]
    [InlineData("""{"inputs": 4, "layers": [{"type": "gelu"}, {"type": "linear", "outputs": 2000000000}]}""", "layer 1 has 2000000000 outputs; there must be 1..1048576")]
    [InlineData("""{"inputs": 4, "layers": [{"type": "linear", "outputs": -1}]}""", "layer 0 has -1 outputs")]
    [InlineData("""{"inputs": 4, "layers": [{"type": "layer_norm", "epsilon": 0}]}""", "layer 0 has epsilon 0")]
    [InlineData("""{"inputs": 4, "normalization": {"clip": -1}, "layers": [{"type": "gelu"}]}""", "clips at -1")]
    [InlineData("""{"inputs": 4, "normalisation": {"clip": 1}, "layers": [{"type": "gelu"}]}""", "normalisation")]
    [InlineData("null", "null")]
    [InlineData("{", "not the description of a network")]
    public void WhatIsWrongIsNamed(string json, string expected) =>
        AssertRefused(expected, "policy.json: ", () => NetworkDescription.Parse(json, "policy.json"));

    [Fact]
    public void TensorsThatDoNotFitAreNamed()
    {
        AssertWeightsRefused("no tensor 'net.0.bias' [256]; there are ", tensors => tensors.Remove("net.0.bias"));
        AssertWeightsRefused("tensor 'net.0.weight': expected [256,400], found [256,399]", tensors => tensors["net.0.weight"] = Zeros(256, 399));
        AssertWeightsRefused("tensor 'net.1.bias': expected [256], found [1,256]", tensors => tensors["net.1.bias"] = Zeros(1, 256));
        AssertWeightsRefused("tensor 'net.3.weight': expected [45,256], found []", tensors => tensors["net.3.weight"] = new SafeTensor<float>([], [0]));
        AssertWeightsRefused("tensor 'net.3.bias' belongs to no layer of the description", tensors => tensors["net.3.bias"] = Zeros(45));
        AssertWeightsRefused("tensor 'net.0.weight' has NaN at 801", tensors => ((SafeTensor<float>)tensors["net.0.weight"]).Values[801] = float.NaN);
        AssertWeightsRefused("tensor 'net.1.bias' has -Infinity at 255", tensors => ((SafeTensor<float>)tensors["net.1.bias"]).Values[255] = float.NegativeInfinity);
        AssertWeightsRefused("tensor 'net.1.bias' has Infinity at 2", tensors => tensors["net.1.bias"] = new SafeTensor<double>([256], [0, 0, 1e300, .. new double[253]]));
        AssertWeightsRefused("tensor 'net.normalization.std' has 0 at 399; a standard deviation is above 0", tensors => ((SafeTensor<float>)tensors["net.normalization.std"]).Values[399] = 0);
        AssertWeightsRefused("tensor 'net.normalization.std' has -1 at 0", tensors => ((SafeTensor<float>)tensors["net.normalization.std"]).Values[0] = -1);
        AssertWeightsRefused("no tensor 'net.normalization.mean' [400]; there are none", tensors => tensors.Clear());
    }

    [Fact]
    public void TensorsOfOtherNetworksAreLeftAlone()
    {
        Dictionary<string, SafeTensor> tensors = NetworkSamples.Tensors(Policy, new Random(1));
        tensors["critic.9.weight"] = Zeros(1);
        tensors["log_std"] = Zeros(45);
        Assert.Equal((400L * 256) + (256 * 45), NetworkWeights.Load(Policy, tensors, "weights").MultiplyAdds);
    }

    [Fact]
    public void WeightsComeThroughAFile()
    {
        Dictionary<string, SafeTensor> tensors = NetworkSamples.Tensors(Policy, new Random(1), "net.");
        NetworkWeights direct = NetworkWeights.Load(Policy, tensors, "weights", "net."), read = NetworkWeights.Load(Policy, Safetensors.Read(Safetensors.Write(tensors), "weights"), "weights", "net.");
        Assert.Equal(direct.Values.ToArray(), read.Values.ToArray());
    }

    [Fact]
    public unsafe void EveryRowIsAligned()
    {
        NetworkWeights weights = NetworkWeights.Load(new NetworkDescription { Inputs = 5, Layers = [new LinearLayer(3)] }, new Dictionary<string, SafeTensor>
        {
            ["0.weight"] = new SafeTensor<float>([3, 5], [.. Enumerable.Range(1, 15).Select(i => (float)i)]),
            ["0.bias"] = new SafeTensor<float>([3], [16, 17, 18]),
        }, "weights");
        fixed (float* start = weights.Values)
            Assert.Equal(0, (nint)start % 64);
        Assert.Equal([1, 2, 3, 4, 5, 0], weights.Values[..6].ToArray());
        Assert.Equal([6, 7, 8, 9, 10, 0], weights.Values.Slice(AlignedFloats.Step, 6).ToArray());
        Assert.Equal(0, weights.Values.Length % AlignedFloats.Step);
    }

    private static SafeTensor<float> Zeros(params int[] shape) => new(shape, new float[NetworkSamples.Volume(shape)]);

    private static void AssertWeightsRefused(string expected, Action<Dictionary<string, SafeTensor>> damage)
    {
        Dictionary<string, SafeTensor> tensors = NetworkSamples.Tensors(Policy, new Random(1), "net.");
        damage(tensors);
        AssertRefused(expected, "weights.safetensors: ", () => NetworkWeights.Load(Policy, tensors, "weights.safetensors", "net."));
    }

    private static void AssertRefused(string expected, string start, Action action)
    {
        InputException e = Assert.Throws<InputException>(action);
        Assert.StartsWith(start, e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    private static void AssertSame(NetworkDescription expected, NetworkDescription actual)
    {
        Assert.Equal(expected.Layers, actual.Layers);
        Assert.Equal((expected.Inputs, expected.Normalization, expected.Outputs), (actual.Inputs, actual.Normalization, actual.Outputs));
    }
}
